package org.rale.raft;

import java.util.ArrayDeque;

/**
 * How often leadership has changed lately, as this node saw it. What makes leadership change
 * without need must become rarer with each change, or two nodes play ball with it.
 */
final class LeaderChanges {
  /** So many steady times, each change is remembered: ten minutes with the usual one of 10 s. */
  private static final int MEMORY = 60;

  /** Beyond so many doublings a wait grows no further: 320 s with the usual steady time. */
  private static final int MAX_DOUBLINGS = 5;

  private final int self;
  private final int steadyTicks;
  private final ArrayDeque<Long> changes = new ArrayDeque<>();

  /** Hand-overs to a higher priority after which the same node led, or leads still. */
  private final ArrayDeque<Long> failures = new ArrayDeque<>();

  private int last = Core.NOBODY;

  /** Whether this node has just given way, and nobody is known to lead since. */
  private boolean giving;

  LeaderChanges(RaftSettings settings) {
    this.self = settings.nodeId();
    this.steadyTicks = settings.steadyTicks();
  }

  /** That node is known to lead now. */
  void leads(int leader, long now) {
    if (last != Core.NOBODY && leader != last) {
      note(changes, now);
    }
    last = leader;
    if (giving && leader == self) {
      failed(now);
    } else if (giving) {
      giving = false;
      failures.clear();
    }
  }

  /** This node hands over to a higher priority. */
  void gives() {
    giving = true;
  }

  /** The hand-over was for nothing. */
  void failed(long now) {
    giving = false;
    note(failures, now);
  }

  private static void note(ArrayDeque<Long> events, long now) {
    events.add(now);
    if (events.size() > MAX_DOUBLINGS + 1) {
      events.remove();
    }
  }

  /**
   * For how many ticks a node must have been steady before leadership moves to it without need: one
   * change is what brought the leader of now to power, and each further one doubles it, as does
   * each hand-over that was for nothing.
   */
  long patience(long now) {
    forget(changes, now);
    forget(failures, now);
    int doublings = Math.max(0, changes.size() - 1) + failures.size();
    return (long) steadyTicks << Math.min(MAX_DOUBLINGS, doublings);
  }

  private void forget(ArrayDeque<Long> events, long now) {
    while (!events.isEmpty() && now - events.peek() > (long) MEMORY * steadyTicks) {
      events.remove();
    }
  }
}
