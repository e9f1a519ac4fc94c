package org.rale.ralectrl.lock;

import java.time.Duration;

/**
 * Decides when a lease is renewed, and when the command must end because it can't be. All times are
 * of one monotonic clock, in nanoseconds; the caller tells them.
 *
 * <p>A lease is valid for its ttl from when the last GRANT or KEEPALIVE that was answered was
 * <em>sent</em>: the leader can't have counted from an earlier moment. Of that, 5 % are left for a
 * leader whose clock is faster, and 5 % for the killing. So of the ttl:
 *
 * <pre>
 *   0.33  the next KEEPALIVE is sent, and again 0.05 (5 s at most) after one that failed
 *   0.70  TERM: the lock counts as lost, whatever is answered later
 *   0.90  KILL
 *   0.95  the lease may end, where the leader's clock is 5 % faster
 * </pre>
 *
 * <p>It looks at the time alone, so that a process that was stopped finds its time over when it
 * goes on.
 */
final class Keeper {
  private static final int PARTS = 100;
  private static final int TERM_PART = 70;
  private static final int KILL_PART = 90;
  private static final int END_PART = 95;
  private static final int PAUSE_PART = 5;

  /** With a lease of hours nobody waits for minutes. */
  private static final long MOST_PAUSE_NANOS = 5_000_000_000L;

  /** What is to be done. */
  enum Act {
    /** Nothing, until {@link Step#atNanos()} or until something happens. */
    WAIT,
    /** A KEEPALIVE is to be sent; said once for each. */
    RENEW,
    /** The lock is lost, and there is time to end in order; said once. */
    TERM,
    /** The lock is lost, and nothing of the command may run any more. */
    KILL
  }

  /**
   * What is to be done now.
   *
   * @param atNanos with WAIT: when to ask again; otherwise now
   */
  record Step(Act act, long atNanos) {}

  private final long ttlNanos;
  private long validFrom;
  private long renewAt;
  private boolean renewing;
  private boolean terminating;
  private boolean gone;

  /**
   * @param sentNanos when the GRANT was sent
   */
  Keeper(Duration ttl, long sentNanos) {
    this.ttlNanos = ttl.toNanos();
    renewed(sentNanos);
  }

  /** A KEEPALIVE that was sent then was answered with OK. */
  void renewed(long sentNanos) {
    renewing = false;
    // One that comes after TERM, or late, takes nothing back.
    if (!terminating) {
      validFrom = sentNanos;
      renewAt = sentNanos + ttlNanos / 3;
    }
  }

  /** A KEEPALIVE came to nothing. */
  void notRenewed(long nowNanos) {
    renewing = false;
    renewAt = nowNanos + Math.min(MOST_PAUSE_NANOS, part(PAUSE_PART));
  }

  /** The lease has ended, or is about to: somebody else may have the lock. */
  void leaseGone() {
    gone = true;
  }

  /** How long a KEEPALIVE may be under way, so that another one fits before TERM. */
  static Duration patience(Duration ttl) {
    return Duration.ofNanos(Math.min(MOST_PAUSE_NANOS, ttl.toNanos() / 4));
  }

  Duration patience() {
    return patience(Duration.ofNanos(ttlNanos));
  }

  /**
   * Whether the command ran without the lock, or may have: of one that has ended by itself it is
   * asked when that is noticed, which may be long afterwards.
   */
  boolean isLost(long nowNanos) {
    return gone || terminating || nowNanos - killAt() >= 0;
  }

  /** Whether the lease may have ended by itself. */
  boolean mayHaveEnded(long nowNanos) {
    return nowNanos - (validFrom + part(END_PART)) >= 0;
  }

  /** TERM or KILL was said. */
  boolean isTerminating() {
    return terminating;
  }

  Step next(long nowNanos) {
    long killAt = killAt();
    long termAt = validFrom + part(TERM_PART);
    if (gone || nowNanos - killAt >= 0) {
      terminating = true;
      return new Step(Act.KILL, nowNanos);
    }
    if (terminating) {
      return new Step(Act.WAIT, killAt);
    }
    if (nowNanos - termAt >= 0) {
      terminating = true;
      return new Step(Act.TERM, nowNanos);
    }
    if (renewing) {
      return new Step(Act.WAIT, termAt);
    }
    if (nowNanos - renewAt >= 0) {
      renewing = true;
      return new Step(Act.RENEW, nowNanos);
    }
    return new Step(Act.WAIT, renewAt - termAt < 0 ? renewAt : termAt);
  }

  private long killAt() {
    return validFrom + part(KILL_PART);
  }

  private long part(int hundredths) {
    return ttlNanos / PARTS * hundredths;
  }
}
