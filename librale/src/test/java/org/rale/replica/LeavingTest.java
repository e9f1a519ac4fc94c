package org.rale.replica;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.rale.raft.Denial;
import org.rale.raft.Membership;
import org.rale.raft.Message;
import org.rale.raft.Role;
import org.rale.request.Request;

/** A node that is told to stop. The longest timeout is 20 ticks. */
final class LeavingTest {
  private static final int PATIENCE = 40;

  /** Node 1 leads term 2, is leaving, and node 2 has asked for its vote in term 3. */
  private static HandDriven handingOver() {
    HandDriven node = HandDriven.inCluster().leading();
    node.turn(new ReplicaInput.Leave());
    assertThat(node.messages(2, Message.TimeoutNow.class)).hasSize(1);
    assertThat(node.replica().mayEnd()).as("it leads still").isFalse();
    node.hear(2, new Message.VoteRequest(3, 11, 2, true, 102));
    return node;
  }

  @Test
  @DisplayName("a leader stays until its successor is heard: its vote makes the election shorter")
  void staysUntilItHearsItsSuccessor() {
    HandDriven node = handingOver();
    assertThat(node.replica().mayEnd()).as("its vote is not on disk").isFalse();
    node.sync();
    assertThat(node.messages(2, Message.VoteResponse.class))
        .singleElement()
        .matches(Message.VoteResponse::granted);
    assertThat(node.replica().mayEnd()).as("nobody leads yet").isFalse();
    node.hear(2, new Message.Heartbeat(3, 11, 0, 1));
    assertThat(node.replica().mayEnd()).isTrue();
  }

  @Test
  void waitsNoLongerThanAnElectionMayTake() {
    HandDriven node = handingOver();
    node.sync();
    node.ticks(PATIENCE - 5);
    assertThat(node.replica().mayEnd()).isFalse();
    node.ticks(10);
    assertThat(node.replica().mayEnd()).isTrue();
  }

  @Test
  void whoIsAloneEndsAtOnce() {
    HandDriven node = HandDriven.inCluster(new Membership(List.of(HandDriven.member(1))));
    while (!node.replica().role().equals("leader")) {
      node.turn(new ReplicaInput.Tick());
      node.sync();
    }
    node.turn(new ReplicaInput.Leave());
    assertThat(node.replica().mayEnd()).isTrue();
  }

  @Test
  @DisplayName("a hand-over that is under way and fails is no reason to end as the leader")
  void asksAgainAfterAnOperatorsHandOver() {
    HandDriven node = HandDriven.inCluster().leading();
    node.submit(new Request.Transfer(3));
    node.turn(new ReplicaInput.Leave());
    assertThat(node.replica().mayEnd()).isFalse();
    for (int tick = 0; tick < 2 * PATIENCE && !asked(node, 2); tick++) {
      node.turn(new ReplicaInput.Tick());
      node.hear(2, node.accepted(11));
    }
    assertThat(asked(node, 2)).as("node 3 does not take over, and node 2 is asked").isTrue();
  }

  @Test
  void whoLeadsAgainHandsOverAgain() {
    HandDriven node = HandDriven.inCluster().leading();
    node.hear(3, node.refused());
    node.turn(new ReplicaInput.Leave());
    assertThat(node.messages(2, Message.TimeoutNow.class)).hasSize(1);

    node.hear(2, new Message.VoteRequest(3, 11, 2, true, 102));
    node.sync();
    assertThat(node.replica().raftStatus().role()).isEqualTo(Role.FOLLOWER);
    assertThat(node.replica().mayEnd()).isFalse();

    node.sent.clear();
    while (node.messages(3, Message.PreVoteRequest.class).isEmpty()) {
      node.ticks(1);
    }
    assertThat(node.replica().mayEnd()).as("it may still wait").isFalse();
    node.hear(3, new Message.PreVoteResponse(3, 4, Denial.NONE));
    node.sync();
    node.hear(3, new Message.VoteResponse(4, Denial.NONE, 101));
    node.sync();
    assertThat(node.replica().raftStatus().role()).isEqualTo(Role.LEADER);

    node.hear(3, new Message.AppendResponse(4, node.sequence(3), true, 12, 0, 0, 12));
    node.ticks(5);
    assertThat(node.messages(3, Message.TimeoutNow.class)).isNotEmpty();
  }

  private static boolean asked(HandDriven node, int id) {
    return !node.messages(id, Message.TimeoutNow.class).isEmpty();
  }
}
