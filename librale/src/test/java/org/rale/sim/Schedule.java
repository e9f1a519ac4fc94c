package org.rale.sim;

import java.util.Comparator;
import java.util.PriorityQueue;

/** Virtual time, in microseconds, and what is to happen when. What falls together keeps order. */
final class Schedule {
  private record Event(long at, long number, Runnable action) {}

  private final PriorityQueue<Event> events =
      new PriorityQueue<>(Comparator.comparingLong(Event::at).thenComparingLong(Event::number));

  private long now;
  private long numbers;

  long now() {
    return now;
  }

  void after(long micros, Runnable action) {
    events.add(new Event(now + Math.max(0, micros), numbers++, action));
  }

  /** Lets everything happen that is due until then. */
  void runUntil(long time) {
    while (!events.isEmpty() && events.peek().at() <= time) {
      Event next = events.remove();
      now = next.at();
      next.action().run();
    }
    now = time;
  }
}
