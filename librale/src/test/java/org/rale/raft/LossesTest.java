package org.rale.raft;

import static org.assertj.core.api.Assertions.assertThat;
import static org.rale.raft.Message.HeartbeatResponse.LOSS_UNKNOWN;

import java.util.Random;
import java.util.function.LongPredicate;
import org.junit.jupiter.api.Test;

/** What a follower says of the heartbeats that it did not get. */
class LossesTest {
  private static final int LEADER = 2;

  private final Losses losses = new Losses();

  private void hear(long from, long to, LongPredicate comes) {
    for (long number = from; number <= to; number++) {
      if (comes.test(number)) {
        losses.came(LEADER, 1, number);
      }
    }
  }

  private int perMille() {
    return losses.perMille(LEADER, 1);
  }

  @Test
  void fewSayNothing() {
    assertThat(perMille()).isEqualTo(LOSS_UNKNOWN);
    hear(1, Losses.ENOUGH - 1, number -> true);
    assertThat(perMille()).isEqualTo(LOSS_UNKNOWN);
    hear(Losses.ENOUGH, Losses.ENOUGH, number -> true);
    assertThat(perMille()).isZero();
  }

  @Test
  void gapsAreLosses() {
    hear(1, 1_001, number -> number % 4 != 2);
    assertThat(perMille()).isEqualTo(250);
    hear(1_002, 1_200, number -> true);
    assertThat(perMille()).as("forgotten").isZero();
  }

  @Test
  void lateOnesAndDoubledOnesCountOnce() {
    hear(1, 101, number -> number % 2 == 1);
    int half = perMille();
    assertThat(half).isBetween(490, 500);
    hear(1, 101, number -> number % 2 == 1);
    assertThat(perMille()).as("doubled").isEqualTo(half);
    hear(1, 101, number -> number % 2 == 0);
    assertThat(perMille()).as("late, and not lost").isZero();
  }

  @Test
  void aLongGapIsAllThatCounts() {
    hear(1, 200, number -> true);
    losses.came(LEADER, 1, 10_000);
    assertThat(perMille()).isBetween(990, 999);
    losses.came(LEADER, 1, 9_000);
    assertThat(perMille()).as("too late to count").isBetween(990, 999);
  }

  @Test
  void anotherLeaderAndAnotherTermAndAnotherWayBeginAnew() {
    hear(1, 100, number -> number % 2 == 0);
    assertThat(losses.perMille(3, 1)).isEqualTo(LOSS_UNKNOWN);
    assertThat(losses.perMille(LEADER, 2)).isEqualTo(LOSS_UNKNOWN);
    losses.came(LEADER, 2, 7);
    assertThat(losses.perMille(LEADER, 2)).isEqualTo(LOSS_UNKNOWN);
    hear(8, 60, number -> true);
    assertThat(perMille()).as("term 1 counts no more than any other").isZero();
    losses.forget();
    assertThat(perMille()).isEqualTo(LOSS_UNKNOWN);
  }

  @Test
  void whateverComesNoFigureIsWild() {
    Random random = new Random(1);
    for (int i = 0; i < 100_000; i++) {
      long number = random.nextInt(10) == 0 ? random.nextLong() >>> 1 : random.nextInt(1_000);
      losses.came(LEADER, 1, number);
      assertThat(perMille()).isBetween(-1, 1_000);
    }
  }
}
