package org.rale.process;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;
import java.util.stream.Collectors;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** {@code raled --rejoin}: a node whose cluster.db is damaged, lost or refused. */
@Timeout(value = 240, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class RejoinIT {
  @TempDir Path home;

  /** It votes again, and its table is the leader's. */
  private static void isBack(Cluster cluster, Daemon node) {
    Until.holds(
        "node " + node.id + " is a voter with the same data",
        () -> {
          Daemon leader = cluster.leader();
          return leader.says("voters_online", "3")
              && node.says("state", "ok")
              && node.says("last_applied", leader.status().get("last_applied"))
              && node.says("state_hash", leader.status().get("state_hash"));
        });
    Until.holds("it says so", () -> node.log().contains("voting member again: rejoined"));
    assertThat(node.data().resolve("cluster.rejoin")).doesNotExist();
  }

  private static void flipInTheMiddle(Path file) throws Exception {
    byte[] bytes = Files.readAllBytes(file);
    String text = new String(bytes, ISO_8859_1);
    bytes[text.indexOf("w0/", text.lastIndexOf("w0/") / 2)] ^= 1;
    Files.write(file, bytes);
  }

  @Test
  @DisplayName(
      "S-05 a voter's file is damaged under load: exit code 3, and --rejoin brings it back")
  void damaged() throws Exception {
    try (Cluster cluster = Cluster.formed(home)) {
      Ledger ledger = new Ledger();
      Writer writer = new Writer(0, cluster.nodes, ledger, new Random(1));
      Thread thread = new Thread(writer, "writer");
      thread.start();
      Until.holds("some writes", () -> ledger.acknowledgements() > 200);
      Daemon node = cluster.follower();
      node.kill9();
      flipInTheMiddle(node.clusterDb());

      assertThat(node.launch().exitCode()).isEqualTo(3);
      assertThat(node.log())
          .containsPattern("is damaged at byte \\d+")
          .contains("raled --config FILE --rejoin");
      node.launch("--rejoin").awaitReady();
      long before = ledger.acknowledgements();
      Until.holds("writes go on", () -> ledger.acknowledgements() > before + 50);
      writer.stop();
      thread.join();
      isBack(cluster, node);
      try (Client client = node.connect()) {
        assertThat(ledger.check(client)).isPositive();
      }
      assertThat(ledger.faults()).isEmpty();

      // The option is left in the unit file: a healthy voter keeps its data.
      node.kill9();
      node.launch("--rejoin").awaitReady();
      assertThat(node.log()).contains("nothing to rejoin: the cluster knows this cluster.db");
      Until.holds("it goes on", () -> node.says("state", "ok"));
      assertThat(node.log().split("was deleted", -1)).hasSize(2);
    }
  }

  @Test
  @DisplayName(
      "S-06 an emptied directory: also of the founder, and after a start without the option")
  void emptied() throws Exception {
    try (Cluster cluster = Cluster.of(home)) {
      String members = cluster.nodes.stream().map(Daemon::founder).collect(Collectors.joining(","));
      for (Daemon node : cluster.nodes) {
        node.set("cluster_members", members);
      }
      cluster.whole().put("k", "v");
      Daemon founder = cluster.node(1);
      founder.kill9();
      Files.delete(founder.clusterDb());
      founder.launch("--rejoin").awaitReady();
      isBack(cluster, founder);

      founder.kill9();
      Files.delete(founder.clusterDb());
      founder.start();
      Until.holds("it is refused", () -> founder.says("state", "no_cluster"));
      founder.kill9();
      founder.set("cluster_members", "");
      assertThat(founder.launch("--rejoin").exitCode()).isEqualTo(2);
      assertThat(founder.log()).contains("no member of its cluster is known");
      String server = "127.0.0.1:" + cluster.node(2).dstorePort;
      founder.launch("--rejoin", "--server", server).awaitReady();
      isBack(cluster, founder);
      assertThat(founder.ask("GET k")).isEqualTo("OK: v");
    }
  }

  @Test
  @DisplayName("two of three are down: refused with exit code 1, and the file is as it was")
  void alone() throws Exception {
    try (Cluster cluster = Cluster.formed(home)) {
      for (int i = 0; i < 20; i++) {
        cluster.put("w0/" + i, "v".repeat(100));
      }
      Daemon node = cluster.node(3);
      cluster.node(1).kill9();
      node.kill9();
      flipInTheMiddle(node.clusterDb());
      byte[] before = Files.readAllBytes(node.clusterDb());
      assertThat(node.launch("--rejoin").exitCode()).isEqualTo(1);
      assertThat(node.log())
          .contains("node 3 can't rejoin: the cluster did not agree. Its data is as it was.")
          .contains("no leader");
      assertThat(Files.readAllBytes(node.clusterDb())).isEqualTo(before);

      cluster.node(1).start();
      node.launch("--rejoin").awaitReady();
      isBack(cluster, node);
    }
  }
}
