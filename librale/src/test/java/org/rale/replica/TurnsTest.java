package org.rale.replica;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.rale.bytes.Bytes;
import org.rale.dstore.Origin;
import org.rale.dstore.StoreCommand;
import org.rale.raft.Denial;
import org.rale.raft.Message;
import org.rale.request.ErrorCode;
import org.rale.request.Request;
import org.rale.request.Response;
import org.rale.wire.HandshakeCodec;
import org.rale.wire.Identity;
import org.rale.wire.PeerMessage;
import org.rale.wire.PeerMessage.Forward;
import org.rale.wire.PeerMessage.ForwardReply;

/** No change is taken before the one before it on its connection was. */
final class TurnsTest {
  private static final Identity THREE = new Identity(HandDriven.CLUSTER, 3, 103);

  private static Request put(long number) {
    return new Request.Change(
        new StoreCommand.Put(
            new Origin(1, 1, number, 0, false, 0), Bytes.utf8("a"), Bytes.utf8("" + number)));
  }

  private static ReplicaInput passedOn(long id, long connection, long after) {
    return new ReplicaInput.FromPeer(THREE, new Forward(id, connection, after, 1_000, put(id)));
  }

  private static HandDriven leader() {
    HandDriven node = HandDriven.inCluster().leading();
    node.link(3);
    node.sync();
    return node;
  }

  private static long lastIndex(HandDriven node) {
    return node.replica().raftStatus().lastIndex();
  }

  /** What node 3 was told of it, if anything but success. */
  private static List<ErrorCode> refusals(HandDriven node, long id) {
    return node.sent.stream()
        .filter(each -> each.to() == 3)
        .map(HandDriven.Sent::message)
        .filter(ForwardReply.class::isInstance)
        .map(ForwardReply.class::cast)
        .filter(each -> each.id() == id && each.response() instanceof Response.Failed)
        .map(each -> ((Response.Failed) each.response()).code())
        .toList();
  }

  @Test
  @DisplayName(
      "S-15 a change whose predecessor was lost on the way is turned away, and taken later")
  void S_15_theOneBeforeItWasLost() {
    HandDriven node = leader();
    node.turn(passedOn(6, 9, 5));
    assertThat(refusals(node, 6)).containsExactly(ErrorCode.NO_LEADER);
    assertThat(lastIndex(node)).isEqualTo(11);

    node.turn(passedOn(5, 9, 0), passedOn(6, 9, 5), passedOn(7, 9, 6), passedOn(8, 10, 0));
    assertThat(lastIndex(node)).isEqualTo(11 + 4);
    assertThat(refusals(node, 6)).hasSize(1);
  }

  @Test
  void aChangeIsKnownAfterItsAnswerToo() {
    HandDriven node = leader();
    node.turn(passedOn(5, 9, 0));
    node.sync();
    node.hear(2, node.accepted(12));
    assertThat(node.sent)
        .contains(new HandDriven.Sent(3, new ForwardReply(5, new Response.Stored(12, 12, 1))));
    node.turn(passedOn(6, 9, 5));
    assertThat(lastIndex(node)).isEqualTo(13);
  }

  @Test
  void connectionsAndNodesAreKeptApart() {
    HandDriven node = leader();
    node.turn(passedOn(5, 9, 0), passedOn(6, 10, 5));
    assertThat(refusals(node, 6)).hasSize(1);
    node.turn(
        new ReplicaInput.FromPeer(
            new Identity(HandDriven.CLUSTER, 2, 102), new Forward(6, 9, 5, 1_000, put(9))));
    assertThat(node.sent)
        .filteredOn(each -> each.to() == 2)
        .filteredOn(each -> each.message() instanceof ForwardReply reply && reply.id() == 6)
        .hasSize(1);
    assertThat(lastIndex(node)).isEqualTo(12);
  }

  @Test
  @DisplayName("S-15 another process of the node numbers its changes anew")
  void S_15_whatANodeSaidIsForgottenWithItsLinks() {
    HandDriven node = leader();
    node.turn(passedOn(50, 9, 0));
    node.turn(new ReplicaInput.LinkDown(3));
    node.link(3);
    node.turn(passedOn(6, 9, 5));
    assertThat(refusals(node, 6)).hasSize(1);
  }

  @Test
  @DisplayName("S-15 what was taken in another term may be in no log any more")
  void S_15_whatWasTakenIsForgottenWithTheTerm() {
    HandDriven node = leader();
    node.turn(passedOn(5, 9, 0));
    node.hear(2, new Message.Heartbeat(3, 10, 0, 1));
    node.sync();
    for (int i = 0; i < 60; i++) {
      node.turn(new ReplicaInput.Tick());
    }
    node.hear(2, new Message.PreVoteResponse(3, 4, Denial.NONE));
    node.sync();
    node.hear(2, new Message.VoteResponse(4, Denial.NONE, 101));
    node.sync();
    assertThat(node.replica().raftStatus().term()).isEqualTo(4);
    node.turn(passedOn(6, 9, 5));
    assertThat(refusals(node, 6)).hasSize(1);
  }

