package org.rale.replica;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.rale.raft.Denial;
import org.rale.raft.Message;
import org.rale.raft.Role;
import org.rale.request.Request;

/** REMOVE of node 1, given to node 1, which leads. */
final class RemovingItselfTest {
  private static boolean handsOver(HandDriven node) {
    return !node.messages(2, Message.TimeoutNow.class).isEmpty();
  }

  @Test
  @DisplayName("two that shall both go do not hand leadership to each other again and again")
  void aNewLeaderCarriesOutOtherRemovalsFirst() {
    HandDriven node = HandDriven.inCluster().leading();
    node.hear(3, node.refused());
    node.submit(new Request.Remove(1));
    assertThat(handsOver(node)).isFalse();

    node.submit(new Request.Remove(3));
    assertThat(node.replica().raftStatus().membership().contains(3)).isFalse();
  }

  @Test
  void afterAWhileItHandsOver() {
    HandDriven node = HandDriven.inCluster().leading();
    node.hear(3, node.refused());
    node.submit(new Request.Remove(1));
    for (int i = 0; i < 60 && !handsOver(node); i++) {
      assertThat(node.replica().raftStatus().role()).isEqualTo(Role.LEADER);
      node.hear(2, node.accepted(11));
      node.turn(new ReplicaInput.Tick());
    }
    assertThat(handsOver(node)).isTrue();
  }

  /** The request comes in the very turn that makes this node the leader. */
  @Test
  void aLeaderIsNewFromItsFirstStep() {
    HandDriven node = HandDriven.inCluster().following();
    node.link(3);
    while (node.messages(2, Message.PreVoteRequest.class).isEmpty()) {
      node.ticks(1);
    }
    node.hear(2, new Message.PreVoteResponse(2, 3, Denial.NONE));
    node.sync();
    node.turn(
        HandDriven.heard(2, new Message.VoteResponse(3, Denial.NONE, 101)),
        new ReplicaInput.Submit(99, new Request.Remove(1), 1_000));
    assertThat(node.replica().raftStatus().role()).isEqualTo(Role.LEADER);
    assertThat(handsOver(node)).isFalse();
  }
}
