package org.rale.raft;

import static org.assertj.core.api.Assertions.assertThat;
import static org.rale.raft.Node.accepted;
import static org.rale.raft.Node.node;
import static org.rale.raft.Node.send;

import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** Linearizable reads (dissertation 6.4). */
class ReadIndexTest {

  @Test
  @DisplayName(
      "6.4 steps 2 and 3: the commit index is noted, and a majority must confirm the leader")
  void readWaitsForAMajority() {
    Node leader = ready();
    assertThat(leader.step(new Input.Read(9)))
        .containsExactly(
            send(2, new Message.Heartbeat(1, 1, 1, 2)), send(3, new Message.Heartbeat(1, 0, 1, 2)));
    assertThat(leader.receive(3, new Message.HeartbeatResponse(1, 1, -1)))
        .containsExactly(new Effect.ReadReady(9, 1, 1));
  }

  @Test
  @DisplayName("6.4 step 1, S-08: before the opening entry is committed no read is answered")
  void readWaitsForTheOpeningEntry() {
    Node leader = node(1, 1, 2, 3).leading();
    leader.step(new Input.Read(9));
    leader.ticks(Node.HEARTBEAT);
    assertThat(leader.receive(2, new Message.HeartbeatResponse(1, 1, -1))).isEmpty();
    assertThat(Node.only(leader.receive(2, accepted(1, 1, 1, 1)), Effect.ReadReady.class))
        .containsExactly(new Effect.ReadReady(9, 1, 1));
  }

  @Test
  @DisplayName("S-12 an answer to a heartbeat sent before the read proves nothing about it")
  void olderAnswerProvesNothing() {
    Node leader = ready();
    leader.step(new Input.Read(8));
    leader.step(new Input.Read(9));
    assertThat(leader.receive(2, new Message.HeartbeatResponse(1, 1, -1)))
        .containsExactly(new Effect.ReadReady(8, 1, 1));
    assertThat(leader.receive(2, new Message.HeartbeatResponse(1, 2, -1)))
        .containsExactly(new Effect.ReadReady(9, 1, 1));
  }

  @Test
  @DisplayName("S-12 a read that came after a heartbeat of an unready leader needs a later answer")
  void roundOfAnUnreadyLeaderEndsWithItsHeartbeat() {
    Node leader = node(1, 1, 2, 3).leading();
    leader.step(new Input.Read(8));
    leader.ticks(Node.HEARTBEAT);
    leader.receive(2, new Message.HeartbeatResponse(1, 1, -1));
    leader.step(new Input.Read(9));
    assertThat(Node.only(leader.receive(2, accepted(1, 1, 1, 1)), Effect.ReadReady.class))
        .containsExactly(new Effect.ReadReady(8, 1, 1));
  }

  @Test
  @DisplayName("S-12 a committed entry confirms the reads before it, and none behind it")
  void laterEntryConfirms() {
    Node leader = ready();
    leader.propose("before both");
    leader.step(new Input.Read(8));
    leader.propose("between");
    leader.step(new Input.Read(9));
    leader.sync();
    assertThat(Node.only(leader.receive(2, accepted(1, 2, 2, 3)), Effect.ReadReady.class))
        .isEmpty();
    assertThat(Node.only(leader.receive(2, accepted(1, 3, 3, 3)), Effect.ReadReady.class))
        .containsExactly(new Effect.ReadReady(8, 1, 1));
  }

  @Test
  @DisplayName("reads that come together share one round")
  void readsShareARound() {
    Node leader = ready();
    List<Effect> effects = leader.step(new Input.Read(8), new Input.Read(9));
    assertThat(Node.messages(effects, Message.Heartbeat.class)).hasSize(2);
    assertThat(leader.receive(2, new Message.HeartbeatResponse(1, 1, -1)))
        .containsExactly(new Effect.ReadReady(8, 1, 1), new Effect.ReadReady(9, 1, 1));
  }

  @Test
  @DisplayName("a single voter confirms itself")
  void singleVoter() {
    Node leader = node(1, 1).leading();
    assertThat(leader.step(new Input.Read(9))).containsExactly(new Effect.ReadReady(9, 1, 1));
  }

  @Test
  @DisplayName("a learner's answer confirms nothing")
  void learnerConfirmsNothing() {
    Membership membership = Node.voters(1, 2).with(Node.member(3, false));
    Node leader = node(1, 1, 2).membership(membership).leading();
    leader.receive(2, accepted(1, 1, 1, 1));
    leader.step(new Input.Read(9));
    assertThat(leader.receive(3, new Message.HeartbeatResponse(1, 1, -1))).isEmpty();
  }

  @Test
  @DisplayName("6.4 a follower asks the leader, and reads at the index it gets")
  void followerAsksTheLeader() {
    Node follower = node(1, 1, 2, 3).term(1).following(2);
    Message.ReadIndexRequest request = asked(follower.step(new Input.Read(9)));
    assertThat(follower.receive(2, new Message.ReadIndexResponse(1, request.id(), 4)))
        .containsExactly(new Effect.ReadReady(9, 4, 1));
    assertThat(follower.receive(2, new Message.ReadIndexResponse(1, request.id(), 4))).isEmpty();
  }

