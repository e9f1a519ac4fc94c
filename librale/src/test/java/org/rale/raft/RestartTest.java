package org.rale.raft;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.rale.raft.Node.node;

import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** What a node knows when it starts, and how long it waits ({@link Timer}). */
class RestartTest {

  @Test
  @DisplayName("S-01 figure 2, persistent state: term and vote are what they were")
  void termAndVote() {
    Node node = node(1, 1, 2, 3).term(4).votedFor(3).start();
    node.receive(2, new Message.VoteRequest(4, 9, 9, false, 0));
    assertThat(node.status().votedFor()).isEqualTo(3);
    assertThat(node.raft().term()).isEqualTo(4);
  }

  @Test
  @DisplayName("figure 2, volatile state: only what the snapshot holds is known to be committed")
  void commitIsTheSnapshot() {
    RaftStatus status = node(1, 1, 2, 3).snapshot(5, 1).log(1, 2).start().status();
    assertThat(status.commitIndex()).isEqualTo(5);
    assertThat(status.appliedIndex()).isEqualTo(5);
    assertThat(status.lastIndex()).isEqualTo(7);
    assertThat(status.durableIndex()).isEqualTo(7);
    assertThat(status.role()).isEqualTo(Role.FOLLOWER);
  }

  @Test
  @DisplayName("S-09 an uncommitted membership in the log is in force")
  void uncommittedMembership() {
    Restored restored =
        new Restored(
            new HardState(1, 0),
            new SnapshotMeta(0, 0, Node.voters(1, 2, 3)),
            List.of(Node.members(1, 1, Node.voters(1, 2))),
            0);
    Raft raft = new Raft(Node.settings(1), restored, () -> 0L);
    assertThat(raft.membership()).isEqualTo(Node.voters(1, 2));
    assertThat(raft.membershipAt(0)).isEqualTo(Node.voters(1, 2, 3));
  }

  @Test
  @DisplayName("S-19 a term below the log's is a broken invariant")
  void termBelowTheLog() {
    Restored restored =
        new Restored(new HardState(1, 0), SnapshotMeta.NONE, List.of(Node.entry(1, 2)), 0);
    assertThatThrownBy(() -> new Raft(Node.settings(1), restored, () -> 0L))
        .isInstanceOf(IllegalStateException.class);
  }

  @Test
  @DisplayName("a founder of one elects itself and commits its opening entry")
  void founderOfOne() {
    Node node = node(1, 1).leading();
    assertThat(node.status().ready()).isTrue();
    assertThat(node.status().commitIndex()).isEqualTo(1);
  }

  @Test
  @DisplayName(
      "priority: a node gives way to linked voters of higher priority, half a timeout each")
  void givesWay() {
    Node node = node(1, 1, 2, 3).term(1).start();
    node.step(new Input.PeerPriority(2, 50), new Input.PeerPriority(3, 5));
    assertThat(node.status().timeoutTicks()).isEqualTo(Node.TIMEOUT + Node.TIMEOUT_MAX / 2);
    node.ticks(Node.TIMEOUT);
    assertThat(node.raft().role()).isEqualTo(Role.FOLLOWER);
    node.step(new Input.LinkBroken(2));
    node.ticks(1);
    assertThat(node.raft().role()).as("another link stands").isEqualTo(Role.FOLLOWER);
    node.step(new Input.Unlinked(2));
    node.ticks(1);
    assertThat(node.raft().role()).isEqualTo(Role.PRE_CANDIDATE);
  }

  @Test
  @DisplayName("priority: nobody gives way to the leader that is silent")
  void silentLeaderDoesNotCount() {
    Node node = node(1, 1, 2, 3).term(1).start();
    node.step(new Input.PeerPriority(2, 50));
    node.receive(2, new Message.Heartbeat(1, 0, 0, 1));
    assertThat(node.status().timeoutTicks()).isEqualTo(Node.TIMEOUT);
  }

  @Test
  @DisplayName("priority never weighs more than the log")
  void priorityIsNoLog() {
    Node node = node(1, 1, 2, 3).log(1, 1).start();
    node.step(new Input.PeerPriority(2, 100));
    assertThat(
            Node.messages(
                node.receive(2, new Message.VoteRequest(2, 1, 1, false, 0)),
                Message.VoteResponse.class))
        .containsExactly(new Message.VoteResponse(2, Denial.LOG_BEHIND, 0));
  }
}
