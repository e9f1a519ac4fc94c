package org.rale.canary;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;

/**
 * How easily each canary is found, for docs/CANARIES.md: with {@code -Drale.canary.seeds=300} so
 * many seeds of each are run, and the table is written to target/canaries.md.
 */
@EnabledIfSystemProperty(named = "rale.canary.seeds", matches = "\\d+")
final class CanarySurveyTest {
  private static final Path TABLE = Path.of("target", "canaries.md");

  @Test
  void survey() throws Exception {
    int seeds = Integer.getInteger("rale.canary.seeds");
    List<String> lines = new ArrayList<>();
    lines.add("| canary | rule | trial | first seed | found at, of " + seeds + " | by |");
    lines.add("|---|---|---|---|---|---|");
    Files.write(TABLE, lines);
    for (Canary canary : CanaryTest.canaries()) {
      lines.add(row(canary, seeds));
      Files.write(TABLE, lines);
    }
  }

  private static String row(Canary canary, int seeds) {
    Program program = Program.with(canary.patch(), Path.of(".."));
    Map<String, Integer> judges = new TreeMap<>();
    long first = 0;
    int found = 0;
    for (long seed = 1; seed <= seeds; seed++) {
      Optional<Finding> finding = canary.trial().run(program, seed);
      if (finding.isPresent()) {
        first = first == 0 ? seed : first;
        found++;
        judges.merge(finding.get().judge(), 1, Integer::sum);
      }
    }
    return String.format(
        Locale.ROOT,
        "| %s | %s | %s | %s | %d | %s |",
        canary.name(),
        canary.rule(),
        canary.trial().name().toLowerCase(Locale.ROOT),
        first == 0 ? "none" : first,
        found,
        judges);
  }
}
