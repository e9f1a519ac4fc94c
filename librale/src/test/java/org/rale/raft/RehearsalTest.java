package org.rale.raft;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

final class RehearsalTest {
  /** The first election, and in each round the hand-over and the one after a death. */
  @Test
  void electsHandsOverAndElectsAgain() {
    assertThat(Rehearsal.run(1)).isGreaterThanOrEqualTo(4);
  }

  /** As many as raled plays: what happens in it has happened here. */
  @Test
  void isTheSameEveryTime() {
    long term = Rehearsal.run(Rehearsal.ROUNDS);
    assertThat(term).isGreaterThan(2L * Rehearsal.ROUNDS);
    assertThat(Rehearsal.run(Rehearsal.ROUNDS)).isEqualTo(term);
  }
}
