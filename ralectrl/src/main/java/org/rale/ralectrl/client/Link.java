package org.rale.ralectrl.client;

import java.io.Closeable;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One connection to one server. The channel does not block, for that is the only way to give
 * connecting, sending and receiving a deadline on both kinds of sockets.
 */
public final class Link implements Closeable {
  private final SocketChannel channel;
  private final Selector selector;
  private final SelectionKey key;

  private Link(SocketChannel channel, Selector selector, SelectionKey key) {
    this.channel = channel;
    this.selector = selector;
    this.key = key;
  }

  /**
   * Connects; the addresses of a name are tried in turn.
   *
   * @throws IOException with a message for people
   */
  public static Link open(Target target, Deadline deadline) throws IOException {
    if (target instanceof Target.Unix unix) {
      return connect(UnixDomainSocketAddress.of(unix.path()), deadline);
    }
    Target.Tcp tcp = (Target.Tcp) target;
    InetAddress[] addresses = InetAddress.getAllByName(tcp.host());
    for (int index = 0; index < addresses.length - 1; index++) {
      try {
        Deadline part = deadline.part(addresses.length - index);
        return connect(new InetSocketAddress(addresses[index], tcp.port()), part);
      } catch (IOException ignored) {
        // The next address may be the one that listens; the last one's failure is told.
      }
    }
    return connect(new InetSocketAddress(addresses[addresses.length - 1], tcp.port()), deadline);
  }

  private static Link connect(SocketAddress address, Deadline deadline) throws IOException {
    SocketChannel channel =
        address instanceof UnixDomainSocketAddress
            ? SocketChannel.open(StandardProtocolFamily.UNIX)
            : SocketChannel.open();
    Selector selector = null;
    try {
      channel.configureBlocking(false);
      selector = Selector.open();
      SelectionKey key = channel.register(selector, 0);
      if (!channel.connect(address)) {
        key.interestOps(SelectionKey.OP_CONNECT);
        while (!channel.finishConnect()) {
          long leftMs = deadline.leftMs();
          if (leftMs == 0) {
            throw new TimeoutException("no connection in time");
          }
          selector.select(leftMs);
        }
      }
      return new Link(channel, selector, key);
    } catch (IOException e) {
      if (selector != null) {
        selector.close();
      }
      channel.close();
      throw e;
    }
  }

  /** Why it can't be opened or was lost, in the words of this program. */
  public static String reason(IOException e) {
    return Client.reason(e);
  }

  /**
   * Gives the channel away, for a conversation of another kind than {@link #exchange}: it does not
   * block, and is registered nowhere. This link is at its end.
   */
  public SocketChannel release() throws IOException {
    selector.close();
    return channel;
  }

  /**
   * What came back.
   *
   * @param sent whether the server may have got any of it
   * @param lines the replies, as many as were asked for, or fewer with a trouble
   * @param trouble why there are not more; null when all came
   */
  record Exchange(boolean sent, List<byte[]> lines, @Nullable IOException trouble) {
    boolean timedOut() {
      return trouble instanceof TimeoutException;
    }
  }

  /** Sends the request and waits for its replies. */
  Exchange exchange(byte[] request, int replies, Deadline deadline) {
    ByteBuffer output = ByteBuffer.wrap(request);
    ByteBuffer input = ByteBuffer.allocate(64 << 10);
    LineBuffer buffer = new LineBuffer();
    IOException trouble = null;
    while (trouble == null && buffer.lines().size() < replies) {
      trouble = step(output, input, buffer, deadline);
    }
    int count = Math.min(replies, buffer.lines().size());
    return new Exchange(output.position() > 0, buffer.lines().subList(0, count), trouble);
  }

  /** Waits for something to happen; the trouble that ends the exchange, or null. */
  private @Nullable IOException step(
      ByteBuffer output, ByteBuffer input, LineBuffer buffer, Deadline deadline) {
    try {
      long leftMs = deadline.leftMs();
      if (leftMs == 0) {
        return new TimeoutException("no answer in time");
      }
      boolean toSend = output.hasRemaining();
      key.interestOps(toSend ? SelectionKey.OP_READ | SelectionKey.OP_WRITE : SelectionKey.OP_READ);
      selector.select(leftMs);
      selector.selectedKeys().clear();
      // Read first: a server that refuses may answer and close before it has taken all.
      if (key.isReadable()) {
        int count = channel.read(input.clear());
        if (count < 0) {
          return new IOException("the server closed the connection without an answer");
        }
        buffer.add(input.flip());
      } else if (toSend && key.isWritable()) {
        channel.write(output);
      }
      return null;
    } catch (IOException e) {
      return e;
    }
  }

  @Override
  public void close() {
    try {
      selector.close();
      channel.close();
    } catch (IOException ignored) {
      // The answer is here or it is not; a failed close changes neither.
    }
  }

  /** The deadline came before the other side did anything. */
  static final class TimeoutException extends IOException {
    TimeoutException(String message) {
      super(message);
    }
  }
}
