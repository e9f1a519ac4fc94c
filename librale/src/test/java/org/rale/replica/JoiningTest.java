package org.rale.replica;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.rale.raft.Member;
import org.rale.raft.Membership;
import org.rale.request.ErrorCode;
import org.rale.request.Request;
import org.rale.request.Response;
import org.rale.request.Response.Failed;
import org.rale.wire.Handshake;
import org.rale.wire.Identity;
import org.rale.wire.PeerMessage;

final class JoiningTest {
  @Test
  @DisplayName("S-15 an ADD that gives up leaves a learner that was there before it, and says so")
  void learner_from_before_stays() {
    Member third = HandDriven.member(3);
    Member learner =
        new Member(
            third.id(),
            third.name(),
            third.host(),
            third.ralePort(),
            third.dstorePort(),
            103,
            false);
    Membership members =
        new Membership(List.of(HandDriven.member(1), HandDriven.member(2), learner));
    HandDriven node = HandDriven.inCluster(members).leading();

    Request add =
        new Request.Add(
            third.id(), third.name(), third.host(), third.ralePort(), third.dstorePort());
    node.turn(new ReplicaInput.Submit(1, add, 100));
    for (int i = 0; i < 12; i++) {
      node.turn(new ReplicaInput.Tick());
    }
    node.sync();

    assertThat(node.answers)
        .singleElement()
        .extracting(answer -> ((Response.Failed) answer.response()).code())
        .isEqualTo(ErrorCode.UNKNOWN_OUTCOME);
    assertThat(node.replica().raftStatus().membership()).isEqualTo(members);
  }

  /** Nodes 1 and 2, led by node 1, which was just asked to ADD node 3. */
  private static HandDriven addingThree() {
    HandDriven node =
        HandDriven.inCluster(new Membership(List.of(HandDriven.member(1), HandDriven.member(2))))
            .leading();
    node.turn(new ReplicaInput.LinkDown(3));
    Member third = HandDriven.member(3);
    node.submit(
        new Request.Add(
            third.id(), third.name(), third.host(), third.ralePort(), third.dstorePort()));
    return node;
  }

  private static ReplicaInput refusal(Identity by, Handshake.Refusal refusal) {
    return new ReplicaInput.LinkRefused(3, new Handshake.Refused(by, refusal, "so it is"));
  }

  @Test
  @DisplayName("what this node refused before the ADD, when it knew the old disk, does not end it")
  void refusal_of_before() {
    HandDriven node = addingThree();

    node.turn(refusal(node.replica().identity(), Handshake.Refusal.OTHER_INCARNATION));
    assertThat(node.answers).isEmpty();

    node.link(3, 0);
    node.sync();
    assertThat(node.replica().raftStatus().membership().contains(3)).isTrue();
  }

  @Test
  void a_refusal_ends_it() {
    HandDriven node = addingThree();

    node.turn(refusal(new Identity(HandDriven.CLUSTER + 2, 3, 7), Handshake.Refusal.OTHER_CLUSTER));
    assertThat(node.answers)
        .singleElement()
        .extracting(answer -> ((Response.Failed) answer.response()).message())
        .isEqualTo("node 3 can't join: so it is");
  }

  /** Whatever stands in the log is committed, with node 2. */
  private static void commit(HandDriven node) {
    node.sync();
    node.hear(2, node.accepted(node.replica().raftStatus().lastIndex()));
    node.sync();
  }

  private static Failed failure(HandDriven node, long token) {
    return (Failed) node.answer(token);
  }

  @Test
  void aRemoveEndsTheAddOfANodeThatCantBeReached() {
    HandDriven node = addingThree();
    long remove = node.submit(new Request.Remove(3));
    node.sync();
    assertThat(node.answers).hasSize(2);
    assertThat(((Failed) node.answers.get(0).response()).message())
        .isEqualTo("a REMOVE of node 3 came meanwhile");
    assertThat(failure(node, remove).message()).isEqualTo("node 3 is not a member");
  }

  @Test
  void aRemoveEndsTheAddOfANodeThatDoesNotCatchUp() {
    HandDriven node = addingThree();
    node.link(3, 0);
    commit(node);
    assertThat(node.replica().raftStatus().membership().contains(3)).isTrue();
    assertThat(node.answers).as("it gets nothing").isEmpty();
    long remove = node.submit(new Request.Remove(3));
    commit(node);
    assertThat(((Failed) node.answers.get(0).response()).code())
        .isEqualTo(ErrorCode.UNKNOWN_OUTCOME);
    assertThat(node.answer(remove)).isEqualTo(new Response.Removed(3));
    assertThat(node.replica().raftStatus().membership().contains(3)).isFalse();
  }

  @Test
  void anotherRemoveWaitsAndIsToldWhy() {
    HandDriven node = addingThree();
    node.link(3, 0);
    commit(node);
    long remove = 99;
    node.turn(new ReplicaInput.Submit(remove, new Request.Remove(2), 50));
    node.ticks(8);
    assertThat(failure(node, remove).detail())
        .isEqualTo("ADD of node 3 is still under way, and members are changed one at a time");
    assertThat(failure(node, remove).hint()).startsWith("wait, or end it with REMOVE 3");
  }

  /** What an earlier REMOVE, lost sight of, meant is gone; the ADD is of the disk after it. */
  @Test
  @DisplayName("S-15 a REMOVE that is tried again and means another disk ends no ADD")
  void aRemoveOfAnotherDiskEndsNoAdd() {
    HandDriven node = addingThree();
    node.link(3, 0);
    commit(node);
    assertThat(node.replica().raftStatus().membership().contains(3)).isTrue();
    node.turn(
        new ReplicaInput.FromPeer(
            new Identity(HandDriven.CLUSTER, 2, 102),
            new PeerMessage.Forward(5, 0, 0, 1_000, new Request.Remove(3, 3))));
    assertThat(node.answers).isEmpty();
  }

  @Test
  @DisplayName("S-15 such a REMOVE ends no ADD of a node that is still to be reached either")
  void aRemoveOfAnotherDiskEndsNoAddThatBegins() {
    HandDriven node = addingThree();
    node.turn(
        new ReplicaInput.FromPeer(
            new Identity(HandDriven.CLUSTER, 2, 102),
            new PeerMessage.Forward(5, 0, 0, 1_000, new Request.Remove(3, 3))));
    assertThat(node.answers).isEmpty();
  }
}
