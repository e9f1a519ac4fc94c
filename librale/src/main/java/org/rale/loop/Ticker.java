package org.rale.loop;

import java.util.Collections;
import java.util.List;
import java.util.function.LongSupplier;
import org.rale.replica.ReplicaInput;

/**
 * Turns a monotonic clock into ticks (S-13). A gap that is longer than the node's patience is told
 * as one: the process was stopped or starved, and must neither blame the leader for the silence nor
 * believe that it still leads.
 */
public final class Ticker {
  private final LongSupplier nanos;
  private final long tickNanos;
  private final int gapTicks;
  private long last;

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
    long ticks = (nanos.getAsLong() - last) / tickNanos;
    if (ticks <= 0) {
      return List.of();
    }
    last += ticks * tickNanos;
    if (ticks >= gapTicks) {
      return List.of(new ReplicaInput.Woke((int) Math.min(ticks, Integer.MAX_VALUE)));
    }
    return Collections.nCopies((int) ticks, new ReplicaInput.Tick());
  }

  /** How long until the next tick is due. */
  public long nanosToNext() {
    return Math.max(0, last + tickNanos - nanos.getAsLong());
  }
}
