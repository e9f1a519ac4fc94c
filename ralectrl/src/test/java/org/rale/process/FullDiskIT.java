package org.rale.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A node whose data directory is a file system of a few megabytes; root alone can make one. */
@Timeout(120)
class FullDiskIT {
  private static final String VALUE = "x".repeat(1_000);

  @TempDir private Path home;

  @BeforeEach
  void mount() throws Exception {
    assumeTrue(
        run("mount", "-t", "tmpfs", "-o", "size=3m", "tmpfs", home.toString()) == 0,
        "no file system can be mounted here");
  }

  @AfterEach
  void unmount() throws Exception {
    run("umount", home.toString());
  }

  private static int run(String... command) throws Exception {
    try {
      return new ProcessBuilder(command).redirectErrorStream(true).start().waitFor();
    } catch (IOException e) {
      return -1;
    }
  }

  @Test
  @DisplayName("S-03 a full disk: nothing is acknowledged, the node says why it stops, and is back")
  void stopsCleanlyAndIsBack() throws Exception {
    Path data = Files.createDirectories(home.resolve("n1/data"));
    int acknowledged = 0;
    try (Daemon node = new Daemon(home, 1)) {
      node.start();
      node.ask("ADD " + node.words());
      try (Client client = node.connect()) {
        while (client.ask("PUT k" + acknowledged + " " + VALUE).startsWith("OK: ")) {
          acknowledged++;
        }
      } catch (IOException e) {
        // The node is gone: that PUT has no answer.
      }
      assertThat(node.exitCode()).isEqualTo(1);
      assertThat(acknowledged).isGreaterThan(100);
      assertThat(data.resolve("cluster.db")).exists();

      assertThat(run("mount", "-o", "remount,size=64m", home.toString())).isZero();
      node.start();
      try (Client client = node.connect()) {
        for (int i = 0; i < acknowledged; i++) {
          assertThat(client.ask("GET k" + i)).as("k%d", i).isEqualTo("OK: " + VALUE);
        }
        assertThat(client.ask("PUT more x")).isEqualTo("OK: x");
      }
      // The log lies on the same disk, so what was to be said last may have found no room.
      assertThat(node.log()).contains("leads term");
    }
  }
}
