package org.rale.sim;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.WeakHashMap;
import org.jspecify.annotations.Nullable;
import org.rale.raft.Entry;
import org.rale.raft.Membership;
import org.rale.raft.Payload;
import org.rale.raft.RaftStatus;

/**
 * State machine safety: what one node applied at an index is what every node applies there (Raft
 * figure 3).
 */
final class AppliedLog {
  /**
   * @param term the highest term that any node was in when it was first applied
   */
  record Applied(Entry entry, long term) {}

  private final Coverage coverage;
  private final Reference reference;

  /** Entry {@code i} stands at {@code i - 1}. */
  private final List<Applied> log = new ArrayList<>();

  private final Map<Life, Long> lookedAt = new WeakHashMap<>();

  /** By the index from which on it is in force. */
  private final TreeMap<Long, Membership> memberships = new TreeMap<>(Map.of(0L, Membership.NONE));

  private long highestTerm;

  AppliedLog(Coverage coverage, Reference reference) {
    this.coverage = coverage;
    this.reference = reference;
  }

  void look(Life life, RaftStatus status) {
    highestTerm = Math.max(highestTerm, status.term());
    long from = lookedAt.getOrDefault(life, 0L);
    if (from == status.appliedIndex()) {
      return;
    }
    for (long index = from + 1; index <= status.appliedIndex(); index++) {
      Entry entry = life.shadow().at(index);
      if (entry != null) {
        compare(life, entry);
      }
    }
    lookedAt.put(life, status.appliedIndex());
  }

  private void compare(Life life, Entry entry) {
    Applied first = at(entry.index());
    if (first == null) {
      take(life, entry);
    } else if (!first.entry().equals(entry)) {
      throw new SimFailure(
          "node " + life.id() + " applies " + entry + ", others had " + first.entry());
    }
  }

  private void take(Life life, Entry entry) {
    if (entry.index() != log.size() + 1) {
      throw new SimFailure(
          "node "
              + life.id()
              + " applies "
              + entry
              + ", and nobody has applied "
              + (log.size() + 1));
    }
    log.add(new Applied(entry, highestTerm));
    reference.apply(entry);
    if (entry.payload() instanceof Payload.Members members) {
      coverage.saw(Seen.MEMBERSHIP);
      memberships.put(entry.index(), members.membership());
    }
  }

  /** The last one that was applied anywhere. */
  Membership membership() {
    return memberships.lastEntry().getValue();
  }

  /** The one in force at the index, which was applied somewhere. */
  Membership membershipAt(long index) {
    return memberships.floorEntry(index).getValue();
  }

  /** The highest term that any node was ever in. */
  long highestTerm() {
    return highestTerm;
  }

  long last() {
    return log.size();
  }

  @Nullable Applied at(long index) {
    return index >= 1 && index <= log.size() ? log.get((int) index - 1) : null;
  }
}
