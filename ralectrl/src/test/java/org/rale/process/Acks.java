package org.rale.process;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** When the writes of one client were sent and acknowledged; all times are of the nano clock. */
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

  /**
   * When the first write that was sent after that time was acknowledged; waits for it. A write that
   * was sent before it may have been answered by a node that is dead by now.
   */
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
