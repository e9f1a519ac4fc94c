package org.rale.process;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import org.rale.bytes.Bytes;
import org.rale.bytes.MalformedException;
import org.rale.dstore.DStore;
import org.rale.dstore.FrozenStore;
import org.rale.dstore.Origin;
import org.rale.dstore.StoreCodec;
import org.rale.dstore.StoreCommand;

/**
 * scripts/bench/scale: what a large table costs, as a user would see it: starts, file, memory, a
 * node that comes back empty. Launcher and configuration are as shipped.
 */
final class ScaleBench {
  private static final int EMPTY_STARTS = 5;
  private static final int FREEZES = 100;
  private static final int WRITES = 1_000;

  private final Scale scale;

  private ScaleBench(Scale scale) {
    this.scale = scale;
  }

  /**
   * @param args number of keys, bytes of a value, and the part: one, rewrites, three or all
   */
  public static void main(String[] args) throws Exception {
    Path home = Files.createTempDirectory("rale");
    int keys = Integer.parseInt(args[0]);
    int bytes = Integer.parseInt(args[1]);
    System.out.printf(
        Locale.ROOT,
        "%d keys of %d bytes, %d processors, Java %s, directory %s%n",
        keys,
        bytes,
        Runtime.getRuntime().availableProcessors(),
        Runtime.version().feature(),
        home);
    Scale scale = new Scale(home, keys, bytes);
    String part = args[2];
    if (part.equals("one") || part.equals("all")) {
      ScaleBench bench = new ScaleBench(scale);
      bench.freezes();
      bench.emptyStarts();
      new OneNodeScale(scale).run();
    }
    if (part.equals("rewrites") || part.equals("all")) {
      new RewriteScale(scale).run();
    }
    if (part.equals("three") || part.equals("all")) {
      new ThreeNodesScale(scale).run();
    }
    try (Stream<Path> files = Files.walk(home)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(file);
      }
    }
    scale.missed().forEach(goal -> System.out.println("missed: " + goal));
    if (!scale.missed().isEmpty()) {
      System.exit(1);
    }
  }

  /** In this process: how long the loop stands still for a snapshot, and the writes behind it. */
  private void freezes() throws MalformedException {
    DStore table = new DStore();
    Bytes value = Bytes.wrap(new byte[scale.valueBytes]);
    for (int i = 0; i < scale.keys; i++) {
      apply(table, i, value);
    }
    List<Double> millis = new ArrayList<>();
    List<Double> firstWrites = new ArrayList<>();
    for (int i = 0; i < FREEZES; i++) {
      long start = System.nanoTime();
      FrozenStore frozen = table.freeze();
      millis.add(Scale.since(start) * 1e3);
      start = System.nanoTime();
      for (int j = 0; j < WRITES; j++) {
        apply(table, (i * WRITES + j) * 7919 % scale.keys, value);
      }
      firstWrites.add(Scale.since(start) * 1e6 / WRITES);
      if (frozen.size() != scale.keys) {
        throw new AssertionError("a frozen table of " + frozen.size() + " keys");
      }
    }
    Scale.say("the first freeze of the table", "%.2f ms", millis.get(0));
    Collections.sort(millis);
    Collections.sort(firstWrites);
    Scale.say(
        "a freeze of the table: median, longest of " + FREEZES,
        "%.2f ms, %.2f ms",
        millis.get(FREEZES / 2),
        millis.get(FREEZES - 1));
    scale.goal("ms of the longest freeze", millis.get(FREEZES - 1), 10);
    Scale.say("a write right after a freeze, median", "%.1f us", firstWrites.get(FREEZES / 2));
  }

  private static void apply(DStore table, int key, Bytes value) throws MalformedException {
    StoreCommand put = new StoreCommand.Put(Origin.NONE, Bytes.utf8(Load.key(key)), value);
    table.apply(table.appliedIndex() + 1, StoreCodec.encode(put));
  }

  private void emptyStarts() throws Exception {
    List<Double> seconds = new ArrayList<>();
    for (int i = 0; i < EMPTY_STARTS; i++) {
      try (Daemon node = new Daemon(scale.home.resolve("empty" + i), 1).asShipped()) {
        long start = System.nanoTime();
        node.launch().awaitReady();
        seconds.add(Scale.since(start));
      }
    }
    Collections.sort(seconds);
    Scale.say(
        "an empty node is ready after: min, median, max",
        "%.2f s, %.2f s, %.2f s",
        seconds.get(0),
        seconds.get(EMPTY_STARTS / 2),
        seconds.get(EMPTY_STARTS - 1));
    scale.goal("seconds until an empty node is ready, median", seconds.get(EMPTY_STARTS / 2), 0.8);
  }
}
