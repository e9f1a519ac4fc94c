package org.rale.raled.net;

/**
 * The round trip to a peer, smoothed, and how much it varies, with the weights of RFC 6298 (2.3):
 * an eighth and a quarter for the newest sample. Written at home, read by any thread.
 */
final class RoundTrip {
  /** No path is that slow; a longer sample is a fault, or a forgery. */
  static final long LONGEST_MICROS = 60_000_000;

  private static final double WEIGHT = 1 / 8.0;
  private static final double DEVIATION_WEIGHT = 1 / 4.0;

  private double mean;
  private double meanDeviation;
  private volatile long smoothedMicros = PathQuality.UNKNOWN;
  private volatile long deviationMicros = PathQuality.UNKNOWN;

  /** A sample below 0 or above a minute is passed over. */
  void sample(long micros) {
    if (micros < 0 || micros > LONGEST_MICROS) {
      return;
    }
    if (smoothedMicros == PathQuality.UNKNOWN) {
      mean = micros;
      meanDeviation = micros / 2.0;
    } else {
      meanDeviation += DEVIATION_WEIGHT * (Math.abs(micros - mean) - meanDeviation);
      mean += WEIGHT * (micros - mean);
    }
    deviationMicros = Math.round(meanDeviation);
    smoothedMicros = Math.round(mean);
  }

  void forget() {
    smoothedMicros = PathQuality.UNKNOWN;
    deviationMicros = PathQuality.UNKNOWN;
  }

  long smoothedMicros() {
    return smoothedMicros;
  }

  long deviationMicros() {
    return deviationMicros;
  }
}
