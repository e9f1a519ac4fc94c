package org.rale.raled.config;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.params.provider.MethodSource;
import org.rale.settings.Problem;

/**
 * A configuration file. It gives a configuration or errors, never both; each problem is told in a
 * few lines. A configuration is the same when its settings are written down and read again, and a
 * reload of it changes nothing.
 */
final class ConfigReaderFuzzTest {
  private static final Map<String, String> ENVIRONMENT =
      Map.of("HOME", "/home/rale", "RALE_NODE_PRIORITY", "7", "RALE_NODE_NAMES", "x", "EMPTY", "");

  static Stream<byte[]> seeds() throws IOException {
    Stream<byte[]> texts =
        Stream.of(
                "node_id = 3 # c\r\nnode_name='a'\n path = \"${HOME}/x \\\" $${y}\"\n",
                "cluster_members = 1:a:[::1]:7400:7401, \\\n 2:b:10.0.0.2:7400:7401\n",
                "data_dir=a\npath=b\nnode_ide=3\nmax_size = 2 GB\nnode_id = ${EMPTY:4}\n",
                "raled_log_level = debug\nraled_log_destination = file\nrale_port = 99999\n")
            .map(text -> text.getBytes(StandardCharsets.UTF_8));
    return Stream.concat(Stream.of(Files.readAllBytes(Path.of("../conf/raled1.conf"))), texts);
  }

  @MethodSource("seeds")
  @FuzzTest
  void file(byte[] bytes) {
    String text = new String(bytes, StandardCharsets.UTF_8);
    Loaded loaded = ConfigReader.parse("n.conf", text, ENVIRONMENT);
    assertThat(loaded.config().isPresent()).isEqualTo(loaded.errors().isEmpty());
    for (Problem problem : loaded.problems()) {
      List<String> lines = problem.render().lines().toList();
      assertThat(lines).hasSizeBetween(1, 3);
      assertThat(lines).noneMatch(line -> line.chars().anyMatch(Character::isISOControl));
    }
    loaded.config().ifPresent(ConfigReaderFuzzTest::isTheSameWrittenAndReadAgain);
  }

  private static void isTheSameWrittenAndReadAgain(NodeConfig config) {
    String written =
        config.settings().given().entrySet().stream()
            .map(setting -> setting.getKey() + " = " + quoted(setting.getValue().text()) + "\n")
            .collect(Collectors.joining());
    Loaded again = ConfigReader.parse("again.conf", written, Map.of());
    assertThat(again.errors()).isEmpty();
    NodeConfig read = again.config().orElseThrow();
    Reload reload = Reload.between(config, read);
    assertThat(reload.changed()).isEmpty();
    assertThat(reload.needRestart()).isEmpty();
    assertThat(read.raleConfig()).isEqualTo(config.raleConfig());
    assertThat(read.logging()).isEqualTo(config.logging());
    assertThat(read.controlSocket()).isEqualTo(config.controlSocket());
  }

  private static String quoted(String value) {
    String escaped = value.replace("\\", "\\\\").replace("\"", "\\\"").replace("${", "$${");
    return '"' + escaped + '"';
  }
}
