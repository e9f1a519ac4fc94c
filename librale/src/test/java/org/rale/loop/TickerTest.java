package org.rale.loop;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.rale.replica.ReplicaInput;

final class TickerTest {
  private static final long TICK = 10_000_000;

  private final AtomicLong nanos = new AtomicLong(-5);
  private final Ticker ticker = new Ticker(nanos::get, 10, 4);

  private List<ReplicaInput> after(long passed) {
    nanos.addAndGet(passed);
    return ticker.due();
  }

  @Test
  void each_tick_is_told_once_and_none_is_lost_to_rounding() {
    assertThat(after(TICK - 1)).isEmpty();
    assertThat(after(1)).containsExactly(new ReplicaInput.Tick());
    assertThat(after(TICK * 5 / 2))
        .containsExactly(new ReplicaInput.Tick(), new ReplicaInput.Tick());
    assertThat(after(TICK / 2)).containsExactly(new ReplicaInput.Tick());
  }

  @Test
  @DisplayName("S-13 a gap is told as one, and time goes on behind it")
  void gap() {
    // A process that is starved without end sees nothing but gaps. If they brought no tick, it
    // would send no heartbeat and let no request run out of time ever again.
    assertThat(after(4 * TICK)).containsExactly(new ReplicaInput.Woke(3), new ReplicaInput.Tick());
    assertThat(after(1_000 * TICK))
        .containsExactly(new ReplicaInput.Woke(999), new ReplicaInput.Tick());
  }

  @Test
  void says_how_long_to_wait() {
    assertThat(ticker.nanosToNext()).isEqualTo(TICK);
    nanos.addAndGet(TICK / 4);
    assertThat(ticker.nanosToNext()).isEqualTo(TICK * 3 / 4);
    nanos.addAndGet(TICK);
    assertThat(ticker.nanosToNext()).isZero();
  }
}
