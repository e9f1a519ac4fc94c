package org.rale.raft;

import java.util.HashMap;
import java.util.Map;
import java.util.random.RandomGenerator;

/**
 * How long this node waits in silence before it asks for power.
 *
 * <p>A fresh random wait each time keeps candidates apart (section 5.2): between the shortest and
 * the longest timeout of the settings, as long as nothing better is known. Of a leader that was
 * heard for a while it is: the wait is at least twice the longest silence of the last minute
 * ({@link Silences}), and at most half as long again, within the settings. So a quiet network loses
 * little time when its leader dies, and one that stutters does not take each stutter for a death.
 * What a voter counts as hearing its leader ({@link #fresh}) is not touched by it.
 *
 * <p>A node gives way to linked voters of higher priority: each of them adds half a timeout to its
 * own wait, so that they ask first if they can. Priority never weighs more than the log: a voter
 * still compares that alone.
 */
final class Timer {
  /** So that the last of many still asks in good time. */
  private static final int MAX_RANK = 4;

  private final RaftSettings settings;
  private final RandomGenerator random;
  private final Map<Integer, Integer> linkedPriorities = new HashMap<>();
  private final Silences silences;
  private int elapsed;

  /** Where in its range the wait lies, from 0 to below 1. */
  private double place;

  Timer(RaftSettings settings, RandomGenerator random) {
    this.settings = settings;
    this.random = random;
    this.silences = new Silences(settings);
    place = random.nextDouble();
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
    place = random.nextDouble();
  }

  /** The leader of the term was heard: the wait starts over, at the same place in its range. */
  void heard(int leader, long term, long now) {
    elapsed = 0;
    silences.heard(leader, term, now);
  }

  /** This process stood still: a new wait, and no silence that the leader is to blame for. */
  void slept(long now) {
    reset();
    silences.slept(now);
  }

  /** The leader is heard on another path: its silences there are unknown. */
  void forget() {
    silences.forget();
  }

  /** The longest silence of this leader in the last minute, {@link Silences#UNKNOWN} at first. */
  int longestSilence(int leader, long term, long now) {
    return silences.longestOf(leader, term, now);
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
   * @param silent the leader of the term that is not heard: nobody gives way to it
   */
  int timeout(Membership membership, int silent, long term, long now) {
    int rank = 0;
    for (int voter : membership.voters()) {
      if (voter != silent && priorityOf(voter) > settings.priority()) {
        rank++;
      }
    }
    return wait(silences.longestOf(silent, term, now))
        + Math.min(rank, MAX_RANK) * settings.electionTicksMax() / 2;
  }

  private int wait(int longestSilence) {
    int low = settings.electionTicksMin();
    int high = settings.electionTicksMax();
    if (settings.adaptive() && longestSilence != Silences.UNKNOWN) {
      int half = (high - low) / 2;
      low = Math.max(low, Math.min(2 * longestSilence, high - half));
      high = low + Math.min(half, low / 2);
    }
    return low + (int) (place * (high - low + 1));
  }
}
