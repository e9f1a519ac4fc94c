package org.rale.sim;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/**
 * Many seeds; {@code -Drale.sim.seeds} says how many and {@code -Drale.sim.from} from which on. See
 * {@code scripts/sim}.
 */
final class SimulationTest {
  private static final long SEEDS = Long.getLong("rale.sim.seeds", 300);
  private static final long FROM = Long.getLong("rale.sim.from", 1);

  @Test
  void allHoldsUnderFaultsAndProgressComesAfterThem() {
    long writes = 0;
    for (long seed = FROM; seed < FROM + SEEDS; seed++) {
      writes += Simulation.run(seed).writes();
    }
    assertThat(writes).as("writes that clients saw done").isPositive();
  }

  @Test
  void theSameSeedGivesTheSameRun() {
    for (long seed = FROM; seed < FROM + 3; seed++) {
      assertThat(Simulation.run(seed)).isEqualTo(Simulation.run(seed));
    }
  }

  @Test
  void anotherSeedGivesAnotherRun() {
    assertThat(Simulation.run(FROM).hash()).isNotEqualTo(Simulation.run(FROM + 1).hash());
  }
}
