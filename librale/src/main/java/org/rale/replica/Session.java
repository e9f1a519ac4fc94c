package org.rale.replica;

import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
import java.util.random.RandomGenerator;
import org.rale.dstore.Origin;
import org.rale.dstore.StoreCommand;
import org.rale.dstore.StoreLimits;

/**
 * This process as a client of the table: changes of clients that brought no id of their own get
 * this one, so that the node may try them again elsewhere without applying them twice (S-15).
 *
 * <p>Of a client the table remembers a bounded number of outcomes, and of any change below those it
 * says that it may have been made. One that is overtaken by so many would be told that though it
 * never was: a flood of one connection was held at the leader while others passed it by the
 * thousand. So while the oldest open change of an id is that far behind, new ones go under another
 * id; there is one more than such changes at most, and each is used again when it has room.
 */
final class Session {
  private final RandomGenerator random;
  private final List<Id> ids = new ArrayList<>();

  Session(RandomGenerator random) {
    this.random = random;
    add();
  }

  private Id add() {
    Id id = new Id(random.nextLong() | 1, random.nextLong());
    ids.add(id);
    return id;
  }

  /** The origin of a new change; {@link #close} it when its outcome was told. */
  Origin next(StoreCommand command, long appliedIndex) {
    int units = command.outcomeUnits();
    for (Id id : ids) {
      if (id.hasRoom(units)) {
        return id.next(units, appliedIndex);
      }
    }
    return add().next(units, appliedIndex);
  }

  void close(Origin origin) {
    for (Id id : ids) {
      if (id.high == origin.clientHigh() && id.low == origin.clientLow()) {
        id.open.remove(origin.sequence());
        return;
      }
    }
  }

  private static final class Id {
    final long high;
    final long low;
    final TreeSet<Long> open = new TreeSet<>();

    /**
     * What the outcomes of all that had this id count for. A sequence is the first of those units
     * that are its own, so a distance of two is what the table has to remember in between.
     */
    long units;

    Id(long high, long low) {
      this.high = high;
      this.low = low;
    }

    /** Whether the table would still know of its oldest open change, were all others made first. */
    boolean hasRoom(int more) {
      return open.isEmpty()
          || units + more - (open.first() - 1) <= StoreLimits.MAX_SESSION_OUTCOMES;
    }

    Origin next(int more, long appliedIndex) {
      long sequence = units + 1;
      units += more;
      open.add(sequence);
      return new Origin(high, low, sequence, open.first() - 1, false, appliedIndex);
    }
  }
}
