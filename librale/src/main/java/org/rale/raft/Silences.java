package org.rale.raft;

import java.util.Arrays;

/**
 * The silences between what a leader says, as this node hears them: the longest of about a minute,
 * in ticks.
 *
 * <p>The longest, and not a mean and its deviations: what breaks a timeout is the one pause in a
 * thousand (a full disk queue, a collection, a burst of loss), and such pauses come in no
 * distribution that a mean tells. The figure rises with the first long silence, and falls when that
 * is a minute old.
 *
 * <p>Nothing is carried over from one leader to the next, nor from one term: another machine, or
 * the same after a restart, may be on another path. Nor is it when datagrams begin to pass, or no
 * longer do.
 */
final class Silences {
  static final int UNKNOWN = -1;

  /** So many windows are remembered. */
  private static final int WINDOWS = 32;

  /** How often a timeout fits into a window: with the usual one of 300 ms, 58 s are remembered. */
  private static final int TIMEOUTS_A_WINDOW = 6;

  /** Fewer say nothing yet. */
  static final int ENOUGH = 20;

  private final int windowTicks;
  private final int longestTicks;
  private final int[] longest = new int[WINDOWS];

  /** The number of the window that was written last. */
  private long window;

  private int leader = Core.NOBODY;
  private long term;
  private long heardAt;
  private int count;

  Silences(RaftSettings settings) {
    this.windowTicks = TIMEOUTS_A_WINDOW * settings.electionTicksMax();
    this.longestTicks = settings.electionTicksMax();
  }

  /** The leader of the term said something. */
  void heard(int from, long inTerm, long now) {
    if (from != leader || inTerm != term) {
      leader = from;
      term = inTerm;
      count = 0;
      Arrays.fill(longest, 0);
    } else if (now > heardAt) {
      // What came within a tick is part of one message, or of a burst: it is no sample.
      count++;
      forgetUpTo(now / windowTicks);
      int silence = (int) Math.min(now - heardAt, longestTicks);
      int slot = (int) (window % WINDOWS);
      longest[slot] = Math.max(longest[slot], silence);
    }
    heardAt = now;
  }

  /** What was heard says nothing of what will be. */
  void forget() {
    leader = Core.NOBODY;
  }

  /** This process stood still: the silence that ends next is not the leader's. */
  void slept(long now) {
    heardAt = now;
  }

  /**
   * The longest silence of this leader, {@link #UNKNOWN} where too few were heard; one under way
   * does not count.
   */
  int longestOf(int from, long inTerm, long now) {
    if (from != leader || inTerm != term || count < ENOUGH) {
      return UNKNOWN;
    }
    forgetUpTo(now / windowTicks);
    int most = 0;
    for (int each : longest) {
      most = Math.max(most, each);
    }
    return most;
  }

  private void forgetUpTo(long current) {
    long from = Math.max(window + 1, current - WINDOWS + 1);
    for (long number = from; number <= current; number++) {
      longest[(int) (number % WINDOWS)] = 0;
    }
    window = Math.max(window, current);
  }
}
