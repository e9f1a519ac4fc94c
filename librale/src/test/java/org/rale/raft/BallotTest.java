package org.rale.raft;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

class BallotTest {
  private static final Membership THREE_AND_A_LEARNER =
      new Membership(
          List.of(
              Node.member(1, true),
              Node.member(2, true),
              Node.member(3, true),
              Node.member(4, false)));

  private final Ballot ballot = new Ballot(1);

  @Test
  @DisplayName("S-09: what a learner, or a node that is no member, answers elects nobody")
  void onlyVotersCount() {
    ballot.answered(1, Denial.NONE);
    ballot.answered(4, Denial.NONE);
    ballot.answered(9, Denial.NONE);
    assertThat(ballot.isWon(THREE_AND_A_LEARNER)).isFalse();
    ballot.answered(3, Denial.NONE);
    assertThat(ballot.isWon(THREE_AND_A_LEARNER)).isTrue();
  }

  @Test
  @DisplayName("S-01: the own vote counts when it was given, and not before")
  void theOwnVoteIsOneAnswer() {
    ballot.answered(2, Denial.NONE);
    assertThat(ballot.isWon(THREE_AND_A_LEARNER)).isFalse();
    ballot.answered(1, Denial.NONE);
    assertThat(ballot.isWon(THREE_AND_A_LEARNER)).isTrue();
  }

  @Test
  void theFirstAnswerCounts() {
    assertThat(ballot.answered(2, Denial.LOG_BEHIND)).isTrue();
    assertThat(ballot.answered(2, Denial.NONE)).isFalse();
    ballot.answered(1, Denial.NONE);
    assertThat(ballot.isWon(THREE_AND_A_LEARNER)).isFalse();
    assertThat(ballot.noWords(THREE_AND_A_LEARNER))
        .isEqualTo("node 2 has entries that this node lacks, node 3 did not answer");
  }
}
