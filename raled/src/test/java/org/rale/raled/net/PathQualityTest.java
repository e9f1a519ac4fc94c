package org.rale.raled.net;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.rale.wire.Datagram.Stamps;

/** Two sides whose clocks have nothing to do with each other. */
final class PathQualityTest {
  private static final long WAY = 300;

  private long now = 1_000;
  private long sequence;
  private final PathQuality one = new PathQuality(() -> now);
  private final PathQuality two = new PathQuality(() -> now + 5_000_000_000L);

  private void pass(long micros) {
    now += micros;
  }

  private void send(PathQuality from, PathQuality to) {
    Stamps stamps = from.leaving();
    pass(WAY);
    to.arrived(++sequence, stamps);
  }

  @Test
  void bothSidesMeasureTheRoundTripWhateverTheyHeldBack() {
    send(one, two);
    assertThat(two.roundTripMicros()).isEqualTo(PathQuality.UNKNOWN);
    pass(40_000);
    send(two, one);
    assertThat(one.roundTripMicros()).isEqualTo(2 * WAY);
    pass(10_000);
    send(one, two);
    assertThat(two.roundTripMicros()).isEqualTo(2 * WAY);
    assertThat(two.jitterMicros()).isZero();
  }

  @Test
  void theNewestClockIsEchoedAlsoWhenAnOlderOneComesLast() {
    Stamps older = one.leaving();
    pass(100);
    Stamps newer = one.leaving();
    two.arrived(2, newer);
    pass(50);
    two.arrived(1, older);
    assertThat(two.leaving().echo()).isEqualTo(newer.clock());
    assertThat(two.leaving().held()).isEqualTo(50);
  }

  @Test
  void whatIsAMinuteOldIsNotEchoed() {
    send(one, two);
    pass(Stamps.MAX_HELD);
    assertThat(two.leaving().held()).isEqualTo(Stamps.MAX_HELD);
    pass(1);
    assertThat(two.leaving().echo()).isZero();
    assertThat(two.leaving().clock()).isPositive();
  }

  @Test
  void nonsenseOfTheOtherSideGivesNoRoundTrip() {
    one.arrived(1, Stamps.NONE);
    one.arrived(2, new Stamps(Long.MAX_VALUE, Long.MAX_VALUE, Stamps.MAX_HELD));
    one.arrived(3, new Stamps(5, now + 1, 0));
    one.arrived(4, new Stamps(5, now, 1));
    one.arrived(5, new Stamps(5, 1, 0));
    assertThat(one.roundTripMicros()).isEqualTo(PathQuality.UNKNOWN);
    assertThat(one.leaving().echo()).isEqualTo(Long.MAX_VALUE);
  }

  @Test
  void whatWentAnotherWayIsNotMeasured() {
    send(one, two);
    pass(100);
    Stamps answer = two.leaving();
    one.forget();
    pass(WAY);
    one.arrived(1, answer);
    assertThat(one.roundTripMicros()).isEqualTo(PathQuality.UNKNOWN);
    assertThat(one.jitterMicros()).isEqualTo(PathQuality.UNKNOWN);
    send(one, two);
    send(two, one);
    assertThat(one.roundTripMicros()).isEqualTo(2 * WAY);
  }

  @Test
  void allIsForgottenAtOnce() {
    for (int i = 0; i < DatagramLoss.LEAST; i++) {
      send(one, two);
      send(two, one);
    }
    assertThat(one.lossPermille()).isNotEqualTo(PathQuality.UNKNOWN);
    one.forget();
    assertThat(one.roundTripMicros()).isEqualTo(PathQuality.UNKNOWN);
    assertThat(one.deviationMicros()).isEqualTo(PathQuality.UNKNOWN);
    assertThat(one.jitterMicros()).isEqualTo(PathQuality.UNKNOWN);
    assertThat(one.lossPermille()).isEqualTo(PathQuality.UNKNOWN);
    assertThat(one.leaving().echo()).isZero();
  }
}
