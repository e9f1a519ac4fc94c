package org.rale.replica;

/**
 * A bound in items and in bytes (S-16).
 *
 * <p>An eighth of the bytes is kept for short items, so that a flood of long ones turns none of
 * those away. Not safe for several threads.
 */
public final class Quota {
  /** Longer items have no part in what is kept for short ones. */
  public static final int SHORT_BYTES = 16 << 10;

  private final int maxItems;
  private final long maxBytes;
  private int items;
  private long bytes;

  public Quota(int maxItems, long maxBytes) {
    this.maxItems = maxItems;
    this.maxBytes = maxBytes;
  }

  /** Whether there is room for one more of that size. */
  public boolean admits(long size) {
    long usable = size > SHORT_BYTES ? maxBytes - maxBytes / 8 : maxBytes;
    return items < maxItems && bytes + size <= usable;
  }

  /** Counts one more, be there room for it or not. */
  public void take(long size) {
    items++;
    bytes += size;
  }

  /** One that was taken is gone. */
  public void give(long size) {
    items--;
    bytes -= size;
  }

  /** What is taken. */
  public long bytes() {
    return bytes;
  }
}
