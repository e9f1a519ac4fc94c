package org.rale.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What is made of the times at which writes were sent and acknowledged. */
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class AcksTest {
  private static final long MS = 1_000_000;

  private final Acks acks = new Acks();

  private void ack(long sentMs, long acknowledgedMs) {
    acks.add(sentMs * MS, acknowledgedMs * MS);
  }

  private long firstSentAfter(long ms) throws InterruptedException {
    return acks.firstSentAfter(ms * MS, Duration.ofMillis(1)) / MS;
  }

  @Test
  void aWriteThatWasUnderWayIsNotSentAfter() throws Exception {
    ack(10, 12);
    ack(19, 21);
    ack(22, 340);
    assertThat(firstSentAfter(20)).isEqualTo(340);
    assertThat(firstSentAfter(18)).isEqualTo(21);
  }

  @Test
  void whatStillArrivesIsNoSignOfLife() throws Exception {
    ack(10, 12);
    ack(15, 22);
    ack(16, 40);
    ack(21, 41);
    ack(45, 340);
    ack(342, 900);
    assertThat(nextAfter(20)).isEqualTo(340);
  }

  @Test
  void aWriteThatSurvivesIsASignOfLife() throws Exception {
    ack(10, 12);
    ack(15, 21);
    ack(16, 340);
    ack(345, 420);
    ack(425, 900);
    assertThat(nextAfter(20)).isEqualTo(340);
  }

  private long nextAfter(long ms) throws InterruptedException {
    return acks.nextAfter(ms * MS, (ms + 1) * MS, Duration.ofMillis(1)) / MS;
  }

  @Test
  void aWriteIsWaitedFor() throws Exception {
    Thread late = new Thread(() -> ack(30, 31));
    late.start();
    assertThat(acks.firstSentAfter(20 * MS, Duration.ofSeconds(30))).isEqualTo(31 * MS);
    late.join();
  }

  @Test
  void noWriteInTimeFails() {
    ack(10, 12);
    assertThatThrownBy(() -> firstSentAfter(20)).isInstanceOf(AssertionError.class);
  }

  @Test
  void pausesThatTouchTheTimeCountInFull() {
    ack(0, 1);
    ack(100, 101);
    ack(102, 103);
    ack(150, 153);
    ack(400, 403);
    assertThat(pause(102, 152)).isEqualTo(50);
    assertThat(pause(50, 152)).isEqualTo(100);
    assertThat(pause(110, 154)).isEqualTo(250);
    assertThat(pause(403, 500)).isZero();
  }

  @Test
  void aPauseThatBeganBeforeWhatIsForgottenCountsStill() {
    ack(0, 1);
    ack(10, 11);
    acks.forget();
    ack(90, 91);
    assertThat(pause(20, 30)).isEqualTo(80);
    assertThat(pause(0, 30)).isEqualTo(80);
  }

  private double pause(long fromMs, long toMs) {
    return acks.longestPauseMs(fromMs * MS, toMs * MS);
  }
}
