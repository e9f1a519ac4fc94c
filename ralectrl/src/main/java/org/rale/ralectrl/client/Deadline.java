package org.rale.ralectrl.client;

import java.time.Duration;

/**
 * A moment by which something must be over, on the monotonic clock (S-13).
 *
 * @param nanos as of {@link System#nanoTime()}
 */
public record Deadline(long nanos) {

  public static Deadline in(Duration time) {
    return new Deadline(System.nanoTime() + time.toNanos());
  }

  /** Milliseconds left, rounded up; 0 when it is over. */
  public long leftMs() {
    long left = nanos - System.nanoTime();
    return left <= 0 ? 0 : (left + 999_999) / 1_000_000;
  }

  public boolean isOver() {
    return leftMs() == 0;
  }

  /** The end of the first of {@code parts} equal parts of what is left. */
  public Deadline part(int parts) {
    long now = System.nanoTime();
    return new Deadline(now + Math.max(0, nanos - now) / parts);
  }
}
