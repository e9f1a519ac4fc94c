package org.rale.sim;

import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * Makes a failing run smaller: leaves out one thing after the other, and keeps it out when the run
 * still fails, by whatever sentence. The same seed shrinks the same way.
 */
final class Shrinker {
  private final long seed;
  private Limits limits = Limits.NONE;
  private @Nullable AssertionError failure;
  private int runs;

  private Shrinker(long seed) {
    this.seed = seed;
  }

  /** The report of the smallest run that fails; null when the seed does not fail. */
  static @Nullable String shrink(long seed) {
    Shrinker shrinker = new Shrinker(seed);
    if (!shrinker.stillFails(Limits.NONE)) {
      return null;
    }
    boolean smaller = true;
    while (smaller) {
      smaller = false;
      for (UnaryOperator<Limits> step : steps()) {
        Limits less = step.apply(shrinker.limits);
        if (!less.equals(shrinker.limits) && shrinker.stillFails(less)) {
          smaller = true;
        }
      }
    }
    AssertionError last = shrinker.failure;
    return (last == null ? "" : last.getMessage())
        + " --shrink, the smallest of "
        + shrinker.runs
        + " runs that were tried";
  }

  private static List<UnaryOperator<Limits>> steps() {
    List<UnaryOperator<Limits>> steps = new ArrayList<>();
    for (Fault fault : Fault.values()) {
      steps.add(limits -> limits.without(fault));
    }
    for (Order order : Order.values()) {
      steps.add(limits -> limits.without(order));
    }
    for (int most : List.of(1, 2, 3)) {
      steps.add(limits -> limits.clients(Math.min(most, limits.clients())));
    }
    steps.add(limits -> limits.pipeline(1));
    steps.add(limits -> limits.keys(1));
    for (long seconds = 1; seconds < 12; seconds++) {
      long most = seconds * 1_000_000;
      steps.add(limits -> limits.faultyMicros(Math.min(most, limits.faultyMicros())));
    }
    return steps;
  }

  private boolean stillFails(Limits less) {
    runs++;
    try {
      Simulation.run(seed, false, less);
      return false;
    } catch (AssertionError e) {
      failure = e;
      limits = less;
      return true;
    }
  }
}
