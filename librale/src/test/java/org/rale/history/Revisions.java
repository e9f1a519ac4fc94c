package org.rale.history;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Whether revisions are one rising order over all keys: a change that began when a revision was
 * already known to somebody got a higher one, no two changes got the same, and a value is seen at
 * one revision only.
 */
final class Revisions {
  private final List<Op> byBegin;
  private final List<Op> byEnd;
  private final Map<Long, Op> changes = new HashMap<>();
  private final Map<String, Op> values = new HashMap<>();

  Revisions(List<Op> history) {
    List<Op> told = history.stream().filter(op -> !op.isOpen() && op.revision > 0).toList();
    byBegin = new ArrayList<>(told.stream().filter(Revisions::isChange).toList());
    byBegin.sort(Comparator.comparingLong(op -> op.from));
    byEnd = new ArrayList<>(told);
    byEnd.sort(Comparator.comparingLong(op -> op.to));
  }

  void judge() {
    byEnd.forEach(this::requireOneRevisionPerValue);
    byBegin.forEach(this::requireOwnRevision);
    int ended = 0;
    Op highest = null;
    for (Op change : byBegin) {
      for (; byEnd.get(ended).to < change.from; ended++) {
        Op earlier = byEnd.get(ended);
        if (highest == null || earlier.revision > highest.revision) {
          highest = earlier;
        }
      }
      if (highest != null && change.revision <= highest.revision) {
        throw new BrokenHistory("revisions fall:\n" + highest + "\nwas over before\n" + change);
      }
    }
  }

  /** A change that was made, and so has a revision of its own; a refused CAS tells another's. */
  private static boolean isChange(Op op) {
    return op.kind == Op.Kind.PUT
        || op.kind == Op.Kind.DELETE
        || (op.kind == Op.Kind.CAS && op.yes);
  }

  private void requireOwnRevision(Op change) {
    Op other = changes.putIfAbsent(change.revision, change);
    if (other != null) {
      throw new BrokenHistory("two changes with one revision:\n" + other + "\n" + change);
    }
  }

  private void requireOneRevisionPerValue(Op op) {
    if (op.yes && op.kind != Op.Kind.DELETE && op.kind != Op.Kind.EXISTS) {
      Op other = values.putIfAbsent(op.key + "=" + op.value, op);
      if (other != null && other.revision != op.revision) {
        throw new BrokenHistory("one value at two revisions:\n" + other + "\n" + op);
      }
    }
  }
}
