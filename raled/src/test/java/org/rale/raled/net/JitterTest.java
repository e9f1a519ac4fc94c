package org.rale.raled.net;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

final class JitterTest {
  private final Jitter jitter = new Jitter();

  @Test
  void oneDatagramSaysNothing() {
    jitter.arrived(5, 1_000);
    assertThat(jitter.micros()).isEqualTo(PathQuality.UNKNOWN);
  }

  @Test
  void anEvenPaceIsNoJitterWhateverTheClocksShow() {
    for (int i = 0; i < 100; i++) {
      jitter.arrived(777_000 + i * 50_000L, i * 50_000L);
    }
    assertThat(jitter.micros()).isZero();
  }

  @Test
  void whatTheSenderTookItsTimeForIsNoJitter() {
    jitter.arrived(1, 101);
    jitter.arrived(900_001, 900_101);
    assertThat(jitter.micros()).isZero();
  }

  @Test
  void theWeightIsThatOfRfc3550() {
    jitter.arrived(0, 0);
    jitter.arrived(50_000, 51_600);
    assertThat(jitter.micros()).isEqualTo(100);
    jitter.arrived(100_000, 100_000);
    assertThat(jitter.micros()).isEqualTo(Math.round(100 + (1_600 - 100) / 16.0));
  }

  @Test
  void oneThatOvertookAnotherCountsByWhenItCame() {
    jitter.arrived(2_000, 3_000);
    jitter.arrived(1_000, 3_000);
    assertThat(jitter.micros()).isEqualTo(Math.round(1_000 / 16.0));
  }

  @Test
  void aClockThatJumpsIsPassedOver() {
    jitter.arrived(1, 1);
    jitter.arrived(Long.MAX_VALUE, 2);
    jitter.arrived(1, 3);
    assertThat(jitter.micros()).isEqualTo(PathQuality.UNKNOWN);
    jitter.arrived(2, 4);
    assertThat(jitter.micros()).isZero();
  }

  @Test
  void afterALongTimeItBeginsAnewFromWhatItKnows() {
    jitter.arrived(1, 1);
    jitter.arrived(2, 18);
    long before = jitter.micros();
    jitter.arrived(3, 90_000_000);
    assertThat(jitter.micros()).isEqualTo(before);
    jitter.forget();
    assertThat(jitter.micros()).isEqualTo(PathQuality.UNKNOWN);
  }
}
