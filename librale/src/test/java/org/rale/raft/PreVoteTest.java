package org.rale.raft;

import static org.assertj.core.api.Assertions.assertThat;
import static org.rale.raft.Node.node;
import static org.rale.raft.Node.send;

import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** Asking before campaigning (dissertation 9.6). */
class PreVoteTest {

  @Test
  @DisplayName("9.6: silence makes a node ask, with its term as it was and nothing on disk")
  void silenceAsks() {
    Node node = node(1, 1, 2, 3).log(1).following(2);
    node.ticks(Node.TIMEOUT - 1);
    Message.PreVoteRequest request = new Message.PreVoteRequest(1, 2, 1, 1);
    assertThat(node.ticks(1)).containsExactly(send(2, request), send(3, request));
    assertThat(node.raft().term()).isEqualTo(1);
    assertThat(node.raft().role()).isEqualTo(Role.PRE_CANDIDATE);
  }

  @Test
  @DisplayName("9.6: a yes changes nothing on the voter and is no vote")
  void yesIsNoVote() {
    Node node = node(1, 1, 2, 3).term(1).start();
    assertThat(node.receive(2, new Message.PreVoteRequest(1, 2, 0, 0)))
        .containsExactly(send(2, new Message.PreVoteResponse(1, 2, Denial.NONE)));
    assertThat(node.receive(3, new Message.PreVoteRequest(1, 2, 0, 0)))
        .containsExactly(send(3, new Message.PreVoteResponse(1, 2, Denial.NONE)));
    assertThat(node.raft().term()).isEqualTo(1);
    assertThat(node.status().votedFor()).isZero();
  }

  @Test
  @DisplayName("9.6: no, while a leader is heard")
  void noWhileALeaderIsHeard() {
    Node node = node(1, 1, 2, 3).term(1).following(2);
    assertThat(node.receive(3, new Message.PreVoteRequest(1, 2, 9, 9)))
        .containsExactly(send(3, new Message.PreVoteResponse(1, 2, Denial.LEADER_HEARD)));
  }

  @Test
  @DisplayName("9.6: no, to a log that lacks something")
  void noToALogBehind() {
    Node node = node(1, 1, 2, 3).log(1, 2).start();
    assertThat(node.receive(2, new Message.PreVoteRequest(2, 3, 5, 1)))
        .containsExactly(send(2, new Message.PreVoteResponse(2, 3, Denial.LOG_BEHIND)));
  }

  @Test
  @DisplayName("a campaign in a term that is over is denied, and the asker learns the term")
  void oldTermIsTold() {
    Node voter = node(1, 1, 2, 3).term(7).start();
    Message.PreVoteResponse denial = new Message.PreVoteResponse(7, 2, Denial.OLD_TERM);
    assertThat(voter.receive(2, new Message.PreVoteRequest(1, 2, 0, 0)))
        .containsExactly(send(2, denial));

    Node asker = node(2, 1, 2, 3).term(1).start();
    asker.ticks(Node.TIMEOUT);
    asker.receive(1, denial);
    assertThat(asker.raft().term()).isEqualTo(7);
    asker.ticks(Node.TIMEOUT);
    asker.receive(1, new Message.PreVoteResponse(7, 8, Denial.NONE));
    assertThat(asker.raft().term()).isEqualTo(8);
  }

  @Test
  @DisplayName("a yes to another campaign does not count")
  void yesToAnotherCampaign() {
    Node node = node(1, 1, 2, 3).term(3).start();
    node.ticks(Node.TIMEOUT);
    node.receive(2, new Message.PreVoteResponse(2, 3, Denial.NONE));
    assertThat(node.raft().role()).isEqualTo(Role.PRE_CANDIDATE);
    node.receive(2, new Message.PreVoteResponse(2, 4, Denial.NONE));
    assertThat(node.raft().role()).isEqualTo(Role.CANDIDATE);
  }

  @Test
  @DisplayName("S-10 a node long cut off returns, and nothing changes")
  void cutOffNodeReturns() {
    Node node = node(1, 1, 2, 3).term(4).start();
    node.ticks(20 * Node.TIMEOUT_MAX);
    assertThat(node.raft().term()).isEqualTo(4);
    node.receive(2, new Message.Heartbeat(4, 0, 0, 1));
    assertThat(node.raft().role()).isEqualTo(Role.FOLLOWER);
    assertThat(node.raft().leaderId()).isEqualTo(2);
  }

  @Test
  @DisplayName("a learner asks, and is elected by nobody")
  void learnerIsNotElected() {
    Membership membership = Node.voters(2, 3).with(Node.member(1, false));
    Node node = node(1).membership(membership).term(1).start();
    assertThat(node.ticks(Node.TIMEOUT))
        .containsExactly(
            send(2, new Message.PreVoteRequest(1, 2, 0, 0)),
            send(3, new Message.PreVoteRequest(1, 2, 0, 0)));
    assertThat(node.receive(2, new Message.PreVoteResponse(1, 2, Denial.NONE))).isEmpty();
    assertThat(node.receive(3, new Message.PreVoteResponse(1, 2, Denial.NONE))).isEmpty();
    assertThat(node.raft().role()).isEqualTo(Role.FOLLOWER);
    assertThat(node.raft().term()).isEqualTo(1);
  }

  @Test
  @DisplayName("questions that were lost on the way are asked again")
  void askedAgain() {
    Node node = node(1, 1, 2, 3).term(1).start();
    node.ticks(Node.TIMEOUT);
    node.receive(2, new Message.PreVoteResponse(1, 2, Denial.LOG_BEHIND));
    assertThat(node.ticks(1)).containsExactly(send(3, new Message.PreVoteRequest(1, 2, 0, 0)));
  }
}
