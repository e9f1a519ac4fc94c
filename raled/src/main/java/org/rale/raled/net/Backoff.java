package org.rale.raled.net;

import java.util.random.RandomGenerator;

/**
 * How long to wait before the next attempt: 50 ms, doubling to a second.
 *
 * <p>Each wait is drawn from the upper half of its step, so that nodes that lost a peer at the same
 * moment do not come back to it at the same moment.
 */
final class Backoff {
  static final long FIRST_MS = 50;
  static final long LAST_MS = 1_000;

  private final RandomGenerator random;
  private long stepMs = FIRST_MS;

  Backoff(RandomGenerator random) {
    this.random = random;
  }

  long nextMs() {
    long waitMs = stepMs / 2 + random.nextLong(stepMs / 2 + 1);
    stepMs = Math.min(LAST_MS, stepMs * 2);
    return waitMs;
  }

  /** The peer was reached: the next loss starts from the shortest wait again. */
  void reset() {
    stepMs = FIRST_MS;
  }

  /** The peer answered and will not have us: nothing is gained by asking often. */
  void slowest() {
    stepMs = LAST_MS;
  }
}
