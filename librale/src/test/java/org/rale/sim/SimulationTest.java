package org.rale.sim;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.stream.LongStream;
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
    long writes =
        LongStream.range(FROM, FROM + SEEDS)
            .parallel()
            .map(seed -> Simulation.run(seed).writes())
            .sum();
    assertThat(writes).as("writes that clients saw done").isPositive();
  }

  /** Each word of the trace is in the hash here: a clock or a hash of an identity would show. */
  @Test
  void theSameSeedGivesTheSameRun() {
    for (long seed = FROM; seed < FROM + 3; seed++) {
      assertThat(Simulation.run(seed, true, Limits.NONE))
          .isEqualTo(Simulation.run(seed, true, Limits.NONE));
    }
  }

  /** The order of a Set.of or a Map.of is another one in each process. */
  @Test
  void theSameSeedGivesTheSameRunInAnotherProcess() throws Exception {
    Process other =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-cp",
                System.getProperty("java.class.path"),
                "org.rale.sim.Simulator",
                "one",
                String.valueOf(FROM))
            .redirectErrorStream(true)
            .start();
    String said = new String(other.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(other.waitFor()).as(said).isZero();
    assertThat(said)
        .endsWith(String.format("trace %016x%n", Simulation.run(FROM, true, Limits.NONE).hash()));
  }

  @Test
  void anotherSeedGivesAnotherRun() {
    assertThat(Simulation.run(FROM).hash()).isNotEqualTo(Simulation.run(FROM + 1).hash());
  }
}
