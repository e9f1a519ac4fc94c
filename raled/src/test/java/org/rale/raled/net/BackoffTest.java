package org.rale.raled.net;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;
import org.junit.jupiter.api.Test;

final class BackoffTest {
  private final Backoff backoff = new Backoff(new Random(1));

  @Test
  void waitsDoubleUpToASecondAndAreDrawnFromTheUpperHalf() {
    long step = Backoff.FIRST_MS;
    for (int i = 0; i < 20; i++) {
      assertThat(backoff.nextMs()).isBetween(step / 2, step);
      step = Math.min(Backoff.LAST_MS, step * 2);
    }
    assertThat(step).isEqualTo(1_000);
  }

  @Test
  void aSuccessStartsAnewAndARefusalGoesToTheLongestWait() {
    backoff.slowest();
    assertThat(backoff.nextMs()).isBetween(500L, 1_000L);
    backoff.reset();
    assertThat(backoff.nextMs()).isBetween(25L, 50L);
  }
}
