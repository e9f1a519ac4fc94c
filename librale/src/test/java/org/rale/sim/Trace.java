package org.rale.sim;

import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Locale;
import java.util.stream.Collectors;

/** What happened: a hash over all of it, and the last events for people. */
final class Trace {
  private static final int KEPT = 400;

  @SuppressWarnings("ArrayRecordComponent") // never compared
  private record Happened(long at, Object[] what) {
    String text() {
      return String.format(
          Locale.ROOT,
          "%10.3f ms  %s",
          at / 1000.0,
          Arrays.stream(what).map(String::valueOf).collect(Collectors.joining(" ")));
    }
  }

  private final Schedule schedule;
  private final ArrayDeque<Happened> last = new ArrayDeque<>();
  private long hash = 1;
  private long count;

  Trace(Schedule schedule) {
    this.schedule = schedule;
  }

  /** Numbers that a repetition of the run must bring again. */
  void mix(long... numbers) {
    for (long number : numbers) {
      hash = (hash ^ number) * 0x9E3779B97F4A7C15L;
      hash ^= hash >>> 29;
    }
  }

  /** The parts are put into words only when somebody reads them. */
  void add(Object... what) {
    count++;
    mix(schedule.now(), what.length);
    if (last.size() == KEPT) {
      last.remove();
    }
    last.add(new Happened(schedule.now(), what));
  }

  long hash() {
    return hash;
  }

  long count() {
    return count;
  }

  String text() {
    return last.stream().map(Happened::text).collect(Collectors.joining("\n"));
  }
}
