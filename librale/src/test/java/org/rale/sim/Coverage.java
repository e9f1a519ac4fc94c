package org.rale.sim;

import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** How often a run, or many of them, went through what. */
final class Coverage {
  /** Fewer seeds than this say nothing of what is seldom. */
  static final long ENOUGH_SEEDS = 1_000;

  private final EnumMap<Seen, Long> counts = new EnumMap<>(Seen.class);

  void saw(Seen what) {
    counts.merge(what, 1L, Long::sum);
  }

  long of(Seen what) {
    return counts.getOrDefault(what, 0L);
  }

  void add(Coverage other) {
    other.counts.forEach((what, count) -> counts.merge(what, count, Long::sum));
  }

  /** What was gone through too seldom, one sentence each; nothing where the seeds are too few. */
  List<String> missing(long seeds) {
    if (seeds < ENOUGH_SEEDS) {
      return List.of();
    }
    return Stream.of(Seen.values())
        .filter(what -> of(what) < what.perThousandSeeds * seeds / 1_000)
        .map(
            what ->
                String.format(
                    Locale.ROOT,
                    "too few %s: %d in %d seeds, at least %.0f were to be expected",
                    what.words,
                    of(what),
                    seeds,
                    Math.ceil(what.perThousandSeeds * seeds / 1_000)))
        .toList();
  }

  String table() {
    return Stream.of(Seen.values())
        .map(what -> String.format(Locale.ROOT, "%,14d  %s", of(what), what.words))
        .collect(Collectors.joining("\n"));
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Coverage coverage && counts.equals(coverage.counts);
  }

  @Override
  public int hashCode() {
    return counts.hashCode();
  }

  @Override
  public String toString() {
    return counts.toString();
  }
}
