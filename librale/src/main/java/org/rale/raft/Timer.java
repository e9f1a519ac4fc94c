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
  private final RaftSettings settings;
  private final RandomGenerator random;
  private final Map<Integer, Integer> linkedPriorities = new HashMap<>();
  private int elapsed;
  private int timeout;

  Timer(RaftSettings settings, RandomGenerator random) {
    this.settings = settings;
    this.random = random;
    timeout = draw(0);
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
  void reset(Membership membership) {
    elapsed = 0;
    timeout = draw(rank(membership));
  }

  /** A leader was heard: the wait starts over, as long as before. */
  void heard() {
    elapsed = 0;
  }

  boolean expired() {
    return elapsed >= timeout;
  }

  /** Whether a leader that was heard at the last reset may well be alive. */
  boolean fresh() {
    return elapsed < settings.electionTicksMin();
  }

  int elapsed() {
    return elapsed;
  }

  int timeout() {
    return timeout;
  }

  private int rank(Membership membership) {
    int rank = 0;
    for (int voter : membership.voters()) {
      if (priorityOf(voter) > settings.priority()) {
        rank++;
      }
    }
    return Math.min(rank, 4);
  }

  private int draw(int rank) {
    return random.nextInt(settings.electionTicksMin(), settings.electionTicksMax() + 1)
        + rank * settings.electionTicksMax() / 2;
  }
}
