package org.rale.raled.net;

/**
 * How unevenly datagrams arrive: the interarrival jitter of RFC 3550 (6.4.1). It compares how far
 * apart two of them left, by the sender's clock, with how far apart they came, in the order in
 * which they came; the clocks need not agree. Written at home, read by any thread.
 */
final class Jitter {
  /** Two datagrams that are further apart than this say nothing of each other. */
  private static final long LONGEST_MICROS = 60_000_000;

  private static final double WEIGHT = 1 / 16.0;

  private boolean begun;
  private long lastSent;
  private long lastCame;
  private double mean;
  private volatile long micros = PathQuality.UNKNOWN;

  /**
   * @param sentMicros by the sender's clock, never negative
   * @param cameMicros by the own one
   */
  void arrived(long sentMicros, long cameMicros) {
    long sent = sentMicros - lastSent;
    long came = cameMicros - lastCame;
    if (begun && Math.abs(sent) <= LONGEST_MICROS && came <= LONGEST_MICROS) {
      mean += WEIGHT * (Math.abs(came - sent) - mean);
      micros = Math.round(mean);
    }
    begun = true;
    lastSent = sentMicros;
    lastCame = cameMicros;
  }

  void forget() {
    begun = false;
    mean = 0;
    micros = PathQuality.UNKNOWN;
  }

  long micros() {
    return micros;
  }
}
