package org.rale.raled.net;

import java.util.BitSet;

/**
 * Which part of a peer's last {@value #WINDOW} datagrams did not come, by the gaps in their
 * numbers. One that comes twice counts once, and one that comes late fills its gap. Written at
 * home, read by any thread.
 */
final class DatagramLoss {
  static final int WINDOW = 256;

  /** Of fewer numbers nothing is said. */
  static final int LEAST = 20;

  /** Bit n: the number of the window that leaves n when divided by its size came. */
  private final BitSet came = new BitSet(WINDOW);

  /** The first number that was heard; 0: none was. */
  private long first;

  private long highest;
  private volatile int permille = PathQuality.UNKNOWN;

  /**
   * @param sequence from 1
   */
  void arrived(long sequence) {
    if (first == 0) {
      first = sequence;
      highest = sequence;
    }
    long gap = Math.min(sequence - highest, WINDOW);
    for (long i = 1; i <= gap; i++) {
      came.clear(slot(highest + i));
    }
    highest = Math.max(highest, sequence);
    long lowest = Math.max(first, highest - WINDOW + 1);
    if (sequence >= lowest) {
      came.set(slot(sequence));
    }
    long sent = highest - lowest + 1;
    if (sent >= LEAST) {
      permille = (int) Math.round((sent - came.cardinality()) * 1000.0 / sent);
    }
  }

  private static int slot(long sequence) {
    return (int) (sequence % WINDOW);
  }

  void forget() {
    came.clear();
    first = 0;
    permille = PathQuality.UNKNOWN;
  }

  int permille() {
    return permille;
  }
}
