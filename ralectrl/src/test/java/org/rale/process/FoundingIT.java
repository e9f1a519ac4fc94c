package org.rale.process;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.stream.Collectors;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** How a cluster begins. */
@Timeout(value = 180, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class FoundingIT {
  @TempDir Path home;

  private static Cluster withMembers(Path home) throws Exception {
    Cluster cluster = Cluster.of(home);
    String members = cluster.nodes.stream().map(Daemon::founder).collect(Collectors.joining(", "));
    for (Daemon node : cluster.nodes) {
      node.set("cluster_members", members);
    }
    return cluster;
  }

  private static final String PUT_FOR_A_MOMENT =
      "{\"command\":\"PUT\",\"key\":\"k\",\"value\":\"v\",\"timeout_ms\":200}";

  @Test
  @DisplayName("cluster_members found it together, in any order, as soon as the last one is there")
  void together() throws Exception {
    try (Cluster cluster = withMembers(home)) {
      cluster.node(3).launch();
      cluster.node(1).launch();
      cluster.node(3).awaitReady();
      cluster.node(1).awaitReady();
      assertThat(cluster.node(1).ask(PUT_FOR_A_MOMENT))
          .contains("NOT_MEMBER", "node 1 is in no cluster yet", "missing", "node 2 at 127.0.0.1")
          .doesNotContain("node 3 at");
      assertThat(cluster.node(3).ask(PUT_FOR_A_MOMENT)).contains("NOT_MEMBER", "node 1 at");
      try (Client client = cluster.node(3).connect()) {
        client.send("{\"command\":\"PUT\",\"key\":\"early\",\"value\":\"v\",\"timeout_ms\":30000}");
        cluster.node(2).start();
        assertThat(client.reply()).startsWith("{\"status\":\"ok\"");
      }
      cluster.whole();
      assertThat(cluster.follower().ask("PUT k v")).isEqualTo("OK: v");

      for (Daemon node : cluster.nodes) {
        node.kill9();
      }
      cluster.whole();
      assertThat(cluster.node(2).ask("GET k")).isEqualTo("OK: v");
    }
  }

  @Test
  @DisplayName("later starts go by cluster.db, with a warning where the list differs")
  void anotherList() throws Exception {
    try (Cluster cluster = withMembers(home)) {
      cluster.whole();
      Daemon node = cluster.node(2);
      assertThat(node.log()).doesNotContain("cluster_members differs");
      node.kill9();
      node.set("cluster_members", node.founder());
      cluster.whole();
      assertThat(node.log())
          .contains("cluster_members differs from cluster.db, which counts:")
          .contains("node 1 is a member, and not listed; node 3 is a member, and not listed");
      assertThat(node.says("cluster_size", "3")).isTrue();
    }
  }

  @Test
  @DisplayName("S-06 a founder whose disk was emptied founds no second cluster")
  void emptiedFounder() throws Exception {
    try (Cluster cluster = withMembers(home)) {
      cluster.whole();
      String id = cluster.leader().status().get("cluster_id");
      cluster.put("k", "v");
      Daemon founder = cluster.node(1);
      founder.kill9();
      java.nio.file.Files.delete(founder.clusterDb());
      founder.start();
      Until.holds(
          "it says so",
          () -> founder.log().contains("it does not found a second one. REMOVE 1 there"));
      assertThat(founder.says("cluster_size", "0")).isTrue();
      assertThat(founder.says("voted_for", "-1")).isTrue();
      assertThat(cluster.node(2).ask("PUT k w")).isEqualTo("OK: w");
      assertThat(cluster.node(2).says("cluster_id", id)).isTrue();

      assertThat(cluster.node(2).ask("REMOVE 1")).isEqualTo("OK: node 1 removed");
      assertThat(cluster.node(2).ask("ADD " + founder.words())).isEqualTo("OK: node 1 added");
      Until.holds("it has the data", () -> founder.ask("GET k LOCAL").equals("OK: w"));
    }
  }

  @Test
  @DisplayName("ADD of the node itself must equal its configuration; each difference is told")
  void alone() throws Exception {
    try (Daemon node = new Daemon(home, 1)) {
      node.start();
      assertThat(node.ask("ADD 1 other 127.0.0.2 1 2"))
          .startsWith("ERROR: node 1 is configured otherwise (")
          .contains("name is node1, not other")
          .contains("ip is 127.0.0.1, not 127.0.0.2")
          .contains("rale_port is " + node.ralePort + ", not 1")
          .contains("dstore_port is " + node.dstorePort + ", not 2");
      assertThat(node.ask("ADD 2 node2 127.0.0.1 1 2"))
          .startsWith("ERROR: node 1 is in no cluster, and can only ADD itself");
      assertThat(node.ask("ADD " + node.words())).isEqualTo("OK: node 1 added");
      assertThat(node.ask("REMOVE 1")).startsWith("ERROR: node 1 is the last member");
    }
  }
}
