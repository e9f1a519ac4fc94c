package org.rale.ralectrl;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.AsynchronousCloseException;
import java.nio.channels.Channels;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** A server that does what a test says, one connection after the other. */
final class FakeServer implements AutoCloseable {
  static final String STATUS =
      "{\"status\":\"ok\",\"node_id\":1,\"role\":\"leader\",\"cluster_size\":3,"
          + "\"leader_id\":1,\"last_applied\":9}";

  private final ServerSocketChannel listener;
  private final List<String> requests = new CopyOnWriteArrayList<>();

  /** What the server does with a connection. */
  interface Conduct {
    void serve(Peer peer) throws IOException;
  }

  /** The client as the server sees it. */
  final class Peer {
    private final BufferedReader reader;
    private final OutputStream output;

    private Peer(SocketChannel channel) {
      reader = new BufferedReader(Channels.newReader(channel, StandardCharsets.UTF_8));
      output = Channels.newOutputStream(channel);
    }

    /** The next request; null when the client is gone. */
    String read() throws IOException {
      String line = reader.readLine();
      if (line != null) {
        requests.add(line);
      }
      return line;
    }

    void write(String text) throws IOException {
      output.write(text.getBytes(StandardCharsets.UTF_8));
    }
  }

  private FakeServer(ServerSocketChannel listener, List<Conduct> conducts) {
    this.listener = listener;
    Thread thread = new Thread(() -> serve(conducts), "fake-server");
    thread.setDaemon(true);
    thread.start();
  }

  /** Each connection gets the next conduct, and those after the last one that. */
  static FakeServer tcp(Conduct... conducts) throws IOException {
    return tcp(InetAddress.getLoopbackAddress(), conducts);
  }

  static FakeServer tcp(InetAddress address, Conduct... conducts) throws IOException {
    return listen(ServerSocketChannel.open(), new InetSocketAddress(address, 0), conducts);
  }

  static FakeServer unix(Path path, Conduct... conducts) throws IOException {
    return listen(
        ServerSocketChannel.open(StandardProtocolFamily.UNIX),
        UnixDomainSocketAddress.of(path),
        conducts);
  }

  private static FakeServer listen(
      ServerSocketChannel listener, SocketAddress address, Conduct... conducts) throws IOException {
    return new FakeServer(listener.bind(address), List.of(conducts));
  }

  /** Replies to STATUS with {@link #STATUS}, and to anything else as given. */
  static Conduct replying(String reply) {
    return peer -> {
      for (String line = peer.read(); line != null; line = peer.read()) {
        peer.write((line.contains("\"command\":\"STATUS\"") ? STATUS : reply) + "\n");
      }
    };
  }

  static Conduct failing(String code, String message) {
    return replying(
        "{\"status\":\"error\",\"code\":\"%s\",\"message\":\"%s\"}".formatted(code, message));
  }

  /** Reads all that comes, and says nothing until the client is gone. */
  static Conduct silent() {
    return peer -> {
      String line = peer.read();
      while (line != null) {
        line = peer.read();
      }
    };
  }

  /** Takes so many requests, replies to STATUS alone, and closes the connection. */
  static Conduct closingAfter(int lines) {
    return peer -> {
      for (int line = 0; line < lines; line++) {
        if (peer.read().contains("\"command\":\"STATUS\"")) {
          peer.write(STATUS + "\n");
        }
      }
    };
  }

  private void serve(List<Conduct> conducts) {
    try {
      for (int connection = 0; ; connection++) {
        try (SocketChannel channel = listener.accept()) {
          conducts.get(Math.min(connection, conducts.size() - 1)).serve(new Peer(channel));
        } catch (AsynchronousCloseException e) {
          return;
        } catch (IOException e) {
          if (!listener.isOpen()) {
            return;
          }
          // A client that resets its connection ends only that connection.
        }
      }
    } catch (RuntimeException e) {
      requests.add("the fake server failed: " + e);
    }
  }

  /** All lines that came, in order. */
  List<String> requests() {
    return List.copyOf(requests);
  }

  int port() {
    try {
      return ((InetSocketAddress) listener.getLocalAddress()).getPort();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  String address() {
    return "127.0.0.1:" + port();
  }

  /** An address where nothing listens. */
  static String closedAddress() throws IOException {
    try (ServerSocketChannel listener = ServerSocketChannel.open()) {
      listener.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
      return "127.0.0.1:" + ((InetSocketAddress) listener.getLocalAddress()).getPort();
    }
  }

  /** A socket file whose process is gone. */
  static void leaveBehind(Path path) throws IOException {
    try (ServerSocketChannel listener = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
      listener.bind(UnixDomainSocketAddress.of(path));
    }
  }

  @Override
  public void close() throws IOException {
    listener.close();
  }
}
