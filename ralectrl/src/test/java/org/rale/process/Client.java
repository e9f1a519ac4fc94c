package org.rale.process;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.Channels;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;

/** One connection to a node: lines out, lines in, no more than nc would do. */
final class Client implements AutoCloseable {
  private final AutoCloseable connection;
  private final InputStream in;
  private final OutputStream out;

  private Client(AutoCloseable connection, InputStream in, OutputStream out) {
    this.connection = connection;
    this.in = new BufferedInputStream(in);
    this.out = out;
  }

  /** To a dstore port of this machine. */
  static Client tcp(int port) throws IOException {
    return tcp(Host.LOOPBACK.ip(), port, Until.PATIENCE);
  }

  /**
   * @param patience how long to wait for the connection, and for each reply
   */
  static Client tcp(String ip, int port, Duration patience) throws IOException {
    int millis = (int) patience.toMillis();
    Socket socket = new Socket();
    try {
      socket.connect(new InetSocketAddress(ip, port), millis);
      socket.setTcpNoDelay(true);
      socket.setSoTimeout(millis);
      return new Client(socket, socket.getInputStream(), socket.getOutputStream());
    } catch (IOException e) {
      socket.close();
      throw e;
    }
  }

  /** To a control socket. */
  static Client unix(Path path) throws IOException {
    SocketChannel channel = SocketChannel.open(UnixDomainSocketAddress.of(path));
    return new Client(channel, Channels.newInputStream(channel), Channels.newOutputStream(channel));
  }

  void send(String line) throws IOException {
    sendRaw((line + "\n").getBytes(StandardCharsets.UTF_8));
  }

  void sendRaw(byte[] bytes) throws IOException {
    out.write(bytes);
    out.flush();
  }

  /** The next reply; {@link EOFException} where the node closed the connection. */
  String reply() throws IOException {
    ByteArrayOutputStream line = new ByteArrayOutputStream();
    for (int b = in.read(); b != '\n'; b = in.read()) {
      if (b < 0) {
        throw new EOFException("closed after: " + line.toString(StandardCharsets.UTF_8));
      }
      line.write(b);
    }
    return line.toString(StandardCharsets.UTF_8);
  }

  String ask(String line) throws IOException {
    send(line);
    return reply();
  }

  /** Whether nothing more comes, since the node closed the connection. */
  boolean isAtEnd() throws IOException {
    return in.read() < 0;
  }

  @Override
  public void close() throws IOException {
    try {
      connection.close();
    } catch (IOException e) {
      throw e;
    } catch (Exception e) {
      throw new IOException(e);
    }
  }
}
