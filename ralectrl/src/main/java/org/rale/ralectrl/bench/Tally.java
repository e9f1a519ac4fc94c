package org.rale.ralectrl.bench;

import org.HdrHistogram.Histogram;
import org.HdrHistogram.Recorder;
import org.jspecify.annotations.Nullable;

/**
 * What came of the requests of all lanes. Lanes write, and one other thread reads now and then;
 * none of them waits for another.
 */
final class Tally {
  /** Latencies are kept in classes of a thousandth, from a microsecond to an hour. */
  private static final int DIGITS = 3;

  private static final long LEAST_NANOS = 1_000;
  private static final long MOST_NANOS = 3_600_000_000_000L;

  private final Recorder recorder = new Recorder(LEAST_NANOS, MOST_NANOS, DIGITS);
  private final ErrorKinds errors = new ErrorKinds();
  private final Histogram total = new Histogram(LEAST_NANOS, MOST_NANOS, DIGITS);
  private @Nullable Histogram latest;

  void done(long nanos) {
    recorder.recordValue(Math.min(MOST_NANOS, nanos));
  }

  void failed(String kind, String sample, int count) {
    errors.add(kind, sample, count);
  }

  /** Forgets what there was: the warm-up. */
  void restart() {
    recorder.reset();
    total.reset();
    errors.clear();
  }

  /** How many were done since this was asked last. */
  long more() {
    Histogram interval = recorder.getIntervalHistogram(latest);
    latest = interval;
    total.add(interval);
    return interval.getTotalCount();
  }

  /** The latencies in nanoseconds of all that was done up to the last {@link #more}. */
  Histogram latencies() {
    return total;
  }

  ErrorKinds errors() {
    return errors;
  }
}
