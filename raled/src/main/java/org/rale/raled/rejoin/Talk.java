package org.rale.raled.rejoin;

import java.io.ByteArrayOutputStream;
import java.io.Closeable;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.net.UnknownHostException;
import java.util.OptionalInt;
import org.rale.bytes.MalformedException;
import org.rale.command.ReplyParser;
import org.rale.command.RequestWriter;
import org.rale.request.Request;
import org.rale.request.Response;

/** A connection to one server: requests and replies as lines of JSON, one at a time. */
final class Talk implements Closeable {
  private static final int CONNECT_MS = 2_000;

  /** By so much longer than the server may take do we wait for its answer. */
  private static final int MARGIN_MS = 2_000;

  /** Members and statuses are short; whatever is longer is none of ours (S-17). */
  private static final int MAX_REPLY_BYTES = 1 << 20;

  private final Socket socket;
  private final ReplyParser parser = new ReplyParser();

  private Talk(Socket socket) {
    this.socket = socket;
  }

  static Talk open(Server server) throws IOException {
    InetSocketAddress address = new InetSocketAddress(server.host(), server.port());
    if (address.isUnresolved()) {
      throw new UnknownHostException("unknown host name");
    }
    Socket socket = new Socket();
    try {
      socket.connect(address, CONNECT_MS);
      return new Talk(socket);
    } catch (IOException e) {
      socket.close();
      throw e;
    }
  }

  /**
   * Asks and waits for the answer.
   *
   * @param timeoutMs how long the server may take
   */
  Response ask(Request request, int timeoutMs) throws IOException {
    ByteArrayOutputStream line = new ByteArrayOutputStream();
    line.write(RequestWriter.toJson(request, OptionalInt.of(timeoutMs)));
    line.write('\n');
    socket.getOutputStream().write(line.toByteArray());
    try {
      return parser.parse(request, reply(timeoutMs + MARGIN_MS));
    } catch (MalformedException e) {
      throw new IOException("it answers otherwise than raled does: " + e.getMessage(), e);
    } catch (SocketTimeoutException e) {
      throw new IOException("it did not answer in time", e);
    }
  }

  private byte[] reply(int patienceMs) throws IOException {
    long end = System.nanoTime() + patienceMs * 1_000_000L;
    ByteArrayOutputStream line = new ByteArrayOutputStream();
    byte[] piece = new byte[8 << 10];
    while (line.size() < MAX_REPLY_BYTES) {
      long leftMs = (end - System.nanoTime()) / 1_000_000;
      if (leftMs <= 0) {
        throw new SocketTimeoutException();
      }
      socket.setSoTimeout((int) leftMs);
      int count = socket.getInputStream().read(piece);
      if (count < 0) {
        throw new IOException("it closed the connection without an answer");
      }
      // It speaks when it is asked: nothing follows the line.
      boolean ended = count > 0 && piece[count - 1] == '\n';
      line.write(piece, 0, ended ? count - 1 : count);
      if (ended) {
        return line.toByteArray();
      }
    }
    throw new IOException("its answer is longer than " + MAX_REPLY_BYTES + " bytes");
  }

  @Override
  public void close() throws IOException {
    socket.close();
  }
}
