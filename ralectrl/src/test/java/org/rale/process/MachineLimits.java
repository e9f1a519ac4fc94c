package org.rale.process;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/**
 * What the machine allows to anybody.
 *
 * @param syncMicros a write of 4 KiB over bytes that are written already, and its sync: the median
 * @param echoMicros 256 bytes to another thread over loopback and back, one at a time: the median
 * @param echoes64 the same with 64 of them under way on one connection, per second
 */
record MachineLimits(double syncMicros, double echoMicros, double echoes64) {
  private static final int BLOCK = 4 << 10;
  private static final int BLOCKS = 4 << 10;
  private static final int MESSAGE = 256;
  private static final int UNDER_WAY = 64;

  /**
   * @param seconds for each of the three
   */
  static MachineLimits measure(Path directory, double seconds) throws Exception {
    long nanos = (long) (seconds * 1e9);
    return new MachineLimits(
        sync(directory, nanos),
        withEcho(channel -> roundTrip(channel, nanos)),
        withEcho(channel -> rate(channel, UNDER_WAY, nanos)));
  }

  /**
   * The operations a second that nobody could surpass. One at a time: a round trip to the client,
   * one more to a follower for what a majority must confirm, and for a write the sync. Many at a
   * time: what passes over one connection.
   */
  double rate(String operation, int outstanding) {
    if (outstanding > 1) {
      return echoes64;
    }
    double roundTrips = operation.equals("local") ? 1 : 2;
    double sync = operation.equals("put") ? syncMicros : 0;
    return 1e6 / (roundTrips * echoMicros + sync);
  }

  /** The better of the two in each: other load on the machine comes and goes. */
  MachineLimits better(MachineLimits other) {
    return new MachineLimits(
        Math.min(syncMicros, other.syncMicros),
        Math.min(echoMicros, other.echoMicros),
        Math.max(echoes64, other.echoes64));
  }

  private static double sync(Path directory, long nanos) throws IOException {
    Path path = directory.resolve("sync");
    List<Double> micros = new ArrayList<>();
    try (FileChannel file =
        FileChannel.open(path, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
      ByteBuffer block = ByteBuffer.allocateDirect(BLOCK);
      for (int index = 0; index < BLOCKS; index++) {
        file.write(block.clear(), (long) index * BLOCK);
      }
      file.force(true);
      long end = System.nanoTime() + nanos;
      for (int index = 0; System.nanoTime() < end; index++) {
        long start = System.nanoTime();
        file.write(block.clear(), (long) (index % BLOCKS) * BLOCK);
        file.force(false);
        micros.add((System.nanoTime() - start) / 1e3);
      }
    }
    Files.delete(path);
    return median(micros);
  }

  private static double median(List<Double> values) {
    Collections.sort(values);
    return values.get(values.size() / 2);
  }

  /** What one client makes of an echo server. */
  private interface Exchange {
    double run(SocketChannel channel) throws IOException;
  }

  private static double withEcho(Exchange exchange) throws Exception {
    try (ServerSocketChannel listener = ServerSocketChannel.open()) {
      listener.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
      Thread server = new Thread(() -> echo(listener), "echo");
      server.start();
      double result;
      try (SocketChannel channel = SocketChannel.open(listener.getLocalAddress())) {
        channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
        result = exchange.run(channel);
      }
      server.join();
      return result;
    }
  }

  private static void echo(ServerSocketChannel listener) {
    try (SocketChannel channel = listener.accept()) {
      channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
      ByteBuffer buffer = ByteBuffer.allocateDirect(64 << 10);
      while (channel.read(buffer.clear()) > 0) {
        channel.write(buffer.flip());
      }
    } catch (IOException e) {
      // The client has gone with echoes on the way; had it gone earlier, its own side would fail.
      return;
    }
  }

  /** The median round trip of one message at a time, in microseconds. */
  private static double roundTrip(SocketChannel channel, long nanos) throws IOException {
    ByteBuffer message = ByteBuffer.allocateDirect(MESSAGE);
    List<Double> micros = new ArrayList<>();
    long end = System.nanoTime() + nanos;
    while (System.nanoTime() < end) {
      long start = System.nanoTime();
      channel.write(message.clear());
      message.clear();
      while (message.hasRemaining()) {
        channel.read(message);
      }
      micros.add((System.nanoTime() - start) / 1e3);
    }
    return median(micros);
  }

  /** Messages a second with some under way: each that comes back is sent again. */
  private static double rate(SocketChannel channel, int underWay, long nanos) throws IOException {
    ByteBuffer buffer = ByteBuffer.allocateDirect(underWay * MESSAGE);
    channel.write(buffer);
    long start = System.nanoTime();
    long last = start;
    long bytes = 0;
    while (last - start < nanos) {
      bytes += channel.read(buffer.clear());
      channel.write(buffer.flip());
      last = System.nanoTime();
    }
    return (double) bytes / MESSAGE * 1e9 / (last - start);
  }
}
