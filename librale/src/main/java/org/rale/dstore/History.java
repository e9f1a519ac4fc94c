package org.rale.dstore;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.rale.bytes.Bytes;

/**
 * The newest changes of keys, in the order in which they were applied, for those who follow them.
 *
 * <p>No part of the state: nodes may remember more or less, and none of it is in the hash or in an
 * image. It holds the rows of the table, so a change costs a reference and two numbers here, and
 * the memory that counts is that of values which the table has overwritten since. Costs and
 * revisions stand beside the rows, since the oldest row, which goes when a new one comes, is in no
 * cache any more.
 */
final class History {
  /** What a change takes beside its key and value: row, arrays and their places, about. */
  static final int CHANGE_BYTES = 128;

  /** Of keys and values, a delete marker having none, and {@link #CHANGE_BYTES} for each change. */
  static final long MAX_BYTES = 16L << 20;

  private final long maxBytes;
  private Row[] rows = new Row[64];
  private long[] revisions = new long[64];
  private int[] costs = new int[64];

  /** Counts up for ever; its lower bits are the place. */
  private long first;

  private long end;
  private long bytes;
  private long floor;

  History(long maxBytes) {
    this.maxBytes = maxBytes;
  }

  /** Everything after this revision is here, 0: since ever. */
  long floor() {
    return floor;
  }

  /** What is up to the revision is not known here. */
  void beginAt(long revision) {
    while (first < end) {
      forgetOldest();
    }
    floor = revision;
  }

  void put(Row row) {
    add(row, row.revision());
  }

  void deleted(long revision, byte[] key) {
    add(Row.gone(key, revision), revision);
  }

  private void add(Row row, long revision) {
    if (end - first == rows.length) {
      grow();
    }
    int cost = CHANGE_BYTES + row.key().length + row.value().length;
    int at = place(end);
    rows[at] = row;
    revisions[at] = revision;
    costs[at] = cost;
    end++;
    bytes += cost;
    // What one command changed is kept or forgotten as a whole, and the newest is always kept.
    while (bytes > maxBytes && revisions[place(first)] != revision) {
      floor = revisions[place(first)];
      while (revisions[place(first)] == floor) {
        forgetOldest();
      }
    }
  }

  @SuppressWarnings("NullAway") // what lies outside first and end is never read
  private void forgetOldest() {
    int at = place(first);
    bytes -= costs[at];
    rows[at] = null;
    first++;
  }

  private void grow() {
    int size = rows.length;
    Row[] moreRows = new Row[2 * size];
    long[] moreRevisions = new long[2 * size];
    int[] moreCosts = new int[2 * size];
    for (long i = first; i < end; i++) {
      int to = (int) (i & (2L * size - 1));
      moreRows[to] = rows[place(i)];
      moreRevisions[to] = revisions[place(i)];
      moreCosts[to] = costs[place(i)];
    }
    rows = moreRows;
    revisions = moreRevisions;
    costs = moreCosts;
  }

  private int place(long i) {
    return (int) (i & (rows.length - 1));
  }

  /** The key of each change after the revision. */
  byte[][] keysAfter(long revision) {
    long from = firstAfter(revision);
    byte[][] keys = new byte[(int) (end - from)][];
    for (int i = 0; i < keys.length; i++) {
      keys[i] = rows[place(from + i)].key();
    }
    return keys;
  }

  /**
   * Changes of keys with the prefix, after the revision, which is not below {@link #floor}.
   *
   * @param applied the revision of the table
   * @param mostBytes of changes that are given, as {@link #MAX_BYTES} counts them. Those of one
   *     revision are never parted, and the first that is found is given in any case
   * @param mostLooks about how many changes are looked at
   */
  Changes after(long revision, Bytes prefix, long applied, long mostBytes, int mostLooks) {
    List<KeyChange> found = new ArrayList<>();
    byte[] start = prefix.shared();
    long taken = 0;
    long from = firstAfter(revision);
    for (long i = from; i < end; i++) {
      int at = place(i);
      boolean begins = i == from || revisions[at] != revisions[place(i - 1)];
      if (begins && (taken >= mostBytes || i - from >= mostLooks)) {
        return new Changes(found, revisions[place(i - 1)], false);
      }
      Row row = rows[at];
      if (startsWith(row.key(), start)) {
        found.add(change(row));
        taken += costs[at];
      }
    }
    return new Changes(found, Math.max(revision, applied), true);
  }

  private static KeyChange change(Row row) {
    return new KeyChange(Bytes.wrap(row.key()), row.revision(), row.isGone() ? null : row.item());
  }

  static boolean startsWith(byte[] key, byte[] start) {
    return key.length >= start.length
        && Arrays.equals(key, 0, start.length, start, 0, start.length);
  }

  /** The place of the oldest change with a higher revision. */
  private long firstAfter(long revision) {
    long low = first;
    long high = end;
    while (low < high) {
      long middle = (low + high) >>> 1;
      if (revisions[place(middle)] <= revision) {
        low = middle + 1;
      } else {
        high = middle;
      }
    }
    return low;
  }
}
