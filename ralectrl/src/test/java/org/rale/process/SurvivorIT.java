package org.rale.process;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** One of three is left, and the others come back. */
@Timeout(value = 180, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class SurvivorIT {
  /** A request that no leader takes comes back after so long: several election timeouts. */
  private static final String GET = "{\"command\":\"GET\",\"key\":\"k\",\"timeout_ms\":400}";

  private static final int ROUNDS = 8;

  @TempDir Path home;

  @Test
  @DisplayName("it says which quorum is missing, never leads, and follows when the others are back")
  void twoOfThreeAreGone() throws Exception {
    try (Cluster cluster = Cluster.formed(home).whole()) {
      cluster.put("k", "v");
      Daemon leader = cluster.leader();
      Daemon left = cluster.follower();
      Daemon other =
          cluster.nodes.stream().filter(n -> n != leader && n != left).findFirst().orElseThrow();
      other.kill9();
      leader.kill9();
      List<Daemon> gone = leader.id < other.id ? List.of(leader, other) : List.of(other, leader);

      String problem =
          "no quorum: 2 of 3 voters must be online and only node %d is".formatted(left.id)
              + gone.stream().map(SurvivorIT::refused).reduce("", String::concat);
      Until.holds("it says what is wrong", () -> left.says("problem", problem));
      assertThat(left.status()).containsEntry("state", "no_leader");
      neverLeads(left, problem.substring("no quorum: ".length()));

      // One of them is a quorum again.
      comesBack(left, other);
      comesBack(left, leader);
      cluster.whole();
      assertThat(left.status()).containsEntry("state", "ok").doesNotContainKey("problem");
      assertThat(left.ask("GET k")).isEqualTo("OK: v");
    }
  }

  private static String refused(Daemon node) {
    return "; no link to node %d: connection refused (127.0.0.1:%d)"
        .formatted(node.id, node.dstorePort);
  }

  private static void neverLeads(Daemon left, String detail) throws Exception {
    String term = left.status().get("term");
    for (int round = 0; round < ROUNDS; round++) {
      assertThat(left.ask(GET)).contains("\"code\":\"NO_LEADER\"").contains(detail);
      Map<String, String> status = left.status();
      assertThat(status).containsEntry("term", term).containsEntry("leader_id", "-1");
      assertThat(status.get("role")).isIn("follower", "candidate");
    }
  }

  /** How soon it does is measured by scripts/bench/failover. */
  private static void comesBack(Daemon left, Daemon node) throws Exception {
    node.start();
    Until.holds(
        "there is a leader, and both know it",
        () -> {
          Map<String, String> status = left.status();
          return status.get("state").equals("ok")
              && node.says("leader_id", status.get("leader_id"));
        });
  }
}
