package org.rale.raft;

import static org.assertj.core.api.Assertions.assertThat;
import static org.rale.raft.Node.accepted;
import static org.rale.raft.Node.empty;
import static org.rale.raft.Node.node;

import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** When an entry is committed (5.3, 5.4.2). */
class CommitTest {

  @Test
  @DisplayName("figure 2, Leaders 4: a majority of matchIndex commits")
  void majorityCommits() {
    Node leader = node(1, 1, 2, 3, 4, 5).leading();
    leader.receive(2, accepted(1, 1, 1, 1));
    assertThat(leader.status().commitIndex()).isZero();
    assertThat(leader.receive(3, accepted(1, 2, 1, 1)))
        .contains(new Effect.Apply(List.of(empty(1, 1))));
  }

  @Test
  @DisplayName("S-08 figure 8: entries of older terms are not committed by counting")
  void oldTermsAreNotCounted() {
    Node leader = node(1, 1, 2, 3).log(1, 2).leading();
    leader.receive(2, accepted(3, 1, 2, 2));
    leader.receive(3, accepted(3, 2, 2, 2));
    assertThat(leader.status().commitIndex()).isZero();
    leader.receive(2, accepted(3, 3, 3, 3));
    assertThat(leader.status().commitIndex()).isEqualTo(3);
  }

  @Test
  @DisplayName("S-02 a leader counts itself only when the entry is durable here")
  void leaderCountsItsDisk() {
    Node leader = ReplicationTest.replicating();
    leader.propose("x");
    leader.receive(2, accepted(1, 3, 2, 2));
    assertThat(leader.status().commitIndex()).isEqualTo(1);
    leader.sync();
    assertThat(leader.status().commitIndex()).isEqualTo(2);
  }

  @Test
  @DisplayName("the followers' majority commits without the leader's disk, which applies later")
  void followersCommitWithoutTheLeader() {
    Node leader = ReplicationTest.replicating();
    leader.propose("x");
    leader.receive(2, accepted(1, 3, 2, 2));
    assertThat(Node.only(leader.receive(3, accepted(1, 4, 2, 2)), Effect.Apply.class)).isEmpty();
    assertThat(leader.status().commitIndex()).isEqualTo(2);
    assertThat(Node.only(leader.sync(), Effect.Apply.class)).hasSize(1);
  }

  @Test
  @DisplayName(
      "S-16 beyond the bound of uncommitted bytes proposals are refused, until some commit")
  void uncommittedBytesAreBounded() {
    Node leader = ReplicationTest.replicating();
    leader.propose("x".repeat(5000));
    assertThat(leader.propose("y")).containsExactly(new Effect.Refused(1, Refusal.OVERLOADED));
    leader.sync();
    leader.receive(2, accepted(1, 3, 2, 2));
    assertThat(Node.only(leader.propose("y"), Effect.Accepted.class))
        .containsExactly(new Effect.Accepted(1, 3, 1));
  }

  @Test
  @DisplayName("a proposal to a node that does not lead is refused")
  void onlyLeadersAccept() {
    Node node = node(1, 1, 2, 3).term(1).following(2);
    assertThat(node.propose("x")).containsExactly(new Effect.Refused(1, Refusal.NOT_LEADER));
  }
}
