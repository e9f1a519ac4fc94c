package org.rale.loop;

import java.util.Collections;
import java.util.List;
import java.util.function.LongSupplier;
import org.rale.replica.ReplicaInput;

/**
 * Turns a monotonic clock into ticks (S-13). A gap that is longer than the node's patience is told
 * as one: the process was stopped or starved, and must neither blame the leader for the silence nor
 * believe that it still leads.
 *
 * <p>A tick follows each gap. A process that is starved for long, or whose every turn is long, sees
 * nothing but gaps: without ticks it would send no heartbeat and let no request run out of time.
 */
public final class Ticker {
  private final LongSupplier nanos;
  private final long tickNanos;
  private final int gapTicks;
  private volatile long last;

  /**
   * @param nanos a clock that never goes back
   * @param tickMs how long a tick is
   * @param gapTicks how many missed ticks make a gap
   */
  public Ticker(LongSupplier nanos, int tickMs, int gapTicks) {
    this.nanos = nanos;
    this.tickNanos = tickMs * 1_000_000L;
    this.gapTicks = gapTicks;
    this.last = nanos.getAsLong();
  }

  /** What the time that has passed since the last call amounts to. */
  public List<ReplicaInput> due() {
    long before = last;
    long ticks = (nanos.getAsLong() - before) / tickNanos;
    if (ticks <= 0) {
      return List.of();
    }
    last = before + ticks * tickNanos;
    if (ticks >= gapTicks) {
      int missed = (int) Math.min(ticks - 1, Integer.MAX_VALUE);
      return List.of(new ReplicaInput.Woke(missed), new ReplicaInput.Tick());
    }
    return Collections.nCopies((int) ticks, new ReplicaInput.Tick());
  }

  /** How long until the next tick is due. */
  public long nanosToNext() {
    return Math.max(0, last + tickNanos - nanos.getAsLong());
  }
}
