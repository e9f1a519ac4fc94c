package org.rale.process;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Files of a node that are damaged, in use, or another's. */
@Timeout(value = 180, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class FileIT {
  @TempDir Path home;
  private Daemon node;

  @BeforeEach
  void make() throws IOException {
    node = new Daemon(home, 1);
    node.start();
    assertThat(node.ask("ADD " + node.words())).isEqualTo("OK: node 1 added");
    for (int i = 0; i < 20; i++) {
      assertThat(node.ask("PUT k" + i + " " + "v".repeat(100))).startsWith("OK: v");
    }
  }

  @AfterEach
  void end() {
    node.close();
  }

  @Test
  @DisplayName(
      "S-05 a flipped byte in the middle: exit code 3 and a sentence; put right, all is there")
  void damaged() throws Exception {
    node.kill9();
    byte[] bytes = Files.readAllBytes(node.clusterDb());
    // Behind the end of the log there is free space: the first of the values is well inside.
    int inside = new String(bytes, ISO_8859_1).indexOf("vvvv");
    bytes[inside] ^= 1;
    Files.write(node.clusterDb(), bytes);
    node.launch();
    assertThat(node.exitCode()).isEqualTo(3);
    assertThat(node.log())
        .containsPattern("raled: file \"" + node.clusterDb() + "\" is damaged at byte \\d+\\. ")
        .contains("REMOVE node 1, empty its data directory and ADD it again")
        .contains("ralectrl DB check " + node.clusterDb());
    assertThat(node.pidFile()).doesNotExist();
    assertThat(Files.readAllBytes(node.clusterDb())).isEqualTo(bytes);

    bytes[inside] ^= 1;
    Files.write(node.clusterDb(), bytes);
    node.start();
    Until.holds("k19 is there", () -> node.ask("GET k19").equals("OK: " + "v".repeat(100)));
  }

  @Test
  @DisplayName("S-05 a torn tail is cut: what was acknowledged before it is there")
  void torn() throws Exception {
    node.kill9();
    byte[] bytes = Files.readAllBytes(node.clusterDb());
    int end = new String(bytes, ISO_8859_1).lastIndexOf("vvvv");
    // As if the system had stopped in the middle of the last write.
    Arrays.fill(bytes, end, bytes.length, (byte) 0);
    Files.write(node.clusterDb(), bytes);
    node.start();
    Until.holds("k18 is there", () -> node.ask("GET k18").equals("OK: " + "v".repeat(100)));
    assertThat(node.ask("GET k19")).isEqualTo("ERROR: key not found: k19");
  }

  @Test
  @DisplayName("S-06 another node's cluster.db: exit code 3 and a sentence")
  void foreign() throws Exception {
    node.kill9();
    try (Daemon other = new Daemon(home, 2)) {
      Files.createDirectories(other.data());
      Files.copy(node.clusterDb(), other.clusterDb());
      other.launch();
      assertThat(other.exitCode()).isEqualTo(3);
      assertThat(other.log())
          .contains("cluster.db\" belongs to node 1, not to node 2")
          .contains("Correct node_id or the path in the configuration");
    }
  }

  @Test
  @DisplayName(
      "a second daemon on the directory, and one on the ports, are refused with exit code 1")
  void second() throws Exception {
    try (Daemon other = new Daemon(home, 2)) {
      other.set("path", node.data().toString()).set("node_id", "1").launch();
      assertThat(other.exitCode()).isEqualTo(1);
      assertThat(other.log()).contains("data directory \"" + node.data() + "\" is in use");

      other.set("dstore_port", "" + node.dstorePort).launch();
      assertThat(other.exitCode()).isEqualTo(1);
      assertThat(other.log()).contains("" + node.dstorePort);
    }
    assertThat(node.ask("GET k0")).startsWith("OK: v");
  }
}
