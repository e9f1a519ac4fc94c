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

/** Node 1 has its directory on a file system of a few megabytes; root alone can make one. */
@Timeout(120)
class FullDiskIT {
  private static final String VALUE = "x".repeat(1_000);

  @TempDir private Path home;
  private String small = "";

  @BeforeEach
  void mount() throws Exception {
    small = Files.createDirectories(home.resolve("n1")).toString();
    assumeTrue(
        run("mount", "-t", "tmpfs", "-o", "size=3m", "tmpfs", small) == 0,
        "no file system can be mounted here");
  }

  @AfterEach
  void unmount() throws Exception {
    run("umount", small);
  }

  private void makeRoom() throws Exception {
    assertThat(run("mount", "-o", "remount,size=64m", small)).isZero();
  }

  private static int run(String... command) throws Exception {
    try {
      return new ProcessBuilder(command).redirectErrorStream(true).start().waitFor();
    } catch (IOException e) {
      return -1;
    }
  }

  @Test
  @DisplayName("a full disk: nothing is acknowledged, STATUS says why, and room is all it needs")
  void waitsForRoomAndGoesOn() throws Exception {
    try (Daemon node = new Daemon(home, 1)) {
      node.start();
      node.ask("ADD " + node.words());
      int acknowledged = fill(node);
      assertThat(acknowledged).isGreaterThan(100);
      assertThat(node.says("state", "disk_full")).isTrue();

      makeRoom();
      Until.holds("PUT more", () -> node.ask("PUT more x").equals("OK: x"));
      assertAll(node, acknowledged);
      node.kill9();
      node.start();
      Until.holds("a leader", () -> node.says("state", "ok"));
      assertAll(node, acknowledged);
    }
  }

  @Test
  @DisplayName("S-11 a leader whose disk is full leads no more, and is back when it has room")
  void theOthersGoOn() throws Exception {
    try (Cluster cluster = Cluster.formed(home).whole()) {
      Daemon full = cluster.node(1);
      Until.holds(
          "node 1 leads",
          () -> full.says("role", "leader") || !full.ask("TRANSFER 1").startsWith("OK"));
      // It passes requests on when another one leads: its clients notice nothing.
      int acknowledged = 0;
      try (Client client = full.connect()) {
        while (acknowledged % 50 != 0 || !full.says("state", "disk_full")) {
          String reply = client.ask("PUT k" + acknowledged + " " + VALUE);
          acknowledged += reply.startsWith("OK: ") ? 1 : 0;
        }
      }
      cluster.put("more", "x");
      assertThat(cluster.leader()).isNotEqualTo(full);
      assertThat(full.says("state", "disk_full")).isTrue();
      assertAll(cluster.leader(), acknowledged);

      makeRoom();
      Until.holds("node 1 is back", () -> full.says("state", "ok"));
      cluster.put("more", "y");
      assertAll(full, acknowledged);
    }
  }

  /** Until a write is not acknowledged; returns how many were. */
  private static int fill(Daemon node) throws IOException {
    int acknowledged = 0;
    try (Client client = node.connect()) {
      while (client.ask("PUT k" + acknowledged + " " + VALUE).startsWith("OK: ")) {
        acknowledged++;
      }
    }
    return acknowledged;
  }

  private static void assertAll(Daemon node, int acknowledged) throws IOException {
    try (Client client = node.connect()) {
      for (int i = 0; i < acknowledged; i++) {
        assertThat(client.ask("GET k" + i)).as("k%d", i).isEqualTo("OK: " + VALUE);
      }
    }
  }
}
