package org.rale.replica;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.rale.dstore.Origin;
import org.rale.raft.Entry;
import org.rale.raft.Membership;
import org.rale.raft.Message;
import org.rale.raft.Payload;
import org.rale.request.ErrorCode;
import org.rale.request.Request;
import org.rale.request.Response;
import org.rale.request.Response.Failed;

/** WATCH-LEADER at node 1 of three. */
final class LeaderWatchesTest {
  /** A node of this priority, whose peers have the same, is silent no longer. */
  private static final int LONGEST_TIMEOUT = 20;

  private static final int LONGEST_TICKS = LeaderWatches.LONGEST_MS / 10;

  private static Response.Leader leader(int id, long term) {
    return new Response.Leader(
        id, term, new Response.Address("node" + id, "10.0.0." + id, 7400, 7401));
  }

  private static Response.Leader none(long term) {
    return new Response.Leader(-1, term, null);
  }

  private static long watch(HandDriven node, int leaderId, long term) {
    return node.submit(new Request.WatchLeader(leaderId, term));
  }

  /** Node 2 leads in that term. */
  private static void heartbeat(HandDriven node, long term) {
    node.hear(2, new Message.Heartbeat(term, 10, 0, 1));
  }

  @Test
  void whoKnowsNothingIsToldAtOnce() {
    HandDriven node = HandDriven.inCluster();
    assertThat(node.answer(node.submit(new Request.WatchLeader()))).isEqualTo(none(1));
    node.following();
    assertThat(node.answer(node.submit(new Request.WatchLeader()))).isEqualTo(leader(2, 2));
  }

  @Test
  void whoKnowsSomethingElseIsToldAtOnce() {
    HandDriven node = HandDriven.inCluster().following();
    assertThat(node.answer(watch(node, 3, 2))).isEqualTo(leader(2, 2));
    assertThat(node.answer(watch(node, 2, 1))).isEqualTo(leader(2, 2));
    assertThat(node.answer(watch(node, -1, 2))).isEqualTo(leader(2, 2));
    assertThat(node.answer(watch(node, 2, 3))).as("a newer term").isEqualTo(leader(2, 2));
  }

  @Test
  void aChangeIsToldInTheTurnInWhichItComes() {
    HandDriven node = HandDriven.inCluster();
    long token = watch(node, -1, 1);
    long other = watch(node, -1, 1);
    assertThat(node.answer(token)).isNull();
    heartbeat(node, 2);
    assertThat(node.answer(token)).isEqualTo(leader(2, 2));
    assertThat(node.answer(other)).isEqualTo(leader(2, 2));
    assertThat(node.answers).hasSize(2);
  }

  @Test
  void theSameLeaderInAnotherTermIsAChange() {
    HandDriven node = HandDriven.inCluster().following();
    long token = watch(node, 2, 2);
    heartbeat(node, 3);
    assertThat(node.answer(token)).isEqualTo(leader(2, 3));
  }

  @Test
  void itselfIsTold() {
    HandDriven node = HandDriven.inCluster();
    long token = watch(node, -1, 1);
    node.leading();
    assertThat(node.answer(token)).isNotNull();
    assertThat(node.answer(node.submit(new Request.WatchLeader()))).isEqualTo(leader(1, 2));
  }

  @Test
  void aLeaderThatIsSilentIsNoLeader() {
    HandDriven node = HandDriven.inCluster().following();
    node.turn(new ReplicaInput.Submit(7, new Request.WatchLeader(2, 2), 3_600_000));
    for (int heard = 0; heard < 20; heard++) {
      heartbeat(node, 2);
      node.ticks(5);
    }
    assertThat(node.answer(7)).as("heard within its timeout").isNull();
    node.ticks(LONGEST_TIMEOUT);
    assertThat(node.answer(7)).isEqualTo(none(2));
    assertThat(node.replica().raftStatus().leaderId()).isEqualTo(-1);
  }

  @Test
  void whenItsTimeIsUpItIsToldWhatItKnew() {
    HandDriven node = HandDriven.inCluster();
    long token = watch(node, -1, 1);
    node.ticks(HandDriven.PATIENCE - 1);
    assertThat(node.answer(token)).isNull();
    node.ticks(1);
    assertThat(node.answer(token)).isEqualTo(none(1));
    heartbeat(node, 2);
    assertThat(node.answers).as("once").hasSize(1);
  }

