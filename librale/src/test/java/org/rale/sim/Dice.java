package org.rale.sim;

import java.util.List;
import java.util.SplittableRandom;
import java.util.random.RandomGenerator;

/** Chance, all of it from one seed. */
final class Dice {
  private final SplittableRandom random;

  Dice(long seed) {
    this(new SplittableRandom(seed));
  }

  private Dice(SplittableRandom random) {
    this.random = random;
  }

  /** Dice of their own, so that one room's throws do not shift another's. */
  Dice split() {
    return new Dice(random.split());
  }

  RandomGenerator generator() {
    return random.split();
  }

  boolean chance(double probability) {
    return random.nextDouble() < probability;
  }

  int below(int bound) {
    return random.nextInt(bound);
  }

  long number() {
    return random.nextLong();
  }

  /** Both ends included. */
  long between(long low, long high) {
    return random.nextLong(low, high + 1);
  }

  /** Mostly near {@code usual}, seldom ten times as much. */
  long latency(long usual) {
    return chance(0.02) ? between(usual, 10 * usual) : between(usual / 4, usual + usual / 4);
  }

  <T> T pick(List<T> from) {
    return from.get(random.nextInt(from.size()));
  }
}
