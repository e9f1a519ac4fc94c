package org.rale.raled.net;

/**
 * Tells a fresh datagram from one that was seen before, as IPsec does (RFC 4303, 3.4.3): the
 * highest sequence number so far, and a bit for each of the 64 numbers up to it.
 *
 * <p>A datagram that a network delayed by more than 64 others is dropped like a replay; the rules
 * take it for a lost one.
 */
final class ReplayWindow {
  static final int SIZE = 64;

  private long highest;

  /** Bit n: the number {@code highest - n} was seen. */
  private long seen;

  /** Whether the number is new; from now on it is not. */
  boolean accept(long sequence) {
    if (sequence <= 0) {
      return false;
    }
    if (sequence > highest) {
      long ahead = sequence - highest;
      seen = ahead >= SIZE ? 1 : (seen << ahead) | 1;
      highest = sequence;
      return true;
    }
    long behind = highest - sequence;
    if (behind >= SIZE || (seen & (1L << behind)) != 0) {
      return false;
    }
    seen |= 1L << behind;
    return true;
  }

  /** Forgets all: another process sends from now on, and may count from elsewhere. */
  void reset() {
    highest = 0;
    seen = 0;
  }
}
