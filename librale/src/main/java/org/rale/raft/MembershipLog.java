package org.rale.raft;

import java.util.ArrayList;
import java.util.List;

/**
 * Which membership was in force from which index on, as far back as the log may be cut.
 *
 * <p>A membership counts from the moment it is appended, committed or not, and the one before it is
 * back when it is cut (dissertation 4.1, S-09).
 */
final class MembershipLog {
  private record Since(long index, Membership membership) {}

  /** Rising by index, never empty. */
  private final List<Since> history = new ArrayList<>();

  MembershipLog(SnapshotMeta snapshot, List<Entry> entries) {
    history.add(new Since(snapshot.index(), snapshot.membership()));
    entries.forEach(this::appended);
  }

  Membership current() {
    return last().membership();
  }

  /** The index of the entry that brought the current one. */
  long currentIndex() {
    return last().index();
  }

  /** The membership in force at the index. */
  Membership at(long index) {
    for (int i = history.size() - 1; i > 0; i--) {
      if (history.get(i).index() <= index) {
        return history.get(i).membership();
      }
    }
    return history.get(0).membership();
  }

  /**
   * Whether the node votes in the last membership, or in the one before it where that may still be
   * the one in force. Those further back are not: a membership is proposed when the one before it
   * is committed (dissertation 4.1), so a node that has seen its place given to another disk knows
   * that its own removal was (S-06).
   *
   * @param commit up to where entries are known to be committed
   */
  boolean mayBeVoter(long commit, int id, long incarnation) {
    if (current().isVoter(id, incarnation)) {
      return true;
    }
    int before = history.size() - 2;
    return currentIndex() > commit
        && before >= 0
        && history.get(before).membership().isVoter(id, incarnation);
  }

  /**
   * Up to where the memberships are facts: those that are applied, and all but the last of the log,
   * since a membership is proposed when the one before it is committed (dissertation 4.1).
   */
  long settled(long applied) {
    int before = history.size() - 2;
    return before < 0 ? applied : Math.max(applied, history.get(before).index());
  }

  void appended(Entry entry) {
    if (entry.payload() instanceof Payload.Members members) {
      history.add(new Since(entry.index(), members.membership()));
    }
  }

  void truncatedFrom(long index) {
    while (history.size() > 1 && last().index() >= index) {
      history.remove(history.size() - 1);
    }
  }

  /** Nobody asks about indexes before this one any more, and nothing up to it will be cut. */
  void forgetBefore(long index) {
    while (history.size() > 1 && history.get(1).index() <= index) {
      history.remove(0);
    }
  }

  void reset(SnapshotMeta meta) {
    history.clear();
    history.add(new Since(meta.index(), meta.membership()));
  }

  private Since last() {
    return history.get(history.size() - 1);
  }
}
