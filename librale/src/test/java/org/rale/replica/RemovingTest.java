package org.rale.replica;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.rale.request.ErrorCode;
import org.rale.request.Request;
import org.rale.request.Response;

/** REMOVE of node 2, given to a leader that was just elected by it and has not heard node 3. */
final class RemovingTest {
  private HandDriven node;

  @BeforeEach
  void ask() {
    node = HandDriven.inCluster().leading();
    node.turn(new ReplicaInput.Submit(1, new Request.Remove(2), 10_000));
  }

  private int members() {
    return node.replica().raftStatus().membership().size();
  }

  @Test
  @DisplayName("a new leader removes nobody before it knows that the others are a quorum")
  void waitsForAQuorum() {
    assertThat(members()).isEqualTo(3);
    assertThat(node.answers).isEmpty();

    node.hear(3, node.refused());
    assertThat(members()).isEqualTo(2);
  }

  @Test
  @DisplayName("a leader removes nobody before a quorum of the others has answered once more")
  void asksOnceMore() {
    HandDriven leader = HandDriven.inCluster().leading();
    leader.hear(3, leader.refused());
    leader.ticks(5);
    leader.turn(new ReplicaInput.Submit(1, new Request.Remove(2), 10_000));
    leader.hear(2, leader.accepted(11));
    leader.ticks(5);
    assertThat(leader.replica().raftStatus().membership().size())
        .as("node 3 may have died since it was heard")
        .isEqualTo(3);

    leader.hear(3, leader.refused());
    assertThat(leader.replica().raftStatus().membership().size()).isEqualTo(2);
  }

  @Test
  @DisplayName("and refuses when they stay silent")
  void refusesWithoutAQuorum() {
    while (node.answers.isEmpty()) {
      node.hear(2, node.accepted(11));
      node.turn(new ReplicaInput.Tick());
    }
    assertThat(members()).isEqualTo(3);
    Response.Failed failed = (Response.Failed) node.answers.get(0).response();
    assertThat(failed.code()).isEqualTo(ErrorCode.MEMBERSHIP_REFUSED);
    assertThat(failed.message()).contains("without node 2 only 1 of 2 members would be online");
  }
}