  @Test
  @DisplayName("S-16 it waits for a minute at most, since its client may be gone")
  void S_16_noLongerThanAMinute() {
    HandDriven node = HandDriven.inCluster();
    node.turn(new ReplicaInput.Submit(7, new Request.WatchLeader(-1, 1), 3_600_000));
    node.ticks(LONGEST_TICKS - 1);
    assertThat(node.answer(7)).isNull();
    node.ticks(1);
    assertThat(node.answer(7)).isEqualTo(none(1));
  }

  @Test
  @DisplayName("S-16 those that wait count as requests under way")
  void S_16_atTheBoundOverloaded() {
    HandDriven node = HandDriven.inCluster().following();
    for (int i = 0; i < 100; i++) {
      assertThat(node.answer(watch(node, 2, 2))).isNull();
    }
    long token = watch(node, 2, 2);
    assertThat(((Failed) node.answer(token)).code()).isEqualTo(ErrorCode.OVERLOADED);
    assertThat(node.answer(node.submit(new Request.WatchLeader())))
        .as("what needs no waiting")
        .isEqualTo(leader(2, 2));
    heartbeat(node, 3);
    assertThat(node.answers).hasSize(102);
    assertThat(node.answer(watch(node, 2, 3))).as("there is room again").isNull();
  }

  @Test
  void aNodeThatLeavesAnswersAndEnds() {
    HandDriven node = HandDriven.inCluster().following();
    long token = watch(node, 2, 2);
    node.turn(new ReplicaInput.Leave());
    assertThat(((Failed) node.answer(token)).code()).isEqualTo(ErrorCode.SHUTTING_DOWN);
    assertThat(node.replica().mayEnd()).isTrue();
    long late = watch(node, 2, 2);
    assertThat(((Failed) node.answer(late)).code()).isEqualTo(ErrorCode.SHUTTING_DOWN);
  }

  @Test
  void aNodeThatIsRemovedMeanwhileSaysThat() {
    HandDriven node = HandDriven.inCluster().following();
    long token = watch(node, 2, 2);
    Membership others = new Membership(List.of(HandDriven.member(2), HandDriven.member(3)));
    node.hear(
        2,
        new Message.AppendRequest(
            2, 1, 10, 1, 11, List.of(new Entry(11, 2, new Payload.Members(others)))));
    node.sync();
    node.ticks(HandDriven.PATIENCE);
    assertThat(((Failed) node.answer(token)).code()).isEqualTo(ErrorCode.NOT_MEMBER);
    assertThat(((Failed) node.answer(watch(node, 2, 2))).code()).isEqualTo(ErrorCode.NOT_MEMBER);
  }

  @Test
  void inNoClusterThereIsNothingToWatch() {
    HandDriven node = HandDriven.inNoCluster();
    for (Request request : List.of(new Request.WatchLeader(), new Request.WatchLeader(-1, 0))) {
      assertThat(((Failed) node.answer(node.submit(request))).code())
          .isEqualTo(ErrorCode.NOT_MEMBER);
    }
  }

  @Test
  void whereAFoundingIsDueItsLeaderIsAwaited() {
    HandDriven node = HandDriven.listed();
    assertThat(node.answer(node.submit(new Request.WatchLeader()))).isEqualTo(none(0));
    long token = watch(node, -1, 0);
    assertThat(node.answer(token)).isNull();
    node.link(1);
    node.hear(1, new Message.AppendRequest(1, 1, 0, 0, 0, List.of()));
    assertThat(node.answer(token)).isNotNull().isNotInstanceOf(Failed.class);
  }

  @Test
  void itIsNeverPassedOn() {
    HandDriven node = HandDriven.inCluster().following();
    watch(node, 2, 2);
    node.ticks(5);
    assertThat(node.forwards(2)).isEmpty();
    node.put("k", "v", Origin.NONE);
    assertThat(node.forwards(2)).as("other requests are").hasSize(1);
  }
}
