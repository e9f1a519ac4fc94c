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

  private final int steadyTicks;
  private final ArrayDeque<Long> changes = new ArrayDeque<>();
  private int last = Core.NOBODY;

  LeaderChanges(RaftSettings settings) {
    this.steadyTicks = settings.steadyTicks();
  }

  /** That node is known to lead now. */
  void leads(int leader, long now) {
    if (last != Core.NOBODY && leader != last) {
      changes.add(now);
      if (changes.size() > MAX_DOUBLINGS + 1) {
        changes.remove();
      }
    }
    last = leader;
  }

  /**
   * For how many ticks a node must have been steady before leadership moves to it without need: one
   * change is what brought the leader of now to power, and each further one doubles it.
   */
  long patience(long now) {
    while (!changes.isEmpty() && now - changes.peek() > (long) MEMORY * steadyTicks) {
      changes.remove();
    }
    return (long) steadyTicks << Math.max(0, changes.size() - 1);
  }
}
