package org.rale.sim;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The kinds of things that happen in this run, and how often each in comparison (swarm testing,
 * Groce and others 2012): few kinds at a high rate reach what all kinds at once never do, since one
 * of them would always come in between.
 */
final class Swarm<K extends Enum<K>> {
  private static final int MOST_WEIGHT = 8;

  /** Each kind as often as its weight says. */
  private final List<K> lots = new ArrayList<>();

  private Swarm() {}

  static <K extends Enum<K>> Swarm<K> draw(Dice dice, K[] kinds) {
    Swarm<K> swarm = new Swarm<>();
    double share = dice.pick(List.of(0.15, 0.3, 0.6, 1.0));
    for (K kind : kinds) {
      if (dice.chance(share)) {
        int weight = 1 + dice.below(MOST_WEIGHT);
        for (int i = 0; i < weight; i++) {
          swarm.lots.add(kind);
        }
      }
    }
    return swarm;
  }

  void exclude(List<K> kinds) {
    lots.removeAll(kinds);
  }

  boolean has(K kind) {
    return lots.contains(kind);
  }

  /** Null when nothing happens in this run. */
  @Nullable K next(Dice dice) {
    return lots.isEmpty() ? null : dice.pick(lots);
  }

  @Override
  public String toString() {
    return lots.stream().distinct().toList().toString();
  }
}
