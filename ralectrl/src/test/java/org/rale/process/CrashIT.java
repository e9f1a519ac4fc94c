package org.rale.process;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Nodes that die, are stopped, and end as asked. */
@Timeout(value = 180, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class CrashIT {
  @TempDir static Path home;
  private static Cluster cluster;

  @BeforeAll
  static void form() throws Exception {
    cluster = Cluster.formed(home);
  }

  @AfterAll
  static void end() throws Exception {
    cluster.close();
  }

  @BeforeEach
  void heal() throws Exception {
    cluster.whole();
  }

  @Test
  @DisplayName("a write is read on every node")
  void written() throws Exception {
    assertThat(cluster.leader().ask("PUT color dark blue")).isEqualTo("OK: dark blue");
    for (Daemon node : cluster.nodes) {
      assertThat(node.ask("GET color")).isEqualTo("OK: dark blue");
    }
  }

  @Test
  @DisplayName("the leader is killed: another leads, and the old one comes back with all data")
  void leaderKilled() throws Exception {
    Daemon old = cluster.leader();
    assertThat(old.ask("PUT before 1")).isEqualTo("OK: 1");
    long term = Long.parseLong(old.status().get("term"));
    old.kill9();

    Daemon leader = cluster.leader();
    assertThat(leader).isNotSameAs(old);
    assertThat(Long.parseLong(leader.status().get("term"))).isGreaterThan(term);
    assertThat(leader.ask("GET before")).isEqualTo("OK: 1");
    cluster.put("during", "2");

    old.start();
    Until.holds("the old leader follows", () -> old.says("role", "follower"));
    assertThat(old.ask("GET before")).isEqualTo("OK: 1");
    assertThat(old.ask("GET during")).isEqualTo("OK: 2");
    Until.holds("its own copy has it too", () -> old.ask("GET during LOCAL").equals("OK: 2"));
  }

  @Test
  @DisplayName("S-02 all are killed at once: every acknowledged write is there after the restart")
  void allKilled() throws Exception {
    int written = 0;
    try (Client client = cluster.leader().connect()) {
      for (; written < 200; written++) {
        client.send("PUT all" + written + " " + written);
        if (written % 20 == 19) {
          for (int reply = written - 19; reply <= written; reply++) {
            assertThat(client.reply()).isEqualTo("OK: " + reply);
          }
        }
      }
    }
    for (Daemon node : cluster.nodes) {
      node.signal("KILL");
    }
    for (Daemon node : cluster.nodes) {
      node.exitCode();
    }
    cluster.whole();
    try (Client client = cluster.follower().connect()) {
      for (int i = 0; i < written; i++) {
        assertThat(client.ask("GET all" + i)).isEqualTo("OK: " + i);
      }
    }
  }

  @Test
  @DisplayName(
      "S-12 a leader that stood still gives no stale answer, and acknowledges nothing more")
  void leaderStopped() throws Exception {
    Daemon old = cluster.leader();
    assertThat(old.ask("PUT still old")).isEqualTo("OK: old");
    Map<String, String> before = old.status();
    try (Client reader = old.connect();
        Client writer = old.connect()) {
      assertThat(reader.ask("PING")).isEqualTo("OK: PONG");
      assertThat(writer.ask("PING")).isEqualTo("OK: PONG");
      old.signal("STOP");
      try {
        Daemon other = cluster.nodes.stream().filter(node -> node != old).findFirst().orElseThrow();
        Until.holds(
            "a new leader in a new term",
            () ->
                !other.says("leader_id", "-1") && !other.says("leader_id", before.get("node_id")));
        Until.holds("PUT at the new one", () -> other.ask("PUT still new").equals("OK: new"));
        assertThat(Long.parseLong(other.status().get("term")))
            .isGreaterThan(Long.parseLong(before.get("term")));
        // These wait in the sleeper's buffers: the first things it sees when it wakes.
        reader.send("GET still");
        writer.send("CAS mine 0 x");
      } finally {
        old.signal("CONT");
      }
      assertThat(reader.reply()).isEqualTo("OK: new");
      String written = writer.reply();
      Until.holds("the sleeper follows", () -> old.says("role", "follower"));
      if (written.startsWith("OK: ")) {
        // It was passed on to the new leader, so it is in the one history.
        assertThat(cluster.leader().ask("GET mine")).isEqualTo("OK: x");
      } else {
        assertThat(written).startsWith("ERROR: ");
      }
    }
  }

  @Test
  @DisplayName("TERM hands leadership over: the next write on another node succeeds at once")
  void leaderEnds() throws Exception {
    Daemon old = cluster.leader();
    Daemon other = cluster.follower();
    long term = Long.parseLong(old.status().get("term"));
    try (Client client = other.connect()) {
      assertThat(client.ask("PUT graceful 0")).isEqualTo("OK: 0");
      old.signal("TERM");
      for (int i = 1; old.isRunning(); i++) {
        assertThat(client.ask("PUT graceful " + i)).isEqualTo("OK: " + i);
      }
      assertThat(client.ask("PUT graceful end")).isEqualTo("OK: end");
    }
    assertThat(old.exitCode()).isZero();
    assertThat(old.log()).contains("handing leadership over to node ");
    assertThat(Long.parseLong(other.status().get("term"))).isEqualTo(term + 1);
    assertThat(old.socket()).doesNotExist();
    assertThat(old.pidFile()).doesNotExist();
  }
}
