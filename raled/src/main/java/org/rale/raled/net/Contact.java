package org.rale.raled.net;

import java.util.function.LongSupplier;
import org.rale.request.PathInfo;

/** When anything was heard of a peer last, whichever way it came. Any thread. */
final class Contact {
  private static final long NANOS_PER_MS = 1_000_000;

  private final LongSupplier nanoClock;
  private volatile boolean ever;
  private volatile long lastNanos;

  Contact(LongSupplier nanoClock) {
    this.nanoClock = nanoClock;
  }

  void heard() {
    lastNanos = nanoClock.getAsLong();
    ever = true;
  }

  /** How long ago that was, or {@link PathInfo#UNKNOWN}. */
  long ms() {
    return ever
        ? Math.max(0, (nanoClock.getAsLong() - lastNanos) / NANOS_PER_MS)
        : PathInfo.UNKNOWN;
  }
}
