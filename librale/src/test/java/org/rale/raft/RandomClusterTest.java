package org.rale.raft;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Thousands of random clusters. More of them: {@code -Drale.raft.seeds=50000}; one of them: {@code
 * -Drale.raft.seed=4711}.
 */
class RandomClusterTest {
  private static final int STEPS = 1500;

  @ParameterizedTest(name = "{0} founders")
  @ValueSource(ints = {1, 2, 3, 5})
  @DisplayName("S-01 S-02 S-07 S-08 S-09 S-12 S-15 random faults break none of Raft's properties")
  void randomFaults(int founders) {
    Long one = Long.getLong("rale.raft.seed");
    long first = one == null ? 1 : one;
    long last = one == null ? Long.getLong("rale.raft.seeds", founders < 3 ? 150 : 500) : one;
    long committed = 0;
    for (long seed = first; seed <= last; seed++) {
      committed += run(seed, founders);
    }
    // A cluster in which nothing happens breaks no property either.
    assertThat(committed / (last - first + 1)).isGreaterThan(5);
  }

  static int run(long seed, int founders) {
    RandomCluster cluster = new RandomCluster(seed, founders);
    try {
      cluster.run(STEPS);
      cluster.heal();
    } catch (AssertionError | RuntimeException broken) {
      throw new AssertionError(
          "seed " + seed + " with " + founders + " founders: " + broken.getMessage(), broken);
    }
    return cluster.committedCount();
  }
}
