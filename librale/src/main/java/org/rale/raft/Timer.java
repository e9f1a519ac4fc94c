package org.rale.raft;

import java.util.HashMap;
import java.util.Map;
import java.util.random.RandomGenerator;

/**
 * How long this node waits in silence before it asks for power.
 *
 * <p>A fresh random wait each time keeps candidates apart (section 5.2). A node gives way to linked
 * voters of higher priority: each of them adds half a timeout to its own wait, so that they ask
 * first if they can. Priority never weighs more than the log: a voter still compares that alone.
 */
final class Timer {
  /** So that the last of many still asks in good time. */
  private static final int MAX_RANK = 4;

  private final RaftSettings settings;
  private final RandomGenerator random;
  private final Map<Integer, Integer> linkedPriorities = new HashMap<>();
  private int elapsed;
  private int wait;

  Timer(RaftSettings settings, RandomGenerator random) {
    this.settings = settings;
    this.random = random;
    wait = draw();
  }

  void linked(int peer, int priority) {
    linkedPriorities.put(peer, priority);
  }

  void unlinked(int peer) {
    linkedPriorities.remove(peer);
  }

  int priorityOf(int peer) {
    return linkedPriorities.getOrDefault(peer, 0);
  }

  void tick() {
    elapsed++;
  }

  /** Starts a new wait. */
  void reset() {
    elapsed = 0;
    wait = draw();
  }

  /** A leader was heard: the wait starts over, as long as before. */
  void heard() {
    elapsed = 0;
  }

  /** Whether a leader that was heard at the last reset may well be alive. */
  boolean fresh() {
    return elapsed < settings.electionTicksMin();
  }

  int elapsed() {
    return elapsed;
  }

  /**
   * How much silence this node waits out, as links and memberships stand now.
   *
   * @param silent the leader that is not heard: nobody gives way to it
   */
  int timeout(Membership membership, int silent) {
    int rank = 0;
    for (int voter : membership.voters()) {
      if (voter != silent && priorityOf(voter) > settings.priority()) {
        rank++;
      }
    }
    return wait + Math.min(rank, MAX_RANK) * settings.electionTicksMax() / 2;
  }

  private int draw() {
    return random.nextInt(settings.electionTicksMin(), settings.electionTicksMax() + 1);
  }
}
