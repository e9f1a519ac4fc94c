package org.rale.raft;

import static org.assertj.core.api.Assertions.assertThat;
import static org.rale.raft.Node.node;
import static org.rale.raft.Node.send;

import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** Votes (section 5.2, 5.4.1). */
class ElectionTest {

  @Test
  @DisplayName("figure 2, RequestVote receiver 1: reply false if term < currentTerm")
  void oldTermIsDenied() {
    Node node = node(1, 1, 2, 3).term(5).start();
    assertThat(node.receive(2, new Message.VoteRequest(4, 9, 4, false, 0)))
        .containsExactly(send(2, new Message.VoteResponse(5, Denial.OLD_TERM, 0)));
  }

  @Test
  @DisplayName(
      "figure 2, RequestVote receiver 2: a vote already given in the term is not given again")
  void oneVoteATerm() {
    Node node = node(1, 1, 2, 3).term(5).votedFor(3).start();
    assertThat(node.receive(2, new Message.VoteRequest(5, 9, 4, false, 0)))
        .containsExactly(send(2, new Message.VoteResponse(5, Denial.VOTED_OTHER, 0)));
    assertThat(node.receive(3, new Message.VoteRequest(5, 9, 4, false, 0)))
        .containsExactly(send(3, new Message.VoteResponse(5, Denial.NONE, 0)));
  }

  @Test
  @DisplayName("figure 2, RequestVote receiver 2: a log that lacks something gets no vote (5.4.1)")
  void logBehindIsDenied() {
    Node node = node(1, 1, 2, 3).log(1, 2).start();
    assertThat(votes(node.receive(2, new Message.VoteRequest(3, 9, 1, false, 0))))
        .containsExactly(new Message.VoteResponse(3, Denial.LOG_BEHIND, 0));
    assertThat(votes(node.receive(2, new Message.VoteRequest(4, 1, 2, false, 0))))
        .containsExactly(new Message.VoteResponse(4, Denial.LOG_BEHIND, 0));
    assertThat(votes(node.receive(2, new Message.VoteRequest(5, 2, 2, false, 0))))
        .containsExactly(new Message.VoteResponse(5, Denial.NONE, 0));
  }

  @Test
  @DisplayName("figure 2, All servers 2: a higher term makes a follower")
  void higherTermMakesAFollower() {
    Node leader = ReplicationTest.replicating();
    leader.receive(2, new Message.HeartbeatResponse(7, 0, -1));
    assertThat(leader.raft().role()).isEqualTo(Role.FOLLOWER);
    assertThat(leader.raft().term()).isEqualTo(7);
    assertThat(leader.status().votedFor()).isZero();
  }

  @Test
  @DisplayName(
      "S-01 figure 2, Candidates 1: term and own vote are on disk before votes are asked for")
  void candidateVotesForItself() {
    Node node = node(1, 1, 2, 3).log(1).start();
    node.ticks(Node.TIMEOUT);
    Message.VoteRequest request = new Message.VoteRequest(2, 1, 1, false, 0);
    assertThat(node.receive(2, new Message.PreVoteResponse(1, 2, Denial.NONE)))
        .containsExactly(
            new Effect.Persist(
                1,
                new HardState(2, 1),
                List.of(),
                0,
                List.of(new Effect.Send(2, request), new Effect.Send(3, request))));
  }

  @Test
  @DisplayName("figure 2, Candidates 2: votes of a majority make a leader, and not fewer")
  void majorityMakesALeader() {
    Node node = node(1, 1, 2, 3, 4, 5).candidate();
    node.receive(2, new Message.VoteResponse(1, Denial.NONE, 0));
    node.receive(2, new Message.VoteResponse(1, Denial.NONE, 0));
    node.receive(9, new Message.VoteResponse(1, Denial.NONE, 0));
    node.receive(4, new Message.VoteResponse(0, Denial.NONE, 0));
    node.receive(5, new Message.VoteResponse(1, Denial.LOG_BEHIND, 0));
    assertThat(node.raft().role()).isEqualTo(Role.CANDIDATE);
    node.receive(3, new Message.VoteResponse(1, Denial.NONE, 0));
    assertThat(node.raft().role()).isEqualTo(Role.LEADER);
  }

  @Test
  @DisplayName("S-01 the own vote counts only when it is durable")
  void ownVoteCountsWhenDurable() {
    Node node = node(1, 1, 2, 3).start();
    node.ticks(Node.TIMEOUT);
    node.receive(2, new Message.PreVoteResponse(0, 1, Denial.NONE));
    node.receive(2, new Message.VoteResponse(1, Denial.NONE, 0));
    assertThat(node.raft().role()).isEqualTo(Role.CANDIDATE);
    node.sync();
    assertThat(node.raft().role()).isEqualTo(Role.LEADER);
  }

  @Test
  @DisplayName("figure 2, Candidates 3: an append of this term's leader makes a follower")
  void leaderOfTheTermIsFollowed() {
    Node node = node(1, 1, 2, 3).candidate();
    node.receive(2, Node.append(1, 1, 0, 0, 0));
    assertThat(node.raft().role()).isEqualTo(Role.FOLLOWER);
    assertThat(node.raft().leaderId()).isEqualTo(2);
    assertThat(node.status().votedFor()).isEqualTo(1);
  }

