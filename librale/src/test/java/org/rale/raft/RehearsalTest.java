package org.rale.raft;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

final class RehearsalTest {
  /** Each round has three elections at least: the first, the hand-over, the one after a death. */
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
