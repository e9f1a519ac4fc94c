package org.rale.raled.net;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

final class RoundTripTest {
  private final RoundTrip roundTrip = new RoundTrip();

  @Test
  void nothingIsKnownBeforeASample() {
    assertThat(roundTrip.smoothedMicros()).isEqualTo(PathQuality.UNKNOWN);
    assertThat(roundTrip.deviationMicros()).isEqualTo(PathQuality.UNKNOWN);
  }

  @Test
  void weightsAreThoseOfRfc6298() {
    roundTrip.sample(800);
    assertThat(roundTrip.smoothedMicros()).isEqualTo(800);
    assertThat(roundTrip.deviationMicros()).isEqualTo(400);
    roundTrip.sample(1_600);
    assertThat(roundTrip.smoothedMicros()).isEqualTo(800 * 7 / 8 + 1_600 / 8);
    assertThat(roundTrip.deviationMicros()).isEqualTo(400 * 3 / 4 + 800 / 4);
  }

  @Test
  void nonsenseIsPassedOver() {
    roundTrip.sample(-1);
    roundTrip.sample(Long.MIN_VALUE);
    roundTrip.sample(RoundTrip.LONGEST_MICROS + 1);
    assertThat(roundTrip.smoothedMicros()).isEqualTo(PathQuality.UNKNOWN);
    roundTrip.sample(RoundTrip.LONGEST_MICROS);
    roundTrip.sample(Long.MAX_VALUE);
    assertThat(roundTrip.smoothedMicros()).isEqualTo(RoundTrip.LONGEST_MICROS);
  }

  @Test
  void whatWasForgottenHasNoWeight() {
    roundTrip.sample(1_000_000);
    roundTrip.forget();
    assertThat(roundTrip.smoothedMicros()).isEqualTo(PathQuality.UNKNOWN);
    roundTrip.sample(200);
    assertThat(roundTrip.smoothedMicros()).isEqualTo(200);
    assertThat(roundTrip.deviationMicros()).isEqualTo(100);
  }
}
