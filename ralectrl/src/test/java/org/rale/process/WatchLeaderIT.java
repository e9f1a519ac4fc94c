package org.rale.process;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/** Scripts that wait for another leader. */
@Execution(ExecutionMode.CONCURRENT)
@Timeout(value = 180, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class WatchLeaderIT {
  private static final Path RALECTRL = Path.of("../scripts/ralectrl").toAbsolutePath().normalize();

  @TempDir Path home;

  private static String servers(Cluster cluster) {
    return cluster.nodes.stream()
        .map(node -> "127.0.0.1:" + node.dstorePort)
        .collect(Collectors.joining(","));
  }

  private static String line(Daemon leader) throws Exception {
    return "leader %d node%d 127.0.0.1 %d term %s"
        .formatted(leader.id, leader.id, leader.dstorePort, leader.status().get("term"));
  }

  @Test
  void aLineFollowsWhenTheLeaderIsKilled() throws Exception {
    try (Cluster cluster = Cluster.formed(home).whole()) {
      Daemon old = cluster.leader();
      // Whoever runs the tests in the background may ignore INT, and processes inherit that.
      ProcessBuilder builder =
          new ProcessBuilder(
              "env",
              "--default-signal=INT",
              RALECTRL.toString(),
              "--server",
              servers(cluster),
              "WATCH-LEADER");
      Quick.environment(builder);
      Process watch = builder.redirectError(ProcessBuilder.Redirect.INHERIT).start();
      try (BufferedReader lines = watch.inputReader()) {
        assertThat(lines.readLine()).isEqualTo(line(old));
        old.kill9();
        String line = lines.readLine();
        // First of all that nobody leads, and on a busy machine more leaders before the last one.
        while (!line.equals(line(cluster.leader()))) {
          assertThat(line).doesNotStartWith("leader " + old.id + " ");
          line = lines.readLine();
        }
        assertThat(line).startsWith("leader ").doesNotStartWith("leader " + old.id + " ");
        new ProcessBuilder("kill", "-INT", "" + watch.pid()).start().waitFor();
        assertThat(watch.waitFor()).isZero();
        assertThat(lines.readLine()).isNull();
      } finally {
        watch.destroyForcibly();
      }
    }
  }

  @Test
  void overTheProtocol() throws Exception {
    try (Cluster cluster = Cluster.formed(home).whole()) {
      Daemon leader = cluster.leader();
      Daemon node = cluster.follower();
      String term = node.status().get("term");
      String now =
          "LEADER: leader_id=%d, term=%s, name=node%d, ip=127.0.0.1, rale_port=%d, dstore_port=%d"
              .formatted(leader.id, term, leader.id, leader.ralePort, leader.dstorePort);
      String known = "WATCH-LEADER " + leader.id + " " + term;
      assertThat(node.ask("WATCH-LEADER")).isEqualTo(now);
      assertThat(node.ask("WATCH-LEADER -1 0")).isEqualTo(now);
      assertThat(node.ask(known + " 50")).isEqualTo(now);
      assertThat(Cli.to(node, "WATCH-LEADER", "--count", "1"))
          .isEqualTo(new Cli.Ended(0, line(leader) + "\n", ""));
      try (Client client = node.connect()) {
        client.send("PING");
        client.send(known + " 60000");
        assertThat(client.reply()).isEqualTo("OK: PONG");
        assertThat(node.ask("WATCH-LEADER")).as("the other one waits").isEqualTo(now);
        List<String> stop = List.of("--config", node.config().toString(), "STOP");
        assertThat(Cli.run(stop.toArray(String[]::new)).exitCode()).isZero();
        assertThat(client.reply()).isEqualTo("ERROR: this node is shutting down; ask another node");
        assertThat(node.exitCode()).isZero();
      }
    }
  }
}
