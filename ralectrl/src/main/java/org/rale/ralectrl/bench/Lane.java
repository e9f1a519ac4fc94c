package org.rale.ralectrl.bench;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.List;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;
import org.rale.ralectrl.client.Link;
import org.rale.ralectrl.client.Target;
import org.rale.ralectrl.output.Failure;
import org.rale.request.Limits;

/**
 * One connection: a fixed number of requests are under way, and each reply makes room for the next
 * one. What has arrived is taken at once, and what it made room for goes out in one write. Of the
 * thread of its {@link Driver}.
 *
 * <p>The channel does not block. A blocking write of many large requests would wait for a server
 * that itself waits until its replies are taken, and a blocking read for one that hangs.
 */
final class Lane {
  /** So much is written at a time, or one request, so that large values take no large buffers. */
  private static final int WRITE_BYTES = 256 << 10;

  private static final int FIRST_READ_BYTES = 8 << 10;
  private static final int READ_BYTES = 256 << 10;

  /** The longest reply: a value, which may be of another size than ours, or an error. */
  private static final int MOST_REPLY_BYTES = Limits.MAX_VALUE_BYTES + (8 << 10);

  /** Before a server is tried again when none took a connection, or one served nothing over it. */
  private static final long REST_NANOS = 100_000_000;

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

  /** Whether anything asked over this connection succeeded. */
  private boolean served;

  private boolean done;
  private int server;
  private @Nullable Driver driver;
  private @Nullable SocketChannel channel;
  private @Nullable SelectionKey key;

  /** While there is no connection: whether one is being opened, and else since when it rests. */
  private boolean opening;

  private long restsSince;
  private long restNanos;

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
    Opening.Open open = new Opening(servers, timeout).from(0);
    channel = open.channel();
    server = open.server();
  }

  /** It is connected, and asks from now on. */
  void begin(Driver thread) {
    driver = thread;
    SocketChannel first = channel;
    if (first == null) {
      throw new IllegalStateException("a lane begins with a connection");
    }
    take(new Opening.Open(first, server));
  }

  /** Whether the work is done, or all was answered after the stop. */
  boolean isDone() {
    return done;
  }

  /** A connection is there. */
  void take(Opening.Open open) {
    opening = false;
    channel = open.channel();
    server = open.server();
    heardAt = System.nanoTime();
    served = false;
    try {
      key = driver().register(this, open.channel());
      advance(open.channel());
    } catch (IOException e) {
      lost(Link.reason(e));
    }
  }

  /** No server took a connection. */
  void notOpened(Failure e) {
    opening = false;
    boolean last = !work.outlastsOutage();
    if (last || stop.getAsBoolean()) {
      forget(e.text());
    }
    if (last) {
      done = true;
    } else {
      rest(REST_NANOS);
    }
  }

  /** There is something to read, or room to write. */
  void ready() {
    SocketChannel open = channel;
    if (open == null || done) {
      return;
    }
    try {
      read(open);
      advance(open);
    } catch (IOException e) {
      lost(Link.reason(e));
    }
  }

  /** Looks for what no connection tells. */
  void look(long now) {
    if (done || opening) {
      return;
    }
    if (channel == null) {
      // Asks first: a connection that broke at the end is not made anew for nothing.
      ask();
      if (!done && now - restsSince >= restNanos) {
        opening = true;
        driver().open(this, new Opening(servers, timeout), server + 1);
      }
    } else if (now - heardAt > timeout.toNanos()) {
      lost("no reply within " + timeout.toMillis() + " ms");
    }
  }

  void close() {
    SocketChannel open = channel;
    channel = null;
    key = null;
    if (open != null) {
      try {
        open.close();
      } catch (IOException ignored) {
        // Nothing more is read from it or written to it.
      }
    }
  }

  private Driver driver() {
    Driver thread = driver;
    if (thread == null) {
      throw new IllegalStateException("the lane has not begun");
    }
    return thread;
  }

  private void lost(String why) {
    forget(why);
    rest(served ? 0 : REST_NANOS);
    look(System.nanoTime());
  }

  private void rest(long nanos) {
    restsSince = System.nanoTime();
    restNanos = nanos;
  }

  /** What was under way is lost. */
  private void forget(String why) {
    int lost = underWay;
    underWay = 0;
    lines.buffer().clear();
    in.clear();
    searched = 0;
    close();
    if (lost > 0) {
      work.lost(lost, server() + ": " + why);
    }
  }

  /** Asks and writes as long as there is room for both. */
  private void advance(SocketChannel open) throws IOException {
    boolean more = true;
    while (more) {
      boolean room = ask();
      more = write(open) && room;
    }
    if (done) {
      close();
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
  private boolean write(SocketChannel open) throws IOException {
    ByteBuffer out = lines.buffer();
    if (out.position() > 0) {
      open.write(out.flip());
      out.compact();
    }
    boolean left = out.position() > 0;
    int interest = left ? SelectionKey.OP_READ | SelectionKey.OP_WRITE : SelectionKey.OP_READ;
    SelectionKey registered = key;
    if (registered != null && registered.interestOps() != interest) {
      registered.interestOps(interest);
    }
    return !left;
  }

  private void read(SocketChannel open) throws IOException {
    int count = open.read(in);
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
    reply.at(in, from, to);
    served |= reply.isOk();
    work.replied(reply, heardAt - written);
  }
}
