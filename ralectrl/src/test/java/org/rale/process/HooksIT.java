package org.rale.process;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/** The hooks of real nodes. */
@Execution(ExecutionMode.CONCURRENT)
@Timeout(value = 240, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class HooksIT {
  @TempDir Path home;

  private static String lines(Daemon node, String name) throws IOException {
    Path file = node.home.resolve(name);
    return Files.exists(file) ? Files.readString(file) : "";
  }

  /** A node's directory is its working directory. */
  private static Daemon set(Daemon node) throws IOException {
    return node.set("on_role_change", "'echo $RALE_ROLE $RALE_LEADER_NAME $RALE_TERM >>roles'")
        .set("on_membership_change", "'echo $RALE_NODE_ID: $RALE_VOTERS >>members'");
  }

  private static boolean saysLast(Daemon node, String name, String words) throws IOException {
    String[] lines = lines(node, name).split("\n");
    return lines[lines.length - 1].startsWith(words);
  }

  @Test
  void theyFollowTheClusterOverAFailover() throws Exception {
    try (Cluster cluster = Cluster.of(home)) {
      for (Daemon node : cluster.nodes) {
        set(node);
      }
      cluster.form().whole();
      Daemon old = cluster.leader();
      for (Daemon node : cluster.nodes) {
        String role = node == old ? "leader" : "follower";
        Until.holds(
            "node " + node.id + " is told its role",
            () -> saysLast(node, "roles", role + " node" + old.id + " "));
        Until.holds(
            "node " + node.id + " is told the members",
            () -> saysLast(node, "members", node.id + ": 1 2 3"));
        assertThat(lines(node, "roles")).startsWith("none ");
      }
      old.kill9();
      Daemon fresh = cluster.leader();
      Until.holds(
          "the new leader is told",
          () ->
              saysLast(
                  fresh, "roles", "leader node" + fresh.id + " " + fresh.status().get("term")));
      old.start();
      Until.holds(
          "the old one is told", () -> saysLast(old, "roles", "follower node" + fresh.id + " "));
      fresh.signal("TERM");
      assertThat(fresh.exitCode()).isZero();
      assertThat(saysLast(fresh, "roles", "stopped")).as(lines(fresh, "roles")).isTrue();
    }
  }

  @Test
  void oneThatHangsOrFailsHurtsNobody() throws Exception {
    try (Daemon node = new Daemon(home, 1)) {
      node.set("on_role_change", "\"trap '' TERM; echo it hangs; sleep 1000\"");
      node.set("on_membership_change", "'echo it fails >&2; exit 3'").set("hook_timeout", "1");
      node.start();
      assertThat(node.ask("ADD " + node.words())).isEqualTo("OK: node 1 added");
      assertThat(node.ask("PUT k v")).isEqualTo("OK: v");
      Until.holds(
          "both are logged",
          () ->
              node.log().contains("on_role_change says: it hangs")
                  && node.log()
                      .contains("on_role_change has run for 1 s, its hook_timeout, and is ended")
                  && node.log().contains("on_role_change failed with 137 after ")
                  && node.log().contains("on_membership_change says: it fails")
                  && node.log().contains("on_membership_change failed with 3 after "));
      assertThat(node.ask("GET k")).isEqualTo("OK: v");
      // It may be hanging again, for the next change.
      node.signal("TERM");
      assertThat(node.exitCode()).isZero();
    }
  }

  @Test
  void aReloadSetsThemAndAStopIsNotHeldUp() throws Exception {
    try (Daemon node = new Daemon(home, 1).start()) {
      assertThat(node.ask("ADD " + node.words())).isEqualTo("OK: node 1 added");
      node.set("on_role_change", "\"trap '' TERM; echo $$ $RALE_ROLE >up; sleep 1000\"");
      node.set("hook_timeout", "3600").signal("HUP");
      Until.holds("it runs", () -> lines(node, "up").contains(" leader"));
      // For an hour it hangs, and whatever waited for it would, too.
      assertThat(node.ask("PUT k v")).isEqualTo("OK: v");
      assertThat(node.ask("GET k")).isEqualTo("OK: v");
      long shell = Long.parseLong(lines(node, "up").split(" ")[0]);
      node.signal("TERM");
      assertThat(node.exitCode()).isZero();
      Until.holds("it is killed", () -> ProcessHandle.of(shell).isEmpty());
      assertThat(node.log()).contains("the hook that ran was killed, as raled ends");
    }
  }
}
