package org.rale.process;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A node whose peers are gone. */
@Timeout(value = 180, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class AloneIT {
  @TempDir Path home;

  private static int offline(Daemon node) throws Exception {
    return node.ask("LIST").split("\"role\":\"unknown\",\"state\":\"offline\"", -1).length - 1;
  }

  @Test
  @DisplayName("it answers what needs no quorum, refuses the rest, and says why")
  void alone() throws Exception {
    try (Cluster cluster = Cluster.of(home)) {
      for (Daemon node : cluster.nodes) {
        node.set("communication_timeout", "1");
      }
      cluster.form();
      cluster.put("k", "v");
      Daemon left = cluster.follower();
      Until.holds("the own copy", () -> left.ask("GET k LOCAL").equals("OK: v"));
      for (Daemon node : cluster.nodes) {
        if (node != left) {
          node.kill9();
        }
      }
      Until.holds("both are missed", () -> offline(left) == 2);
      Until.holds("nobody leads", () -> left.says("leader_id", "-1"));

      assertThat(left.ask("PING")).isEqualTo("OK: PONG");
      assertThat(left.status()).containsEntry("cluster_size", "3").containsEntry("voters", "3");
      assertThat(left.ask("GET k LOCAL")).isEqualTo("OK: v");
      String reason =
          "no leader (2 of 3 voters must be online and only node %d is; no link to node "
              .formatted(left.id);
      for (String line :
          new String[] {"GET k", "KEYS", "PUT k w", "CAS k 0 w", "DELETE k", "TRANSFER"}) {
        assertThat(left.ask(line)).as(line).startsWith("ERROR: " + reason);
      }
      assertThat(left.ask("REMOVE 1")).startsWith("ERROR: " + reason);
      assertThat(left.ask("{\"command\":\"GET\",\"key\":\"k\",\"id\":5}"))
          .startsWith("{\"status\":\"error\",\"id\":5,\"code\":\"NO_LEADER\",");

      cluster.whole();
      assertThat(offline(left)).isZero();
      assertThat(left.ask("GET k")).isEqualTo("OK: v");
    }
  }
}
