package org.rale.sim;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.WeakHashMap;
import org.jspecify.annotations.Nullable;
import org.rale.raft.Entry;
import org.rale.raft.Membership;
import org.rale.raft.Payload;
import org.rale.raft.RaftStatus;

/**
 * State machine safety: what one node applied at an index is what every node applies there (Raft
 * figure 3), the tables are equal when they have applied as much, and each membership is one voter
 * away from the one before it (S-09).
 */
final class AppliedLog {
  /**
   * @param term the highest term that any node was in when it was first applied
   */
  record Applied(Entry entry, long term) {}

  /** Entry {@code i} stands at {@code i - 1}. */
  private final List<Applied> log = new ArrayList<>();

  private final Map<Long, Long> hashes = new HashMap<>();
  private final Map<Life, Long> lookedAt = new WeakHashMap<>();
  private Membership membership = Membership.NONE;
  private long highestTerm;

  void look(Life life, RaftStatus status, long hash) {
    highestTerm = Math.max(highestTerm, status.term());
    long from = lookedAt.getOrDefault(life, 0L);
    for (long index = from + 1; index <= status.appliedIndex(); index++) {
      Entry entry = life.shadow().at(index);
      if (entry != null) {
        compare(life, entry);
      }
    }
    lookedAt.put(life, status.appliedIndex());
    Long first = hashes.putIfAbsent(status.appliedIndex(), hash);
    if (first != null && first != hash) {
      throw new SimFailure(
          "node " + life.id() + " has another table than others at index " + status.appliedIndex());
    }
  }

  private void compare(Life life, Entry entry) {
    Applied first = at(entry.index());
    if (first == null) {
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
      if (entry.payload() instanceof Payload.Members members) {
        changeMembership(members.membership(), entry.index());
      }
    } else if (!first.entry().equals(entry)) {
      throw new SimFailure(
          "node " + life.id() + " applies " + entry + ", others had " + first.entry());
    }
  }

  private void changeMembership(Membership next, long index) {
    long gone = membership.voters().stream().filter(id -> !next.isVoter(id)).count();
    long come = next.voters().stream().filter(id -> !membership.isVoter(id)).count();
    if (index > 1 && gone + come > 1) {
      throw new SimFailure("entry " + index + " changes " + membership + " to " + next);
    }
    membership = next;
  }

  /** The last one that was applied anywhere. */
  Membership membership() {
    return membership;
  }

  long last() {
    return log.size();
  }

  @Nullable Applied at(long index) {
    return index >= 1 && index <= log.size() ? log.get((int) index - 1) : null;
  }
}
