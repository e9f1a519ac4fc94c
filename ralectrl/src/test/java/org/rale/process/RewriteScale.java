package org.rale.process;

import java.io.IOException;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;

/** What rewrites of the file cost writers. */
final class RewriteScale {
  private static final int TURNS = 4;

  /** A third of what a flood gets, and two thirds, and the flood. */
  private static final int[] RATES = {35_000, 70_000, Integer.MAX_VALUE};

  private final Scale scale;

  RewriteScale(Scale scale) {
    this.scale = scale;
  }

  /**
   * What rewrites cost writers: a node as shipped and one that never rewrites its file take turns
   * with the same writes.
   */
  void run() throws Exception {
    try (Daemon shipped = new Daemon(scale.home.resolve("shipped"), 1).asShipped();
        Daemon never = new Daemon(scale.home.resolve("never"), 2).asShipped()) {
      never.set("rewrite_min_size", "1TB").set("rewrite_max_size", "1TB");
      for (Daemon node : List.of(shipped, never)) {
        node.start();
        node.ask("ADD " + node.words(), Scale.PATIENCE);
        writesOver(node, Integer.MAX_VALUE, new ArrayList<>());
      }
      for (int perSecond : RATES) {
        inTurns(shipped, never, perSecond);
      }
      Scale.say(
          "bytes of cluster.db then, with and without",
          "%d MB, %d MB",
          Files.size(shipped.clusterDb()) / 1_000_000,
          Files.size(never.clusterDb()) / 1_000_000);
    }
  }

  private void inTurns(Daemon shipped, Daemon never, int perSecond) throws IOException {
    List<Double> pausesShipped = new ArrayList<>();
    List<Double> pausesNever = new ArrayList<>();
    double secondsShipped = 0;
    double secondsNever = 0;
    for (int turn = 0; turn < TURNS; turn++) {
      secondsShipped += writesOver(shipped, perSecond, pausesShipped);
      secondsNever += writesOver(never, perSecond, pausesNever);
    }
    boolean flood = perSecond == Integer.MAX_VALUE;
    String load = flood ? "a flood" : String.format(Locale.ROOT, "%,d PUT/s", perSecond);
    double written = (double) TURNS * scale.keys;
    double ratio = secondsNever / secondsShipped;
    Scale.say(
        load + ": PUT/s with rewrites and with none, ratio",
        "%.0f, %.0f, %.3f",
        written / secondsShipped,
        written / secondsNever,
        ratio);
    Scale.say(
        load + ": longest time without a reply",
        "%.0f ms, %.0f ms",
        Collections.max(pausesShipped),
        Collections.max(pausesNever));
    if (!flood) {
      scale.goal("what is missing of " + load + " while the file is rewritten", 1 - ratio, 0.01);
    }
  }

  /** Returns the seconds; adds the longest time without a reply to the pauses. */
  private double writesOver(Daemon node, int perSecond, List<Double> pauses) throws IOException {
    long start = System.nanoTime();
    try (Client client = node.connect(Scale.PATIENCE)) {
      pauses.add(new Load(scale.valueBytes, perSecond).put(client, 0, scale.keys));
    }
    return Scale.since(start);
  }
}