  @Test
  @DisplayName("a leader answers a follower's question when a majority has confirmed it")
  void leaderAnswersAFollower() {
    Node leader = ready();
    leader.receive(3, new Message.ReadIndexRequest(1, 77));
    assertThat(leader.receive(2, new Message.HeartbeatResponse(1, 1, -1)))
        .containsExactly(send(3, new Message.ReadIndexResponse(1, 77, 1)));
  }

  @Test
  @DisplayName("a follower's question that stays unanswered is lost after the election timeout")
  void unansweredQuestionIsLost() {
    Node follower = node(1, 1, 2, 3).term(1).following(2);
    follower.step(new Input.Read(9));
    for (int tick = 1; tick < Node.TIMEOUT_MAX; tick++) {
      assertThat(follower.ticks(1)).isEmpty();
      follower.receive(2, new Message.Heartbeat(1, 0, 0, 1));
    }
    assertThat(follower.ticks(1)).containsExactly(new Effect.Refused(9, Refusal.LOST));
  }

  @Test
  @DisplayName("a node that knows no leader refuses, one that loses its leader gives up")
  void noLeader() {
    Node follower = node(1, 1, 2, 3).term(1).start();
    assertThat(follower.step(new Input.Read(9)))
        .containsExactly(new Effect.Refused(9, Refusal.NOT_LEADER));
    follower.receive(2, new Message.Heartbeat(1, 0, 0, 1));
    follower.step(new Input.Read(10));
    assertThat(follower.receive(3, new Message.Heartbeat(2, 0, 0, 1)))
        .contains(new Effect.Refused(10, Refusal.LOST));
  }

  @Test
  @DisplayName("S-12 a leader that steps down gives up all reads, its own and those of others")
  void steppingDownGivesUpReads() {
    Node leader = ready();
    leader.step(new Input.Read(9), new Input.Received(3, new Message.ReadIndexRequest(1, 77)));
    assertThat(leader.receive(3, new Message.Heartbeat(2, 0, 0, 1)))
        .contains(
            new Effect.Refused(9, Refusal.LOST), send(3, new Message.ReadIndexResponse(1, 77, -1)));
  }

  @Test
  @DisplayName("an answer to a question of an earlier term is ignored")
  void answerOfAnEarlierTerm() {
    Node follower = node(1, 1, 2, 3).term(1).following(2);
    Message.ReadIndexRequest request = asked(follower.step(new Input.Read(9)));
    follower.receive(3, new Message.Heartbeat(2, 0, 0, 1));
    assertThat(follower.receive(2, new Message.ReadIndexResponse(1, request.id(), 4))).isEmpty();
  }

  /** Node 1, whose opening entry node 2 has. */
  @Test
  @DisplayName("S-16 reads that wait for a majority are bounded, whoever wished them")
  void waitingReadsAreBounded() {
    Node leader = ready();
    for (int id = 0; id < Reads.MAX_WAITING; id++) {
      leader.receive(2, new Message.ReadIndexRequest(1, id));
    }
    assertThat(leader.receive(3, new Message.ReadIndexRequest(1, 7)))
        .containsExactly(send(3, new Message.ReadIndexResponse(1, 7, -1)));
    assertThat(leader.step(new Input.Read(9)))
        .containsExactly(new Effect.Refused(9, Refusal.OVERLOADED));

    assertThat(
            Node.messages(
                leader.receive(2, new Message.HeartbeatResponse(1, Reads.MAX_WAITING, -1)),
                Message.ReadIndexResponse.class))
        .hasSize(Reads.MAX_WAITING);
    assertThat(Node.messages(leader.step(new Input.Read(10)), Message.Heartbeat.class)).hasSize(2);
  }

  @Test
  @DisplayName("S-16 reads that wait for the leader are bounded")
  void askedReadsAreBounded() {
    Node follower = node(1, 1, 2, 3).log(1).following(2);
    for (int token = 0; token < Reads.MAX_WAITING; token++) {
      assertThat(
              Node.messages(follower.step(new Input.Read(token)), Message.ReadIndexRequest.class))
          .hasSize(1);
    }
    assertThat(follower.step(new Input.Read(-9)))
        .containsExactly(new Effect.Refused(-9, Refusal.OVERLOADED));
  }

  private static Node ready() {
    Node leader = node(1, 1, 2, 3).leading();
    leader.receive(2, accepted(1, 1, 1, 1));
    return leader;
  }

  private static Message.ReadIndexRequest asked(List<Effect> effects) {
    return Node.messages(effects, Message.ReadIndexRequest.class).get(0);
  }

  private static long firstId(int chance) {
    Node.Disk disk = node(1, 1, 2, 3).term(1);
    Raft raft = new Raft(disk.settings(), disk.restored(), new SplittableRandom(chance));
    raft.step(new Input.Received(2, new Message.Heartbeat(1, 0, 0, 1)));
    raft.step(new Input.Read(7));
    return Node.messages(raft.drain(), Message.ReadIndexRequest.class).get(0).id();
  }

  @Test
  @DisplayName(
      "S-12: a process asks under other ids than the one before it, whose answers may come")
  void idsAreNotUsedAgain() {
    assertThat(firstId(1)).isNotEqualTo(firstId(2));
  }
}
