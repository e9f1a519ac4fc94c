package org.rale.process;

import java.io.Closeable;
import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;

/**
 * Stands between nodes, so that all they send each other comes by here and has {@link Weather} on
 * its way. Each node listens where it always does (bind_ip), but tells the others another address
 * of loopback (node_ip), at which the relay listens on the same ports. Clients go to the node
 * itself. Addresses such as 127.77.0.1 are Linux's without any set-up, not every system's.
 */
final class Relay implements AutoCloseable {
  private static final int LARGEST_DATAGRAM = 65_535;
  private static final int CONNECT_MS = 2_000;

  private final ScheduledExecutorService clock =
      Executors.newSingleThreadScheduledExecutor(
          task -> {
            Thread thread = new Thread(task, "relay-clock");
            thread.setDaemon(true);
            return thread;
          });
  private final List<Closeable> ports = new ArrayList<>();
  private final LongAdder came = new LongAdder();
  private final LongAdder left = new LongAdder();
  private volatile Weather weather = Weather.CLEAR;

  /** What runs until its sockets are closed. */
  private interface Loop {
    void run() throws IOException, InterruptedException;
  }

  /**
   * In front of nodes that are not running yet.
   *
   * @param nodes on loopback
   */
  static Relay before(List<Daemon> nodes) throws IOException {
    Relay relay = new Relay();
    for (Daemon node : nodes) {
      String ip = "127.77.0." + node.id;
      node.reachedAt(ip);
      InetAddress here = InetAddress.getByName(ip);
      relay.datagrams(
          new InetSocketAddress(here, node.ralePort),
          new InetSocketAddress(node.host.ip(), node.ralePort));
      relay.links(
          new InetSocketAddress(here, node.dstorePort),
          new InetSocketAddress(node.host.ip(), node.dstorePort));
    }
    return relay;
  }

  void weather(Weather now) {
    weather = now;
  }

  /** What has come by so far, in words. */
  String traffic() {
    return came.sum() + " datagrams came to the relay, and " + left.sum() + " left it";
  }

  /** Passes on what comes to one address, to the other. */
  void datagrams(InetSocketAddress from, InetSocketAddress to) throws IOException {
    DatagramSocket socket = new DatagramSocket(from);
    ports.add(socket);
    start("relay-datagrams", () -> datagrams(socket, to));
  }

  private void datagrams(DatagramSocket socket, InetSocketAddress to) throws IOException {
    Random random = new Random();
    byte[] buffer = new byte[LARGEST_DATAGRAM];
    while (true) {
      DatagramPacket packet = new DatagramPacket(buffer, buffer.length);
      socket.receive(packet);
      byte[] bytes = Arrays.copyOf(buffer, packet.getLength());
      came.increment();
      for (long nanos : weather.datagram(random)) {
        left.increment();
        Future<?> unused =
            clock.schedule(() -> send(socket, bytes, to), nanos, TimeUnit.NANOSECONDS);
      }
    }
  }

  private static void send(DatagramSocket socket, byte[] bytes, InetSocketAddress to) {
    try {
      socket.send(new DatagramPacket(bytes, bytes.length, to));
    } catch (IOException e) {
      // The relay is closed; or the system has no room, and a datagram may be lost.
    }
  }

  /** Passes on each connection that comes to one address, to the other. */
  void links(InetSocketAddress from, InetSocketAddress to) throws IOException {
    ServerSocket server = new ServerSocket();
    server.bind(from);
    ports.add(server);
    start(
        "relay-links",
        () -> {
          while (true) {
            Socket near = server.accept();
            start("relay-link", () -> link(near, to));
          }
        });
  }

  private void link(Socket near, InetSocketAddress to) throws IOException {
    Socket far = new Socket();
    try {
      far.connect(to, CONNECT_MS);
      near.setTcpNoDelay(true);
      far.setTcpNoDelay(true);
    } catch (IOException e) {
      far.close();
      near.close();
      return;
    }
    pass(near, far);
    pass(far, near);
  }

  private void pass(Socket from, Socket to) {
    Random random = new Random();
    RelayedStream stream = new RelayedStream(from, to, () -> weather.delay(random));
    start("relay-read", stream::read);
    start("relay-write", stream::write);
  }

  private static void start(String name, Loop loop) {
    Thread thread =
        new Thread(
            () -> {
              try {
                loop.run();
              } catch (IOException | InterruptedException e) {
                // One side closed, which is how each of these ends.
              }
            },
            name);
    thread.setDaemon(true);
    thread.start();
  }

  @Override
  public void close() throws IOException {
    clock.shutdownNow();
    for (Closeable each : ports) {
      each.close();
    }
  }
}
