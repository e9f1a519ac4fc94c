package org.rale.process;

import java.util.concurrent.TimeUnit;

/**
 * How long the machine lets a thread wait that wants to run: what a node does late, it may do late
 * for that reason alone.
 */
final class Hiccups {
  private static final long BEAT_MS = 5;

  private long worstMs;

  Hiccups() {
    Thread beats = new Thread(this::beat, "hiccups");
    beats.setDaemon(true);
    beats.start();
  }

  private void beat() {
    try {
      while (true) {
        long before = System.nanoTime();
        TimeUnit.MILLISECONDS.sleep(BEAT_MS);
        note(TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - before) - BEAT_MS);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private synchronized void note(long lateMs) {
    worstMs = Math.max(worstMs, lateMs);
  }

  synchronized void forget() {
    worstMs = 0;
  }

  /** The longest wait since the last {@link #forget}. */
  synchronized long worstMs() {
    return worstMs;
  }
}
