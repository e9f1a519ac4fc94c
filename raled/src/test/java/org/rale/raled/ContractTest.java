package org.rale.raled;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** docs/CONTRACT.md names tests that are there, in each row at least one. */
class ContractTest {
  private static final Path PAGE = Path.of("../docs/CONTRACT.md");
  private static final List<String> MODULES = List.of("librale", "raled", "ralectrl");
  private static final Pattern NAME = Pattern.compile("`([A-Z]\\w+(?:Test|IT))(?:\\.(\\w+))?`");

  /** The sources of all test classes by simple name; two modules may have one of the same name. */
  private static Map<String, String> sources() throws IOException {
    Map<String, String> sources = new HashMap<>();
    for (String module : MODULES) {
      try (Stream<Path> files = Files.walk(Path.of("..", module, "src/test/java"))) {
        for (Path file : files.filter(f -> f.toString().endsWith(".java")).toList()) {
          String name = file.getFileName().toString().replace(".java", "");
          sources.merge(name, Files.readString(file), String::concat);
        }
      }
    }
    return sources;
  }

  private static List<String> rows() throws IOException {
    return Files.readAllLines(PAGE).stream()
        .filter(line -> line.startsWith("| "))
        .filter(line -> !line.equals("| the interface | tests |"))
        .toList();
  }

  @Test
  void everyTestThatIsNamedIsThere() throws IOException {
    Map<String, String> sources = sources();
    List<String> missing = new ArrayList<>();
    for (String row : rows()) {
      Matcher names = NAME.matcher(row);
      while (names.find()) {
        String source = sources.getOrDefault(names.group(1), "");
        String method = names.group(2);
        boolean there =
            method == null ? !source.isEmpty() : source.contains(" void " + method + "(");
        if (!there) {
          missing.add(names.group());
        }
      }
    }
    assertThat(missing).isEmpty();
  }

  @Test
  void everyRowNamesATest() throws IOException {
    assertThat(rows()).hasSizeGreaterThan(50).allMatch(row -> tests(row).find());
  }

  /** Of the last column, which holds names of tests and nothing else. */
  private static Matcher tests(String row) {
    return NAME.matcher(row.substring(row.lastIndexOf(" | ")));
  }
}
