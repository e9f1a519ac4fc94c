package org.rale.replica;

import java.util.TreeSet;
import java.util.random.RandomGenerator;
import org.rale.dstore.Origin;

/**
 * This process as a client of the table: changes of clients that brought no id of their own get
 * this one, so that the node may try them again elsewhere without applying them twice (S-15).
 */
final class Session {
  private final long high;
  private final long low;
  private final TreeSet<Long> open = new TreeSet<>();
  private long last;

  Session(RandomGenerator random) {
    high = random.nextLong() | 1;
    low = random.nextLong();
  }

  /** A sequence for a new change; {@link #close} it when its outcome was told. */
  Origin next(long appliedIndex) {
    last++;
    open.add(last);
    return new Origin(high, low, last, open.first() - 1, false, appliedIndex);
  }

  void close(Origin origin) {
    if (origin.clientHigh() == high && origin.clientLow() == low) {
      open.remove(origin.sequence());
    }
  }

  int openCount() {
    return open.size();
  }
}
