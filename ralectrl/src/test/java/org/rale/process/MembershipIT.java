package org.rale.process;

import static java.nio.file.StandardCopyOption.REPLACE_EXISTING;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Members that go, come back, lose their disk, and strangers that are refused. */
@Timeout(value = 180, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class MembershipIT {
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
  @DisplayName("S-09 the leader is removed, says so, and comes back with an ADD")
  void removeLeader() throws Exception {
    cluster.put("kept", "x");
    Daemon old = cluster.leader();
    Daemon other = cluster.follower();
    assertThat(other.ask("REMOVE " + old.id)).isEqualTo("OK: node " + old.id + " removed");
    Until.holds("a cluster of two", () -> other.says("cluster_size", "2"));
    assertThat(other.ask("PUT two x")).isEqualTo("OK: x");
    Until.holds("it knows", () -> old.says("state", "removed"));
    assertThat(old.ask("PUT two y"))
        .startsWith("ERROR: node " + old.id + " was removed from its cluster");

    assertThat(other.ask("ADD " + old.words())).isEqualTo("OK: node " + old.id + " added");
    Until.holds("it votes again", () -> old.says("voters", "3") && old.says("state", "ok"));
    assertThat(old.ask("GET kept")).isEqualTo("OK: x");
    assertThat(old.ask("GET two")).isEqualTo("OK: x");
  }

  @Test
  @DisplayName("a new leader does not take a dead member for online, and keeps its quorum")
  void removeBesideADeadMember() throws Exception {
    Daemon dead = cluster.leader();
    Daemon asked = cluster.follower();
    dead.kill9();
    // What is passed on to a leader that has just died has an unknown outcome.
    Until.holds("its death is noticed", () -> !asked.says("leader_id", "" + dead.id));
    assertThat(asked.ask("REMOVE " + asked.id))
        .startsWith("ERROR: without node " + asked.id + " only 1 of 2 members would be online");
    assertThat(asked.ask("PUT alive x")).isEqualTo("OK: x");
  }

  @Test
  @DisplayName("a dead node is replaced: REMOVE, empty directory, ADD")
  void replace() throws Exception {
    cluster.put("survives", "x");
    Daemon dead = cluster.follower();
    dead.kill9();
    Daemon leader = cluster.leader();
    assertThat(leader.ask("REMOVE " + dead.id)).isEqualTo("OK: node " + dead.id + " removed");
    Files.delete(dead.clusterDb());
    dead.start();
    assertThat(dead.says("state", "no_cluster")).isTrue();
    assertThat(leader.ask("ADD " + dead.words())).isEqualTo("OK: node " + dead.id + " added");
    Until.holds("its own copy", () -> dead.ask("GET survives LOCAL").equals("OK: x"));
  }

  @Test
  @DisplayName("S-06 an emptied disk under a known id is refused, says so, and does not vote")
  void emptiedDisk() throws Exception {
    Daemon forgetful = cluster.follower();
    forgetful.kill9();
    Path kept = Files.move(forgetful.clusterDb(), forgetful.home.resolve("kept"));
    try {
      forgetsItsVote(forgetful);
    } finally {
      forgetful.kill9();
      Files.move(kept, forgetful.clusterDb(), REPLACE_EXISTING);
    }
  }

  private static void forgetsItsVote(Daemon forgetful) throws Exception {
    forgetful.start();
    Daemon leader = cluster.leader();
    Until.holds("the leader says so", () -> leader.log().contains("another cluster.db"));
    assertThat(forgetful.status())
        .containsEntry("cluster_size", "0")
        .containsEntry("voted_for", "-1")
        .containsEntry("state", "no_cluster");
    Until.holds("it does not count", () -> leader.says("voters_online", "2"));
    // With the only other voter gone there is no majority, and its vote must not make one.
    Daemon third =
        cluster.nodes.stream().filter(n -> n != leader && n != forgetful).findFirst().orElseThrow();
    third.kill9();
    Until.holds("the leader gives up", () -> leader.says("leader_id", "-1"));
    Until.holds("and asks in vain", () -> leader.says("role", "candidate"));
    assertThat(forgetful.says("voted_for", "-1")).isTrue();
    assertThat(leader.ask("{\"command\":\"PUT\",\"key\":\"k\",\"value\":\"v\",\"timeout_ms\":300}"))
        .contains("\"code\":\"NO_LEADER\"");
  }

  @Test
  @DisplayName("S-06 a node of another cluster, and one with an id that is taken, are refused")
  void strangers() throws Exception {
    try (Daemon stranger = new Daemon(home.resolve("x"), 4);
        Daemon twin = new Daemon(home.resolve("y"), 2)) {
      stranger.launch();
      twin.launch();
      stranger.awaitReady();
      twin.awaitReady();
      assertThat(stranger.ask("ADD " + stranger.words())).isEqualTo("OK: node 4 added");
      String refused = cluster.leader().ask("ADD " + stranger.words());
      assertThat(refused).startsWith("ERROR: node 4 can't join: ").contains("cluster");
      assertThat(cluster.leader().ask("ADD " + twin.words()))
          .startsWith("ERROR: node 2 is a member with another address: ");
      assertThat(twin.says("state", "no_cluster")).isTrue();
      // Under another id, with the twin behind it: the address answers with the wrong name.
      String wrong =
          cluster.leader().ask("ADD 5 node5 127.0.0.1 " + twin.ralePort + " " + twin.dstorePort);
      assertThat(wrong).startsWith("ERROR: node 5 can't ");
      assertThat(cluster.leader().says("cluster_size", "3")).isTrue();
    }
  }

  @Test
  @DisplayName("a removal that would leave no live quorum is refused")
  void quorumIsKept() throws Exception {
    Daemon dead = cluster.follower();
    dead.kill9();
    Daemon leader = cluster.leader();
    Until.holds("it is missed", () -> leader.says("voters_online", "2"));
    Daemon other = cluster.nodes.stream().filter(n -> n != leader && n != dead).findFirst().get();
    assertThat(leader.ask("REMOVE " + other.id))
        .startsWith("ERROR: without node " + other.id + " only 1 of 2 members would be online");
    assertThat(leader.ask("PUT quorum kept")).isEqualTo("OK: kept");
  }
}
