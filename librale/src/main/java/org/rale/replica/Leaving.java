package org.rale.replica;

import org.rale.raft.Input;
import org.rale.raft.Refusal;

/**
 * The end of a node that is told to stop: a leader hands over first, and stays until it hears its
 * successor. Its vote makes the election shorter, and what clients asked of it finds a leader.
 */
final class Leaving {
  private final Unit unit;
  private boolean asked;
  private boolean led;
  private boolean noSuccessor;

  /** Who has given up its power waits no longer than until this tick for another's. */
  private long patienceEnds = Long.MAX_VALUE;

  Leaving(Unit unit) {
    this.unit = unit;
  }

  void begin() {
    unit.leave();
    led = unit.leads();
    tick();
  }

  void tick() {
    if (!unit.isLeaving()) {
      return;
    }
    if (unit.leads()) {
      if (!asked && !noSuccessor) {
        asked = true;
        unit.ask(new Input.Transfer(Unit.LEAVE_TOKEN, 0));
      }
      return;
    }
    // Whoever took over may die at once, and this node lead again.
    asked = false;
    if (patienceEnds == Long.MAX_VALUE) {
      patienceEnds = unit.now() + 2L * unit.config.raft().electionTicksMax();
    }
  }

  /** Nobody takes over; or a hand-over was under way already, which is asked again if it fails. */
  void refused(Refusal why) {
    asked = false;
    noSuccessor = why != Refusal.TRANSFERRING;
  }

  /** Whether nothing keeps the process. */
  boolean mayEnd() {
    return unit.isLeaving() && unit.operations.isEmpty() && (noSuccessor || hasHandedOver());
  }

  private boolean hasHandedOver() {
    return !unit.leads() && (!led || unit.raft().leaderId() >= 0 || unit.now() >= patienceEnds);
  }
}
