package org.rale.ralectrl.bench;

import java.io.IOException;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;
import org.rale.ralectrl.client.Link;
import org.rale.ralectrl.client.Target;
import org.rale.ralectrl.output.Failure;
import org.rale.request.Limits;

/**
 * One connection and its thread: a fixed number of requests are under way, and each reply makes
 * room for the next one. What has arrived is taken at once, and what it made room for goes out in
 * one write.
 *
 * <p>The channel does not block. A blocking write of many large requests would wait for a server
 * that itself waits until its replies are taken, and a blocking read for one that hangs.
 */
final class Lane implements Runnable {
  /** So much is written at a time, or one request, so that large values take no large buffers. */
  private static final int WRITE_BYTES = 256 << 10;

  private static final int FIRST_READ_BYTES = 8 << 10;
  private static final int READ_BYTES = 256 << 10;

  /** The longest reply: a value, which may be of another size than ours, or an error. */
  private static final int MOST_REPLY_BYTES = Limits.MAX_VALUE_BYTES + (8 << 10);

  /** Between two rounds in which no server took a connection. */
  private static final Duration PAUSE = Duration.ofMillis(100);

  /** When nothing more is asked, the state is checked so often. */
  private static final long TICK_MS = 100;

  private final List<Target> servers;
  private final Duration timeout;
  private final RequestLines lines;
  private final Work work;
  private final BooleanSupplier stop;
  private final Reply reply = new Reply();

  /** When the requests under way were written, the oldest at {@code oldest}: a ring. */
  private final long[] writtenAt;

  private int oldest;
  private int underWay;
  private ByteBuffer in = ByteBuffer.allocateDirect(FIRST_READ_BYTES);

  /** Up to where there is no end of a line. */
  private int searched;

  private long heardAt;

  /** Whether any reply came over this connection. */
  private boolean answered;

  private boolean done;
  private int server;
  private @Nullable Link link;

  /**
   * @param servers tried in turn, for the first connection and for each one after a broken one
   * @param timeout how long a server may be silent while requests are under way
   * @param outstanding how many requests are under way
   * @param stop when true, nothing more is asked, and the replies to what was are awaited
   */
  Lane(
      List<Target> servers,
      Duration timeout,
      int outstanding,
      RequestLines lines,
      Work work,
      BooleanSupplier stop) {
    this.servers = List.copyOf(servers);
    this.timeout = timeout;
    this.writtenAt = new long[outstanding];
    this.lines = lines;
    this.work = work;
    this.stop = stop;
  }

  /** The server that it is connected to, or was last. */
  Target server() {
    return servers.get(server);
  }

  /** Connects to the first server that can be reached. */
  void connect() throws Failure {
    take(new Opening(servers, timeout).from(0));
  }

  /** Until the work is done, or all was answered after the stop. */
  @Override
  public void run() {
    try {
      while (!isDone()) {
        Link open = link;
        if (open == null) {
          reconnect();
        } else {
          converse(open);
        }
      }
    } finally {
      close();
    }
  }

  /** Asks, so that a connection that broke at the end is not made anew for nothing. */
  private boolean isDone() {
    if (!done) {
      ask();
    }
    return done;
  }

  private void reconnect() {
    try {
      take(new Opening(servers, timeout).from(server + 1));
    } catch (Failure e) {
      if (!work.outlastsOutage()) {
        lost(e.text());
        done = true;
      } else if (stop.getAsBoolean()) {
        lost(e.text());
      } else {
        LockSupport.parkNanos(PAUSE.toNanos());
      }
    }
  }

  private void take(Opening.Open open) {
    link = open.link();
    server = open.server();
    heardAt = System.nanoTime();
    answered = false;
  }

  private void close() {
    Link open = link;
    if (open != null) {
      link = null;
      open.close();
    }
  }

  private void converse(Link open) {
    try {
      SocketChannel channel = open.channel();
      if (channel.supportedOptions().contains(StandardSocketOptions.TCP_NODELAY)) {
        channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
      }
      while (!done) {
        boolean room = ask();
        boolean all = write(open);
        if (!done && !(room && all)) {
          await(open.key());
          read(channel);
        }
      }
    } catch (IOException e) {
      lost(Link.reason(e));
    }
  }

  private void lost(String why) {
    int lost = underWay;
    underWay = 0;
    lines.buffer().clear();
    in.clear();
    searched = 0;
    close();
    if (lost > 0) {
      work.lost(lost, server() + ": " + why);
    }
    if (!answered) {
      LockSupport.parkNanos(PAUSE.toNanos());
    }
  }

  /** Adds requests; whether there is still room for more of them. */
  private boolean ask() {
    long now = System.nanoTime();
    boolean more = !stop.getAsBoolean();
    while (more && underWay < writtenAt.length && lines.buffer().position() < WRITE_BYTES) {
      more = work.next(lines);
      if (more) {
        if (underWay == 0) {
          heardAt = now;
        }
        writtenAt[(oldest + underWay) % writtenAt.length] = now;
        underWay++;
      }
    }
    done = !more && underWay == 0;
    return more && underWay < writtenAt.length;
  }

  /** Whether all of the lines could be written. */
  private boolean write(Link open) throws IOException {
    ByteBuffer out = lines.buffer();
    if (out.position() > 0) {
      open.channel().write(out.flip());
      out.compact();
    }
    boolean left = out.position() > 0;
    int interest = left ? SelectionKey.OP_READ | SelectionKey.OP_WRITE : SelectionKey.OP_READ;
    if (open.key().interestOps() != interest) {
      open.key().interestOps(interest);
    }
    return !left;
  }

  /** Waits until there is something to read or room to write; fails after too long a silence. */
  private void await(SelectionKey key) throws IOException {
    long leftMs = timeout.toMillis() - (System.nanoTime() - heardAt) / 1_000_000;
    if (leftMs <= 0) {
      throw new IOException("no reply within " + timeout.toMillis() + " ms");
    }
    key.selector().select(ready -> {}, Math.min(leftMs, TICK_MS));
  }

  private void read(SocketChannel channel) throws IOException {
    int count = channel.read(in);
    if (count < 0) {
      throw new IOException("the server closed the connection");
    }
    if (count == 0) {
      return;
    }
    heardAt = System.nanoTime();
    int start = 0;
    for (int index = searched; index < in.position(); index++) {
      if (in.get(index) == '\n') {
        replied(start, index);
        start = index + 1;
      }
    }
    in.flip().position(start).compact();
    searched = in.position();
    if (!in.hasRemaining() || (count == in.capacity() && count < READ_BYTES)) {
      grow();
    }
  }

  private void grow() throws IOException {
    if (in.capacity() > MOST_REPLY_BYTES) {
      throw new IOException("a reply has more than " + MOST_REPLY_BYTES + " bytes");
    }
    in = ByteBuffer.allocateDirect(2 * in.capacity()).put(in.flip());
  }

  private void replied(int from, int to) throws IOException {
    if (underWay == 0) {
      throw new IOException("a reply to nothing: " + reply.at(in, from, to).text());
    }
    long written = writtenAt[oldest];
    oldest = (oldest + 1) % writtenAt.length;
    underWay--;
    answered = true;
    work.replied(reply.at(in, from, to), heardAt - written);
  }
}
