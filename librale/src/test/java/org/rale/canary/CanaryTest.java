package org.rale.canary;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.Timeout.ThreadMode;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Every canary is caught, by those who should, and nothing is where there is none. {@code
 * -Drale.canary=vote} tries those alone whose names match.
 */
@Execution(ExecutionMode.CONCURRENT)
final class CanaryTest {
  private static final Path ROOT = Path.of("..");
  private static final Path PATCHES = Path.of("src", "test", "resources", "canary");

  static List<Canary> canaries() {
    Pattern wanted = Pattern.compile(System.getProperty("rale.canary", ""));
    return Canary.all(PATCHES).stream()
        .filter(canary -> wanted.matcher(canary.name()).find())
        .toList();
  }

  /** Some bugs have nodes run in circles for ever. */
  @ParameterizedTest(name = "{0}")
  @MethodSource("canaries")
  @Timeout(value = 5, unit = TimeUnit.MINUTES, threadMode = ThreadMode.SEPARATE_THREAD)
  void isCaught(Canary canary) {
    Program program = Program.with(canary.patch(), ROOT);
    for (long seed = canary.first(); seed <= canary.last(); seed++) {
      Optional<Finding> found = canary.trial().run(program, seed);
      if (found.isPresent()) {
        assertThat(canary.judges())
            .as("who finds %s, at seed %d: %s", canary, seed, found.get().sentence())
            .contains(found.get().judge());
        return;
      }
    }
    throw new AssertionError(
        "nobody finds "
            + canary
            + " by seeds "
            + canary.first()
            + " to "
            + canary.last()
            + ": "
            + canary.bug());
  }

  /** Otherwise a canary might die of the cage. */
  @ParameterizedTest
  @EnumSource(Trial.class)
  void nothingIsFoundWhereNoBugIs(Trial trial) {
    Program program = Program.whole();
    canaries().stream()
        .filter(canary -> canary.trial() == trial)
        .flatMapToLong(Canary::seeds)
        .distinct()
        .forEach(seed -> assertThat(trial.run(program, seed)).isEmpty());
  }
}
