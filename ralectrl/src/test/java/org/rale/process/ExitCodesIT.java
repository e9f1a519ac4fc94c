package org.rale.process;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** scripts/ralectrl against real daemons: each of its exit codes. */
@Timeout(value = 180, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class ExitCodesIT {
  @TempDir static Path home;
  private static Cluster cluster;

  @BeforeAll
  static void form() throws Exception {
    cluster = Cluster.formed(home).whole();
  }

  @AfterAll
  static void end() {
    cluster.close();
  }

  private static Cli.Ended ok(String out) {
    return new Cli.Ended(0, out, "");
  }

  @Test
  void doneIsZero() throws Exception {
    Daemon node = cluster.node(2);
    assertThat(Cli.to(node, "PUT", "color", "dark  blue ")).isEqualTo(ok("OK\n"));
    assertThat(Cli.to(node, "get", "color")).isEqualTo(ok("dark  blue \n"));
    byte[] input = "from a pipe\n\u00e4".getBytes(StandardCharsets.UTF_8);
    assertThat(Cli.runWithInput(input, "--socket", node.socket().toString(), "PUT", "color", "-"))
        .isEqualTo(ok("OK\n"));
    assertThat(Cli.run("--config", node.config().toString(), "GET", "-n", "color"))
        .isEqualTo(ok("from a pipe\n\u00e4"));
    assertThat(Cli.to(node, "LIST").out()).contains("node1", "node2", "node3", "leader");
  }

  @Test
  void refusedIsOneAndUsageIsTwo() throws Exception {
    Cli.Ended refused = Cli.to(cluster.node(1), "REMOVE", "9");
    assertThat(refused.exitCode()).isEqualTo(1);
    assertThat(refused.err()).contains("ralectrl: error: node 9 is not a member");
    assertThat(Cli.to(cluster.node(1), "PUT").exitCode()).isEqualTo(2);
  }

  @Test
  void noKeyIsFourAndMismatchIsFive() throws Exception {
    Cli.Ended none = Cli.to(cluster.node(1), "GET", "no/such/key");
    assertThat(none.exitCode()).isEqualTo(4);
    assertThat(none.out()).isEmpty();
    assertThat(Cli.to(cluster.node(1), "PUT", "five", "x").exitCode()).isZero();
    Cli.Ended mismatch = Cli.to(cluster.node(1), "CAS", "five", "0", "y");
    assertThat(mismatch.exitCode()).isEqualTo(5);
    assertThat(mismatch.err()).contains("revision mismatch");
  }

  @Test
  void nobodyThereOrNoLeaderIsThree() throws Exception {
    assertThat(Cli.run("--server", "127.0.0.1:" + Ports.free(), "PING").exitCode()).isEqualTo(3);
    Daemon leader = cluster.leader();
    for (Daemon node : cluster.nodes) {
      if (node != leader) {
        node.signal("STOP");
      }
    }
    Cli.Ended none;
    try {
      Until.holds("the leader gives up", () -> leader.says("leader_id", "-1"));
      none = Cli.to(leader, "--timeout", "1", "PUT", "k", "v");
    } finally {
      for (Daemon node : cluster.nodes) {
        node.signal("CONT");
      }
    }
    assertThat(none.exitCode()).isEqualTo(3);
    assertThat(none.err()).contains("no leader");
    cluster.whole();
  }

  /** A node that stands still takes the connection and the request, as its kernel does that. */
  @Test
  void unknownOutcomeIsSix() throws Exception {
    Daemon silent = cluster.follower();
    silent.signal("STOP");
    Cli.Ended unknown;
    try {
      unknown = Cli.to(silent, "--timeout", "1", "PUT", "six", "v");
    } finally {
      silent.signal("CONT");
    }
    assertThat(unknown.exitCode()).isEqualTo(6);
    assertThat(unknown.out()).isEmpty();
    assertThat(unknown.err()).contains("outcome unknown");
    cluster.whole();
  }
}
