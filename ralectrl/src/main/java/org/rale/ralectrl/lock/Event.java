package org.rale.ralectrl.lock;

import org.rale.ralectrl.output.Failure;

/** What the main thread waits for, beside the time. */
sealed interface Event {

  /**
   * This program got a signal.
   *
   * @param name without SIG
   */
  record Signalled(String name) implements Event {}

  /** The process that the command began with has ended; those that it started may be left. */
  record Ended() implements Event {}

  /**
   * A KEEPALIVE was answered with OK.
   *
   * @param sentNanos when it was sent, as of {@link System#nanoTime()}
   */
  record Renewed(long sentNanos) implements Event {}

  /** A KEEPALIVE was not answered, or with something that says nothing of the lease. */
  record NotRenewed(Failure failure) implements Event {}

  /** There is no such lease any more. */
  record LeaseGone(Failure failure) implements Event {}
}
