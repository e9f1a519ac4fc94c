package org.rale.clusterdb;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;

/**
 * scripts/bench/sync: what a write and its sync take on this machine's disk, in the ways that a log
 * could be written. The ways take turns, so that all see the same other load.
 */
final class SyncBench {
  private static final int[] SIZES = {512, 4 << 10, 16 << 10, 64 << 10, 256 << 10};
  private static final int ROUNDS = 300;
  private static final int GROWTH = 1 << 20;

  private enum Way {
    AHEAD("file grown ahead with zeros, force(false)"),
    AHEAD_META("file grown ahead with zeros, force(true)"),
    LONGER("each write makes the file longer, force(false)"),
    LONGER_META("each write makes the file longer, force(true)");

    private final String text;

    Way(String text) {
      this.text = text;
    }

    boolean growsAhead() {
      return this == AHEAD || this == AHEAD_META;
    }

    boolean metadata() {
      return this == AHEAD_META || this == LONGER_META;
    }
  }

  private static final class Log {
    final Way way;
    final FileChannel channel;
    final List<Double> micros = new ArrayList<>();
    long end;
    long size;

    Log(Path directory, Way way) throws IOException {
      this.way = way;
      this.channel =
          FileChannel.open(
              directory.resolve(way.name()),
              StandardOpenOption.CREATE_NEW,
              StandardOpenOption.WRITE);
    }

    void append(ByteBuffer batch) throws IOException {
      long start = System.nanoTime();
      int bytes = batch.capacity();
      batch.clear();
      while (batch.hasRemaining()) {
        channel.write(batch, end + batch.position());
      }
      end += bytes;
      if (way.growsAhead() && end > size) {
        size = end + GROWTH;
        channel.write(ByteBuffer.allocateDirect((int) (size - end)), end);
      }
      channel.force(way.metadata());
      micros.add((System.nanoTime() - start) / 1e3);
    }

    double median() {
      Collections.sort(micros);
      return micros.get(micros.size() / 2);
    }
  }

  private SyncBench() {}

  /**
   * @param args the directory to write to
   */
  public static void main(String[] args) throws IOException {
    Path directory = Files.createTempDirectory(Path.of(args[0]), "sync");
    System.out.printf(
        Locale.ROOT, "%d rounds, median us of a write and its sync, ratio to the first%n", ROUNDS);
    for (int size : SIZES) {
      ByteBuffer batch = ByteBuffer.allocateDirect(size);
      List<Log> logs = new ArrayList<>();
      for (Way way : Way.values()) {
        logs.add(new Log(directory, way));
      }
      for (int round = 0; round < ROUNDS; round++) {
        for (Log log : logs) {
          log.append(batch);
        }
      }
      double first = logs.get(0).median();
      for (Log log : logs) {
        System.out.printf(
            Locale.ROOT,
            "%7d bytes  %-48s %7.0f  %5.2f%n",
            size,
            log.way.text,
            log.median(),
            log.median() / first);
        log.channel.close();
        Files.delete(directory.resolve(log.way.name()));
      }
    }
    Files.delete(directory);
  }
}
