package org.rale.raft;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Stories of clusters in small text files. A line that starts with {@code >} is what the command
 * before it must print. {@code -Drale.raft.rewrite=true} writes what is printed now in its place;
 * read the difference before it is committed.
 */
class ScriptTest {
  private static final Path SCRIPTS = Path.of("src", "test", "resources", "raft");

  static List<String> scripts() throws IOException {
    try (Stream<Path> files = Files.list(SCRIPTS)) {
      return files.map(file -> file.getFileName().toString()).sorted().toList();
    }
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("scripts")
  @DisplayName("a script prints what its file says")
  void script(String name) throws IOException {
    Path file = SCRIPTS.resolve(name);
    List<String> expected = Files.readAllLines(file);
    List<String> printed = play(expected);
    if (Boolean.getBoolean("rale.raft.rewrite")) {
      Files.write(file, printed);
    } else {
      assertThat(printed).containsExactlyElementsOf(expected);
    }
  }

  private static List<String> play(List<String> script) {
    ScriptCluster cluster = new ScriptCluster();
    List<String> printed = new ArrayList<>();
    for (String line : script) {
      if (line.startsWith(">")) {
        continue;
      }
      printed.add(line);
      if (!line.isBlank() && !line.startsWith("#")) {
        cluster.run(line).forEach(text -> printed.add("> " + text));
      }
    }
    return printed;
  }
}