  @Test
  @DisplayName("figure 2, Candidates 4: after another timeout a new election begins")
  void silenceBeginsAnew() {
    Node node = node(1, 1, 2, 3).candidate();
    List<Effect> effects = node.ticks(Node.TIMEOUT);
    assertThat(node.raft().role()).isEqualTo(Role.PRE_CANDIDATE);
    assertThat(Node.messages(effects, Message.PreVoteRequest.class))
        .contains(new Message.PreVoteRequest(1, 2, 0, 0));
  }

  @Test
  @DisplayName("votes that were lost on the way are asked for again, from the silent alone")
  void silentVotersAreAskedAgain() {
    Node node = node(1, 1, 2, 3, 4, 5).candidate();
    node.receive(2, new Message.VoteResponse(1, Denial.LOG_BEHIND, 0));
    List<Effect> effects = node.ticks(Node.HEARTBEAT + 1);
    assertThat(Node.sends(effects).map(Effect.Send::to)).containsOnly(3, 4, 5);
  }

  @Test
  @DisplayName("S-10, 4.2.3: while a leader is heard, a candidate with a higher term moves nothing")
  void heardLeaderKeepsItsFollowers() {
    Node node = node(1, 1, 2, 3).term(1).following(2);
    assertThat(node.receive(3, new Message.VoteRequest(9, 9, 9, false, 0)))
        .containsExactly(send(3, new Message.VoteResponse(1, Denial.LEADER_HEARD, 0)));
    assertThat(node.raft().term()).isEqualTo(1);
    node.ticks(Node.TIMEOUT - 1);
    node.receive(2, new Message.Heartbeat(1, 0, 0, 1));
    assertThat(votes(node.receive(3, new Message.VoteRequest(9, 9, 9, false, 0))))
        .containsExactly(new Message.VoteResponse(1, Denial.LEADER_HEARD, 0));
  }

  @Test
  @DisplayName("S-10 a leader itself is moved by no candidate")
  void leaderIsMovedByNoCandidate() {
    Node leader = ReplicationTest.replicating();
    leader.receive(3, new Message.VoteRequest(9, 9, 9, false, 0));
    assertThat(leader.raft().role()).isEqualTo(Role.LEADER);
    assertThat(leader.raft().term()).isEqualTo(1);
  }

  @Test
  @DisplayName(
      "S-10 check-quorum: a leader that no majority acknowledges leads no longer than the lease")
  void cutOffLeaderEnds() {
    Node leader = ReplicationTest.replicating();
    leader.ticks(Node.LEASE);
    assertThat(leader.raft().role()).isEqualTo(Role.LEADER);
    leader.ticks(1);
    assertThat(leader.raft().role()).isEqualTo(Role.FOLLOWER);
  }

  @Test
  @DisplayName("S-11 answers to heartbeats do not keep a leader in power")
  void heartbeatsProveNothing() {
    Node leader = ReplicationTest.replicating();
    for (int tick = 0; tick <= Node.LEASE; tick++) {
      leader.receive(2, new Message.HeartbeatResponse(1, 0, -1));
      leader.ticks(1);
    }
    assertThat(leader.raft().role()).isEqualTo(Role.FOLLOWER);
  }

  @Test
  @DisplayName("S-13 a leader that stood still for an election timeout leads no more")
  void wakingLeaderEnds() {
    Node leader = ReplicationTest.replicating();
    leader.step(new Input.Woke(Node.TIMEOUT_MAX - 1));
    assertThat(leader.raft().role()).isEqualTo(Role.LEADER);
    leader.step(new Input.Woke(Node.TIMEOUT_MAX));
    assertThat(leader.raft().role()).isEqualTo(Role.FOLLOWER);
  }

  @Test
  @DisplayName("a pre-candidate that gives its vote away ends its own campaign")
  void voterEndsItsOwnCampaign() {
    Node node = node(1, 1, 2, 3).term(1).start();
    node.ticks(Node.TIMEOUT);
    node.receive(2, new Message.VoteRequest(1, 0, 0, false, 0));
    node.receive(3, new Message.PreVoteResponse(1, 2, Denial.NONE));
    assertThat(node.raft().role()).isEqualTo(Role.FOLLOWER);
    assertThat(node.raft().term()).isEqualTo(1);
  }

  @Test
  @DisplayName("S-19 another leader of the own term is shouted about, and not followed")
  void secondLeaderOfTheTerm() {
    Node leader = ReplicationTest.replicating();
    leader.receive(2, Node.append(1, 1, 0, 0, 0));
    assertThat(leader.raft().role()).isEqualTo(Role.LEADER);
    assertThat(leader.notes()).anyMatch(note -> note.text().contains("claims to lead term 1"));
  }

  private static List<Message.VoteResponse> votes(List<Effect> effects) {
    return Node.messages(effects, Message.VoteResponse.class);
  }
}
