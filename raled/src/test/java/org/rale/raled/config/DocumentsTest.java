package org.rale.raled.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * What people read must be what the table of keys says. After a change of a key: {@code mvn -pl
 * librale,raled test -Dtest=DocumentsTest -Dsurefire.failIfNoSpecifiedTests=false
 * -Drale.write=true}
 */
class DocumentsTest {
  private static final Path SAMPLE = Path.of("../conf/raled.conf.sample");
  private static final Path BOOK = Path.of("../docs/CONFIGURATION.md");

  private static void assertContent(Path file, String expected) throws IOException {
    if (Boolean.getBoolean("rale.write")) {
      Files.writeString(file, expected);
    }
    assertThat(Files.readString(file))
        .as("%s is old: see the comment of this test", file)
        .isEqualTo(expected);
  }

  @Test
  void theSampleNamesEveryKey() throws IOException {
    assertContent(SAMPLE, KeyDocuments.sample());
  }

  @Test
  void theBookNamesEveryKey() throws IOException {
    String book = Files.readString(BOOK);
    int mark = book.indexOf(KeyDocuments.MARK);
    assertThat(mark).isPositive();
    String written = book.substring(0, mark);
    assertContent(BOOK, written + KeyDocuments.MARK + KeyDocuments.tables());
    for (Key<?> key : Keys.ALL) {
      assertThat(book).contains("| `" + key.name() + "`");
    }
  }

  @Test
  void theSampleIsTheDefault() {
    NodeConfig asItStands = read(KeyDocuments.sample());
    String uncommented =
        Pattern.compile("(?m)^#(?=[a-z_]+ = \\S)").matcher(KeyDocuments.sample()).replaceAll("");
    NodeConfig spelledOut = read(uncommented);
    assertThat(spelledOut.settings().given()).hasSizeGreaterThan(40);
    assertThat(spelledOut.raleConfig()).isEqualTo(asItStands.raleConfig());
    assertThat(spelledOut.logging()).isEqualTo(asItStands.logging());
    assertThat(Reload.between(asItStands, spelledOut).needRestart()).isEmpty();
  }

  private static NodeConfig read(String text) {
    Loaded loaded = ConfigReader.parse("sample", text, Map.of());
    assertThat(loaded.errors()).isEmpty();
    return loaded.config().orElseThrow();
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3})
  void theThreeNodesOfTheQuickStartFitEachOther(int id) {
    Loaded loaded = ConfigReader.read(Path.of("../conf/raled" + id + ".conf"), Map.of());
    assertThat(loaded.problems()).isEmpty();
    NodeConfig config = loaded.config().orElseThrow();
    assertThat(
            List.of(
                config.nodeId(),
                config.nodeName(),
                config.nodeIp(),
                config.ralePort(),
                config.dstorePort(),
                config.controlSocket().toString()))
        .containsExactly(
            id,
            "node" + id,
            "127.0.0.1",
            7390 + 10 * id,
            7391 + 10 * id,
            "/tmp/rale_" + (7390 + 10 * id) + ".sock");
    assertThat(config.dataDirectory()).isEqualTo(Path.of("./data/node" + id));
    assertThat(config.founders()).isEmpty();
  }
}
