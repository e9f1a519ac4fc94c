package org.rale.process;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The life of one daemon: signals, PID file, --check, --daemon, START and STOP. */
@Timeout(value = 180, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class LifeIT {
  @TempDir Path home;
  private Daemon node;

  @BeforeEach
  void make() throws IOException {
    node = new Daemon(home, 1);
  }

  @AfterEach
  void end() {
    node.close();
  }

  private void awaitLog(String sentence) {
    Until.holds("the log says: " + sentence, () -> node.log().contains(sentence));
  }

  @Test
  void signals() throws Exception {
    node.start();
    assertThat(node.pidFile()).hasContent(node.pid() + "\n");
    node.signal("USR1");
    awaitLog("INFO raled: status: STATUS: node_id=1, role=follower, cluster_size=0,");
    node.signal("USR2");
    awaitLog("INFO raled: health: 0 client connections over ");

    assertThat(node.log()).doesNotContain(" DEBUG ");
    node.set("comm_log_level", "debug").set("raled_log_level", "debug");
    node.signal("HUP");
    awaitLog("reloaded: ");
    // What takes effect is seen at a connection that goes wrong.
    try (Client client = node.connect()) {
      client.sendRaw(new byte[] {(byte) 0x8E, 0, 0, 0, 0, 0, 0, 0});
      assertThat(client.isAtEnd()).isTrue();
    }
    awaitLog(" DEBUG comm: ");

    node.signal("INT");
    assertThat(node.exitCode()).isZero();
    assertThat(node.log()).contains("SIGINT: stopping").contains("INFO raled: stopped");
    assertThat(node.pidFile()).doesNotExist();
    assertThat(node.socket()).doesNotExist();
  }

  @Test
  void stopOverTheControlSocket() throws Exception {
    node.start();
    assertThat(node.ask("STOP")).startsWith("ERROR: STOP is taken over the control socket only");
    try (Client client = Client.unix(node.socket())) {
      assertThat(client.ask("ADD " + node.words())).isEqualTo("OK: node 1 added");
      assertThat(client.ask("PUT k v")).isEqualTo("OK: v");
      assertThat(client.ask("STOP")).isEqualTo("OK: stopping");
      assertThat(client.isAtEnd()).isTrue();
    }
    assertThat(node.exitCode()).isZero();
    node.start();
    Until.holds("the data is there", () -> node.ask("GET k").equals("OK: v"));
  }

  /** 128 and the signal's number: the kernel ends the process, and nothing is tidied up. */
  @Test
  void quitStopsAtOnceAndLosesNothing() throws Exception {
    node.start();
    assertThat(node.ask("ADD " + node.words())).isEqualTo("OK: node 1 added");
    assertThat(node.ask("PUT k v")).isEqualTo("OK: v");
    node.signal("QUIT");
    assertThat(node.exitCode()).isEqualTo(128 + 3);
    assertThat(node.pidFile()).exists();
    node.start();
    assertThat(node.pidFile()).hasContent(node.pid() + "\n");
    Until.holds("the data is there", () -> node.ask("GET k").equals("OK: v"));
  }

  @Test
  void sizesOfTheConfiguration() throws Exception {
    node.set("max_value_size", "2000").set("max_size", "3000").start();
    assertThat(node.ask("ADD " + node.words())).isEqualTo("OK: node 1 added");
    assertThat(node.ask("PUT large " + "v".repeat(2001)))
        .isEqualTo(
            "ERROR: the value has 2001 bytes, more than 2000; max_value_size in the configuration"
                + " sets the limit");
    String value = "v".repeat(2000);
    assertThat(node.ask("PUT first " + value)).isEqualTo("OK: " + value);
    assertThat(node.ask("PUT second " + value)).startsWith("ERROR: the store is full (");
    assertThat(node.ask("{\"command\":\"PUT\",\"key\":\"second\",\"value\":\"" + value + "\"}"))
        .contains("\"code\":\"STORE_FULL\"", "DELETE keys, or raise max_size on every node");
    assertThat(node.ask("GET second")).isEqualTo("ERROR: key not found: second");
    assertThat(node.ask("DELETE first")).isEqualTo("OK: deleted 1");
    assertThat(node.ask("PUT second " + value)).isEqualTo("OK: " + value);
  }

  /** The same log is short enough for the defaults, and too long for other settings. */
  @Test
  void whenClusterDbIsRewritten() throws Exception {
    node.start();
    assertThat(node.ask("ADD " + node.words())).isEqualTo("OK: node 1 added");
    String value = "v".repeat(100_000);
    try (Client client = node.connect()) {
      for (int i = 0; i < 30; i++) {
        assertThat(client.ask("PUT k " + value)).isEqualTo("OK: " + value);
      }
    }
    node.signal("TERM");
    assertThat(node.exitCode()).isZero();
    node.start();
    Until.holds("the data is there", () -> node.ask("GET k").equals("OK: " + value));
    assertThat(node.status()).containsEntry("snapshot_index", "0");

    node.signal("TERM");
    assertThat(node.exitCode()).isZero();
    node.set("rewrite_min_size", "1MB").set("rewrite_share", "0").start();
    Until.holds("it is rewritten", () -> !node.says("snapshot_index", "0"));
    assertThat(node.ask("GET k")).isEqualTo("OK: " + value);
  }

  @Test
  void check() throws Exception {
    Process good = node.launch("--check").process();
    String report = new String(good.getInputStream().readAllBytes(), UTF_8);
    assertThat(node.exitCode()).isZero();
    assertThat(report.lines()).isNotEmpty().allMatch(line -> line.startsWith("ok      "));
    assertThat(node.data()).doesNotExist();

    try (Daemon other = new Daemon(home, 2)) {
      other.start();
      node.set("dstore_port", "" + other.dstorePort);
      report = new String(node.launch("--check").process().getInputStream().readAllBytes(), UTF_8);
      assertThat(node.exitCode()).isEqualTo(1);
      assertThat(report).contains("FAILED  dstore port 127.0.0.1:" + other.dstorePort + "/tcp: ");
    }
  }

  @Test
  void startAndStopByRalectrl() throws Exception {
    node.set("log_directory", node.home.toString());
    Path ready = home.resolve("ready");
    String config = node.config().toString();
    Cli.Ended start = Cli.run("START", "--config", config, "--stdout", ready.toString());
    try {
      assertThat(start).isEqualTo(new Cli.Ended(0, "node 1 started\n", ""));
      assertThat(ready).hasContent(node.readyLine() + "\n");
      Cli.Ended again = Cli.run("START", "--config", config);
      assertThat(again.exitCode()).isEqualTo(1);
      assertThat(again.err()).contains("the node of " + config + " runs already");
    } finally {
      Cli.Ended stop = Cli.run("STOP", "--config", config);
      assertThat(stop).isEqualTo(new Cli.Ended(0, "node 1 stopped\n", ""));
    }
    Cli.Ended again = Cli.run("STOP", "--config", config);
    assertThat(again.exitCode()).isEqualTo(3);
    assertThat(again.err()).contains("the node is not running");
    // It is gone, with its lock and its ports: the next one starts at once.
    node.start();
    node.kill9();

    Files.write(node.clusterDb(), new byte[100]);
    Cli.Ended damaged = Cli.run("START", "--config", config);
    assertThat(damaged.exitCode()).isEqualTo(3);
    assertThat(damaged.err()).contains("is damaged at byte ");
  }
}
