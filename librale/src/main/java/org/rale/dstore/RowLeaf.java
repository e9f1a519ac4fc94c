package org.rale.dstore;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * A leaf of a {@link RowTable}: rows sorted by hash, as an unsigned number, and then by key. It may
 * be changed by the table whose epoch it has, and by nobody else.
 *
 * <p><b>A place is guessed.</b> In a large table no part of a leaf is in the processor's caches,
 * and halving waits for five lines of memory one after the other. But hashes are spread evenly, so
 * one with a quarter of the leaf's hashes below it stands a quarter up, give or take eight places:
 * a line or two. The search begins there, in steps that double, so hashes that are not spread
 * evenly cost twice a search by halves and no more.
 */
final class RowLeaf implements RowTable.Node {
  private static final long[] NO_HASHES = {};
  private static final Row[] NO_ROWS = {};

  /** A line of memory has so many hashes. */
  private static final int FIRST_STEP = 8;

  private final long epoch;

  /** So many levels of branches are above: their bits are the same in all hashes of the leaf. */
  private final int level;

  private long[] hashes;
  private Row[] rows;
  private int size;

  RowLeaf(long epoch, int level) {
    this(epoch, level, NO_HASHES, NO_ROWS);
  }

  RowLeaf(long epoch, int level, long[] hashes, Row[] rows) {
    this.epoch = epoch;
    this.level = level;
    this.hashes = hashes;
    this.rows = rows;
    this.size = rows.length;
  }

  long epoch() {
    return epoch;
  }

  int level() {
    return level;
  }

  int size() {
    return size;
  }

  RowLeaf copy(long newEpoch) {
    return part(newEpoch, level, 0, size);
  }

  /** Some of the rows, for a leaf a level deeper. */
  RowLeaf below(long newEpoch, int from, int to) {
    return part(newEpoch, level + 1, from, to);
  }

  private RowLeaf part(long newEpoch, int newLevel, int from, int to) {
    return new RowLeaf(
        newEpoch,
        newLevel,
        Arrays.copyOfRange(hashes, from, to),
        Arrays.copyOfRange(rows, from, to));
  }

  @Nullable Row get(long hash, byte[] key) {
    int at = search(hash, key);
    return at < 0 ? null : rows[at];
  }

  /** Of the first row with this hash or a higher one, in this leaf; looks at no row. */
  int place(long hash) {
    if (size == 0) {
      return 0;
    }
    int guess = RowTable.share(hash, level, size);
    boolean up = isBelow(guess, hash);
    int low = up ? guess + 1 : 0;
    int high = up ? size : guess;
    int step = FIRST_STEP;
    while (low < high) {
      int middle = (low + high) >>> 1;
      int next = up ? low + step : high - step;
      int at = up ? Math.min(next, middle) : Math.max(next, middle);
      boolean below = isBelow(at, hash);
      if (below) {
        low = at + 1;
      } else {
        high = at;
      }
      // Once it was stepped over, halves are right.
      step = below == up && step < size ? 2 * step : size;
    }
    return low;
  }

  private boolean isBelow(int place, long hash) {
    return Long.compareUnsigned(hashes[place], hash) < 0;
  }

  long hash(int place) {
    return hashes[place];
  }

  /** The one in this place; null behind the last one. */
  @Nullable Row row(int place) {
    return place < size ? rows[place] : null;
  }

  void insert(long hash, Row row) {
    int found = search(hash, row.key());
    if (found >= 0) {
      throw new IllegalStateException("a row inserted twice, with hash " + hash);
    }
    int at = -(found + 1);
    reserve(1);
    System.arraycopy(hashes, at, hashes, at + 1, size - at);
    System.arraycopy(rows, at, rows, at + 1, size - at);
    hashes[at] = hash;
    rows[at] = row;
    size++;
  }

  void replace(long hash, Row row) {
    rows[present(hash, row.key())] = row;
  }

  @SuppressWarnings("NullAway") // what lies behind size is never read
  void remove(long hash, byte[] key) {
    int at = present(hash, key);
    size--;
    System.arraycopy(hashes, at + 1, hashes, at, size - at);
    System.arraycopy(rows, at + 1, rows, at, size - at);
    rows[size] = null;
  }

  void append(RowLeaf other) {
    reserve(other.size);
    System.arraycopy(other.hashes, 0, hashes, size, other.size);
    System.arraycopy(other.rows, 0, rows, size, other.size);
    size += other.size;
  }

  private int present(long hash, byte[] key) {
    int at = search(hash, key);
    if (at < 0) {
      throw new IllegalStateException("no row to change, with hash " + hash);
    }
    return at;
  }

  /** Where the key is, or -(where it belongs) - 1. */
  private int search(long hash, byte[] key) {
    int low = place(hash);
    int high = low;
    if (low < size && hashes[low] == hash) {
      high = low + 1 < size && hashes[low + 1] == hash ? endOf(hash, low + 2) : low + 1;
    }
    while (low < high) {
      int middle = (low + high) >>> 1;
      int order = Arrays.compareUnsigned(rows[middle].key(), key);
      if (order == 0) {
        return middle;
      }
      if (order < 0) {
        low = middle + 1;
      } else {
        high = middle;
      }
    }
    return -low - 1;
  }

  /** Where the rows with this hash end, which all up to the place have. */
  private int endOf(long hash, int from) {
    int low = from;
    int high = size;
    while (low < high) {
      int middle = (low + high) >>> 1;
      if (hashes[middle] == hash) {
        low = middle + 1;
      } else {
        high = middle;
      }
    }
    return low;
  }

  /** A quarter more than needed: of memory, tight; of copies, seldom. */
  private void reserve(int more) {
    int need = size + more;
    if (need > rows.length) {
      int capacity = need + (need >> 2) + 3;
      hashes = Arrays.copyOf(hashes, capacity);
      rows = Arrays.copyOf(rows, capacity);
    }
  }
}
