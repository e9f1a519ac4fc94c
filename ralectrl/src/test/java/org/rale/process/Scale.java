package org.rale.process;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;

/**
 * What the parts of {@link ScaleBench} share: the table's size, where it is, what is said of it.
 */
final class Scale {
  static final Duration PATIENCE = Duration.ofMinutes(5);

  /** The table that the goals are for. */
  private static final int GOAL_KEYS = 1_000_000;

  private static final int GOAL_BYTES = 256;

  final Path home;
  final int keys;
  final int valueBytes;
  private final List<String> missed = new ArrayList<>();

  Scale(Path home, int keys, int valueBytes) {
    this.home = home;
    this.keys = keys;
    this.valueBytes = valueBytes;
  }

  /** The goals are those of a million keys; a smaller table must meet them as well. */
  void goal(String what, double measured, double most) {
    if (measured > most && keys <= GOAL_KEYS && valueBytes <= GOAL_BYTES) {
      missed.add(String.format(Locale.ROOT, "%s: %.2f, and at most %.2f", what, measured, most));
    }
  }

  List<String> missed() {
    return List.copyOf(missed);
  }

  static void say(String what, String format, Object... values) {
    System.out.printf(Locale.ROOT, "%-52s " + format + "%n", prepend(what, values));
  }

  private static Object[] prepend(String first, Object[] others) {
    List<Object> all = new ArrayList<>(List.of(first));
    Collections.addAll(all, others);
    return all.toArray();
  }

  static double since(long nanos) {
    return (System.nanoTime() - nanos) / 1e9;
  }

  /** Puts all keys at the leader, in order. */
  void fill(String what, Daemon leader) throws IOException {
    String term = leader.status(PATIENCE).get("term");
    long start = System.nanoTime();
    double longest;
    try (Client client = leader.connect(PATIENCE)) {
      longest = new Load(valueBytes).put(client, 0, keys);
    }
    double seconds = since(start);
    say(
        what,
        "%.1f s, %.0f PUT/s with 512 outstanding, %.0f ms at most without a reply, elections: %s",
        seconds,
        keys / seconds,
        longest,
        leader.says("role", "leader") && leader.says("term", term) ? "none" : "yes");
  }
}
