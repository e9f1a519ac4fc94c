package org.rale.replica;

import org.rale.raft.Input;
import org.rale.raft.Membership;

/** One membership change on its way into the log and to commitment, tried until it is taken. */
final class Change {
  private final Unit unit;
  private boolean asked;
  private long refusedAt = -1;
  private long index;

  Change(Unit unit) {
    this.unit = unit;
  }

  /** Asks for the membership unless it was asked before; returns whether it is committed. */
  boolean make(Membership next) {
    if (index == 0 && !asked && unit.now() > refusedAt) {
      asked = true;
      unit.ask(new Input.ChangeMembership(unit.errand(), next));
    }
    return isCommitted();
  }

  /** Whether it is in the log, or may be. */
  boolean isUnderWay() {
    return asked;
  }

  boolean isCommitted() {
    return index != 0 && unit.raft().appliedIndex() >= index;
  }

  void accepted(long at) {
    index = at;
  }

  /** It may be asked again, a tick later. */
  void refused() {
    asked = false;
    refusedAt = unit.now();
  }
}
