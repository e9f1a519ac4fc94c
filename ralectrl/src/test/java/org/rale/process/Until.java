package org.rale.process;

import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.locks.LockSupport;

/** Waiting for what a process says, as long as a slow machine may need. */
final class Until {
  static final Duration PATIENCE = Duration.ofSeconds(60);

  /** Between two questions, so that the asking does not slow down what it waits for. */
  private static final Duration PAUSE = Duration.ofMillis(25);

  private Until() {}

  /**
   * Asks until the answer is true. A question that can't be asked yet, since nobody listens, is one
   * without an answer.
   */
  static void holds(String what, Callable<Boolean> question) {
    long end = System.nanoTime() + PATIENCE.toNanos();
    Exception last = null;
    while (System.nanoTime() < end) {
      try {
        if (question.call()) {
          return;
        }
        last = null;
      } catch (Exception e) {
        last = e;
      }
      LockSupport.parkNanos(PAUSE.toNanos());
    }
    throw new AssertionError("not within " + PATIENCE.toSeconds() + " s: " + what, last);
  }
}
