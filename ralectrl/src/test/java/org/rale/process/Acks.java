package org.rale.process;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** When writes were sent and acknowledged; all times are of the nano clock. */
final class Acks {
  private record Ack(long sent, long acknowledged) {}

  private final List<Ack> acks = new ArrayList<>();

  synchronized void add(long sent, long acknowledged) {
    acks.add(new Ack(sent, acknowledged));
    notifyAll();
  }

  /** All but the last, with which the next pause begins. */
  synchronized void forget() {
    if (acks.size() > 1) {
      acks.subList(0, acks.size() - 1).clear();
    }
  }

  /** Waits until a write that was sent after that time is acknowledged; returns when it was. */
  synchronized long firstSentAfter(long nanos, Duration patience) throws InterruptedException {
    long end = System.nanoTime() + patience.toNanos();
    while (true) {
      for (Ack ack : acks) {
        if (ack.sent() - nanos > 0) {
          return ack.acknowledged();
        }
      }
      long left = TimeUnit.NANOSECONDS.toMillis(end - System.nanoTime());
      if (left <= 0) {
        throw new AssertionError("no write within " + patience.toSeconds() + " s");
      }
      wait(left);
    }
  }

  /** Whether a write that was sent after that time has been acknowledged. */
  synchronized boolean anySentAfter(long nanos) {
    return acks.stream().anyMatch(ack -> ack.sent() - nanos > 0);
  }

  /**
   * When writes were acknowledged again after something had happened; waits for it. What was on its
   * way to the client when it happened still arrives, and is no sign of life: the longest pause
   * counts, of those until a write is acknowledged that was sent after it.
   *
   * @param before when it had not happened yet
   * @param after when it had
   */
  synchronized long nextAfter(long before, long after, Duration patience)
      throws InterruptedException {
    long last = firstSentAfter(after, patience);
    long begin = before;
    long longest = 0;
    long next = last;
    for (Ack ack : acks) {
      long pause = ack.acknowledged() - begin;
      if (pause > 0 && ack.acknowledged() - last <= 0) {
        if (pause > longest) {
          longest = pause;
          next = ack.acknowledged();
        }
        begin = ack.acknowledged();
      }
    }
    return next;
  }

  /**
   * The longest time between two acknowledgements, of those that have some of their time between
   * from and to; in milliseconds.
   */
  synchronized double longestPauseMs(long from, long to) {
    long longest = 0;
    for (int i = 1; i < acks.size(); i++) {
      long begin = acks.get(i - 1).acknowledged();
      long end = acks.get(i).acknowledged();
      if (end - from > 0 && begin - to < 0) {
        longest = Math.max(longest, end - begin);
      }
    }
    return longest / 1e6;
  }
}
