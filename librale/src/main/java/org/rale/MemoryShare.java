package org.rale;

/**
 * How much memory each kind of waiting may take: requests of clients, requests under way, entries
 * without a majority (S-16).
 */
public final class MemoryShare {
  private static final long MOST_BYTES = 64L << 20;

  /**
   * A heap holds some five such shares at once, each takes up to twice its bytes in it (G1 gives
   * long arrays whole regions), and half of it is for the table and for everything else.
   */
  private static final int PARTS_OF_HEAP = 16;

  private MemoryShare() {}

  /** 64 MiB, or less where the heap is below 1 GiB. */
  public static long bytes() {
    return Math.min(MOST_BYTES, Runtime.getRuntime().maxMemory() / PARTS_OF_HEAP);
  }
}
