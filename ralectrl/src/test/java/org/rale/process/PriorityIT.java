package org.rale.process;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/** Leadership goes to the node of higher priority, and stays where an operator puts it. */
@Execution(ExecutionMode.CONCURRENT)
@Timeout(value = 240, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class PriorityIT {
  @TempDir Path home;

  @Test
  void leadershipMovesToTheHigherPriorityAndBackToItAfterItsDeath() throws Exception {
    try (Cluster cluster = Cluster.of(home)) {
      Daemon preferred = cluster.node(3);
      preferred.set("node_priority", "100");
      cluster.form();
      Until.holds("node 3 leads", () -> cluster.leader() == preferred);
      assertThat(cluster.node(1).log()).contains("node 3 is caught up and has priority 100");

      preferred.kill9();
      assertThat(cluster.leader()).isNotSameAs(preferred);
      preferred.start();
      Until.holds("node 3 leads again", () -> cluster.leader() == preferred);

      String term = preferred.status().get("term");
      assertThat(preferred.ask("TRANSFER 1")).isEqualTo("OK: leader is node 1");
      assertThat(cluster.leader()).isSameAs(cluster.node(1));
      assertThat(cluster.node(1).log())
          .as("it does not go back at once to whoever gave it")
          .contains("node 3 hands leadership over to this node");
      assertThat(Long.parseLong(cluster.node(1).status().get("term")))
          .isGreaterThan(Long.parseLong(term));
    }
  }
}
