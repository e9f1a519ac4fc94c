package org.rale.clusterdb;

import java.util.Arrays;

/**
 * Where in the file each log entry in force stands: eight bytes an entry, so that a compaction
 * finds the tail whatever was truncated and written again meanwhile.
 */
final class EntryPositions {
  private final long first;
  private long[] positions = new long[16];
  private int size;

  /**
   * @param first the index of the entry right behind the snapshot
   */
  EntryPositions(long first) {
    this.first = first;
  }

  /** The index of the last entry, or of the snapshot where there is none. */
  long last() {
    return first + size - 1;
  }

  long of(long index) {
    if (index < first || index > last()) {
      throw new IllegalStateException(
          "entry " + index + " is not in the log, which goes from " + first + " to " + last());
    }
    return positions[(int) (index - first)];
  }

  /** Appends; where the index is not behind the last one, it and all behind it are replaced. */
  void put(long index, long position) {
    if (index < first || index > last() + 1) {
      throw new IllegalStateException(
          "entry " + index + " does not fit a log that goes from " + first + " to " + last());
    }
    int at = (int) (index - first);
    if (at == positions.length) {
      positions = Arrays.copyOf(positions, Math.addExact(at, (at >> 1) + 1));
    }
    positions[at] = position;
    size = at + 1;
  }
}