  private static ReplicaInput.Submit asked(long token, String key) {
    Request put =
        new Request.Change(
            new StoreCommand.Put(Origin.NONE, Bytes.utf8(key), Bytes.utf8("" + token)));
    return new ReplicaInput.Submit(token, 7, put, 1_000);
  }

  @Test
  void aFollowerNamesTheOneBeforeItThatHasNoAnswer() {
    HandDriven node = HandDriven.inCluster().following();
    node.turn(asked(1, "a"), asked(2, "b"));
    List<Forward> sent = node.forwards(2);
    assertThat(sent.get(0).after()).isZero();
    assertThat(sent.get(1).after()).isEqualTo(sent.get(0).id());

    node.turn(answered(sent.get(0)), answered(sent.get(1)));
    node.turn(asked(3, "c"));
    assertThat(node.forwards(2).get(2).after()).isZero();

    // Turned away since the one before it was lost: it is sent again, and names whom it follows
    // now.
    node.turn(asked(4, "d"));
    Forward fourth = node.forwards(2).get(3);
    assertThat(fourth.after()).isEqualTo(node.forwards(2).get(2).id());
    node.turn(answered(node.forwards(2).get(2)));
    node.turn(
        new ReplicaInput.FromPeer(
            new Identity(HandDriven.CLUSTER, 2, 102),
            new ForwardReply(fourth.id(), Failures.outOfTurn())));
    rest(node);
    Forward again = node.forwards(2).get(4);
    assertThat(again.id()).isEqualTo(fourth.id());
    assertThat(again.after()).isZero();
  }

  @Test
  @DisplayName("S-15 a change that was lost without a word is sent again with the one behind it")
  void S_15_theOneBeforeItIsSentAgain() {
    HandDriven node = HandDriven.inCluster().following();
    node.turn(asked(1, "a"), asked(2, "b"));
    Forward first = node.forwards(2).get(0);
    Forward second = node.forwards(2).get(1);
    node.turn(
        new ReplicaInput.FromPeer(
            new Identity(HandDriven.CLUSTER, 2, 102),
            new ForwardReply(second.id(), Failures.outOfTurn())));
    rest(node);
    List<Forward> again = node.forwards(2).subList(2, 4);
    assertThat(again).extracting(Forward::id).containsExactly(first.id(), second.id());
    assertThat(again.get(1).after()).isEqualTo(first.id());
    assertThat(((Request.Change) again.get(0).request()).command().origin().retry()).isTrue();
    assertThat(((Request.Change) again.get(1).request()).command().origin().retry()).isFalse();
  }

  /** Connections have other numbers in each process of a node, and are no requests. */
  @Test
  void aConnectionIsToldByANumberOfTheProcess() {
    HandDriven node = HandDriven.inCluster().following();
    node.turn(asked(1, "a"), asked(2, "b"));
    node.put("c", "d", Origin.NONE);
    List<Forward> sent = node.forwards(2);
    assertThat(sent.get(1).connection()).isEqualTo(sent.get(0).connection());
    assertThat(sent.get(2).connection()).isEqualTo(sent.get(2).id());
    assertThat(Math.abs(sent.get(0).connection() - sent.get(0).id())).isGreaterThan(1L << 60);
  }

  /** Longer than what was turned away waits. */
  private static void rest(HandDriven node) {
    for (int i = 0; i < 10; i++) {
      node.turn(new ReplicaInput.Tick());
      node.hear(2, new Message.Heartbeat(2, 10, 0, 1));
    }
  }

  @Test
  void aLeaderOfAnOlderProgramIsNotToldTheOneBeforeIt() {
    HandDriven node = HandDriven.inCluster().following();
    Identity leader = new Identity(HandDriven.CLUSTER, 2, 102);
    node.turn(new ReplicaInput.LinkUp(leader, 1, HandshakeCodec.TURNS_SINCE - 1));
    node.turn(asked(1, "a"), asked(2, "b"));
    assertThat(node.forwards(2))
        .hasSize(2)
        .allSatisfy(each -> assertThat(each.after()).isEqualTo(Forward.UNTOLD))
        .allSatisfy(each -> assertThat(each.connection()).isPositive());
  }

  private static ReplicaInput answered(Forward forward) {
    PeerMessage reply = new ForwardReply(forward.id(), new Response.Stored(11, 11, 1));
    return new ReplicaInput.FromPeer(new Identity(HandDriven.CLUSTER, 2, 102), reply);
  }
}
