package org.rale.replica;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.rale.dstore.Origin;
import org.rale.dstore.StoreCommand;
import org.rale.raft.Member;
import org.rale.raft.Membership;
import org.rale.raft.Message;
import org.rale.request.ErrorCode;
import org.rale.request.Request;
import org.rale.request.Response;
import org.rale.request.Response.Failed;
import org.rale.wire.Identity;

/** While the nodes of a cluster are updated one by one. Version 1 of the links knows no leases. */
final class FormatsTest {
  private static final long TTL_MS = 1_000;

  private long last = 11;

  private static ReplicaInput linked(int id, int version) {
    return new ReplicaInput.LinkUp(new Identity(HandDriven.CLUSTER, id, 100 + id), 1, version);
  }

  private static long grant(HandDriven node) {
    return node.submit(new Request.Change(new StoreCommand.LeaseGrant(Origin.NONE, TTL_MS)));
  }

  private static long add(HandDriven node, int id) {
    Member each = HandDriven.member(id);
    return node.submit(
        new Request.Add(id, each.name(), each.host(), each.ralePort(), each.dstorePort()));
  }

  private Response commit(HandDriven node, long token) {
    last++;
    node.sync();
    node.hear(2, node.accepted(last));
    return node.answer(token);
  }

  private static HandDriven leadingTwo() {
    HandDriven node =
        HandDriven.inCluster(new Membership(List.of(HandDriven.member(1), HandDriven.member(2))))
            .leading();
    node.turn(new ReplicaInput.LinkDown(3));
    return node;
  }

  private static void refused(Response response, ErrorCode code, String part) {
    assertThat(response).isInstanceOf(Failed.class);
    assertThat(((Failed) response).code()).isEqualTo(code);
    assertThat(((Failed) response).text()).contains(part);
  }

  @Test
  @DisplayName("a member that knows no format 2, or was never seen, keeps the leader from it")
  void notBeforeAllKnowIt() {
    HandDriven node = HandDriven.inCluster();
    node.turn(linked(3, 1));
    node.leading();
    node.turn(linked(3, 1));
    refused(node.answer(grant(node)), ErrorCode.NOT_SUPPORTED, "node 3 runs an older program");
    assertThat(commit(node, node.put("k", "", Origin.NONE))).isInstanceOf(Response.Stored.class);
    node.turn(linked(3, 2));
    assertThat(commit(node, grant(node))).isEqualTo(new Response.LeaseGranted(13, TTL_MS));
    node.turn(linked(3, 1));
    assertThat(commit(node, grant(node)))
        .as("there is no way back")
        .isInstanceOf(Response.LeaseGranted.class);
  }

  @Test
  void aLeaderThatKnowsNoFormat2IsNotAsked() {
    HandDriven node = HandDriven.inCluster();
    node.turn(linked(2, 1));
    node.hear(2, new Message.Heartbeat(2, 10, 0, 1));
    node.sync();
    refused(node.answer(grant(node)), ErrorCode.NOT_SUPPORTED, "node 2 runs an older program");
    assertThat(node.forwards(2)).isEmpty();
  }

  @Test
  @DisplayName("a leader that this node's membership does not name yet is asked all the same")
  void aLeaderThatIsNoMemberYet() {
    HandDriven node =
        HandDriven.inCluster(new Membership(List.of(HandDriven.member(1), HandDriven.member(3))));
    node.turn(linked(2, 2));
    node.hear(2, new Message.Heartbeat(2, 10, 0, 1));
    node.sync();
    long token = grant(node);
    assertThat(node.answer(token)).isNull();
    assertThat(node.forwards(2)).hasSize(1);
  }

  @Test
  @DisplayName("S-15 what may have happened at one leader is not refused for the next one's age")
  void aRetryIsNotCalledUndone() {
    HandDriven node = HandDriven.inCluster();
    node.turn(linked(3, 1));
    node.following();
    long token = grant(node);
    assertThat(node.forwards(2)).hasSize(1);
    node.turn(new ReplicaInput.LinkDown(2));
    node.hear(3, new Message.Heartbeat(3, 10, 0, 1));
    node.sync();
    assertThat(node.answer(token)).isNull();
    node.ticks(HandDriven.PATIENCE);
    assertThat(((Failed) node.answer(token)).code()).isEqualTo(ErrorCode.UNKNOWN_OUTCOME);
  }

  @Test
  @DisplayName("S-09 a node that can't follow the log does not become a member")
  void aNodeThatWouldStop() {
    HandDriven node = leadingTwo();
    assertThat(commit(node, grant(node))).isInstanceOf(Response.LeaseGranted.class);
    long token = add(node, 3);
    node.turn(linked(3, 1));
    refused(node.answer(token), ErrorCode.MEMBERSHIP_REFUSED, "node 3 runs an older program");
    assertThat(node.replica().raftStatus().membership().contains(3)).isFalse();

    node.turn(new ReplicaInput.LinkDown(3));
    token = add(node, 3);
    node.turn(linked(3, 2));
    node.sync();
    assertThat(node.replica().raftStatus().membership().contains(3)).isTrue();
    assertThat(node.answer(token)).as("it has to catch up").isNull();
  }

  @Test
  @DisplayName("S-09 nor where the entry is in the log and not yet committed")
  void aNodeThatWillStop() {
    HandDriven node = leadingTwo();
    long granted = grant(node);
    long token = add(node, 3);
    node.turn(linked(3, 1));
    refused(node.answer(token), ErrorCode.MEMBERSHIP_REFUSED, "node 3 runs an older program");
    assertThat(commit(node, granted)).isInstanceOf(Response.LeaseGranted.class);
  }

  @Test
  @DisplayName("S-09 a learner that can't follow the log is no voter, whoever made it a learner")
  void aLearnerThatWouldStop() {
    Member third = HandDriven.member(3);
    Member learner =
        new Member(3, third.name(), third.host(), third.ralePort(), third.dstorePort(), 103, false);
    HandDriven node =
        HandDriven.inCluster(
                new Membership(List.of(HandDriven.member(1), HandDriven.member(2), learner)))
            .leading();
    assertThat(commit(node, grant(node))).isInstanceOf(Response.LeaseGranted.class);
    node.turn(linked(3, 1));
    node.hear(3, caughtUp(node));
    node.ticks(5);
    node.hear(3, caughtUp(node));
    assertThat(node.replica().raftStatus().membership().isVoter(3)).isFalse();

    node.turn(linked(3, 2));
    node.ticks(5);
    node.hear(3, caughtUp(node));
    node.ticks(5);
    assertThat(node.replica().raftStatus().membership().isVoter(3)).isTrue();
  }

  private Message.AppendResponse caughtUp(HandDriven node) {
    return new Message.AppendResponse(2, node.sequence(3), true, last, 0, 0, last);
  }
}
