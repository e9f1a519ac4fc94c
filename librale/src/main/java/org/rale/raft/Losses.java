package org.rale.raft;

import java.util.BitSet;

/**
 * How many of a leader's last heartbeats did not come, by the numbers that they bear. Late ones and
 * doubled ones count once; those of another leader, or of another term, begin anew.
 */
final class Losses {
  /** Six seconds of the usual heartbeats: a loss of 1 in 100 is seen, and soon forgotten. */
  private static final int WINDOW = 128;

  /** Fewer say nothing. */
  static final int ENOUGH = 20;

  private final BitSet came = new BitSet(WINDOW);
  private int leader = Core.NOBODY;
  private long term;
  private long first;
  private long last;

  /** The leader's heartbeat with this number came. */
  void came(int from, long inTerm, long number) {
    if (from != leader || inTerm != term) {
      leader = from;
      term = inTerm;
      first = number;
      last = number;
      came.clear();
    } else if (number - last >= WINDOW) {
      last = number;
      came.clear();
    } else if (number > last) {
      for (long missed = last + 1; missed < number; missed++) {
        came.clear(slot(missed));
      }
      last = number;
    } else if (last - number >= WINDOW || number < first) {
      return;
    }
    came.set(slot(number));
  }

  /** What was learned of a way to this node says nothing of another one. */
  void forget() {
    leader = Core.NOBODY;
  }

  /** Of a thousand, {@link Message.HeartbeatResponse#LOSS_UNKNOWN} as long as too few were due. */
  int perMille(int from, long inTerm) {
    long due = Math.min(WINDOW, last - first + 1);
    if (from != leader || inTerm != term || due < ENOUGH) {
      return Message.HeartbeatResponse.LOSS_UNKNOWN;
    }
    return (int) ((due - came.cardinality()) * Message.HeartbeatResponse.LOSS_MAX / due);
  }

  private static int slot(long number) {
    return (int) (number % WINDOW);
  }
}
