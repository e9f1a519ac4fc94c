package org.rale.dstore;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * A leaf of a {@link RowTable}: rows sorted by hash, as an unsigned number, and then by key. It may
 * be changed by the table whose epoch it has, and by nobody else.
 */
final class RowLeaf implements RowTable.Node {
  private static final long[] NO_HASHES = {};
  private static final Row[] NO_ROWS = {};

  private final long epoch;
  private long[] hashes;
  private Row[] rows;
  private int size;

  RowLeaf(long epoch) {
    this(epoch, NO_HASHES, NO_ROWS);
  }

  RowLeaf(long epoch, long[] hashes, Row[] rows) {
    this.epoch = epoch;
    this.hashes = hashes;
    this.rows = rows;
    this.size = rows.length;
  }

  long epoch() {
    return epoch;
  }

  int size() {
    return size;
  }

  RowLeaf part(long newEpoch, int from, int to) {
    return new RowLeaf(
        newEpoch, Arrays.copyOfRange(hashes, from, to), Arrays.copyOfRange(rows, from, to));
  }

  @Nullable Row get(long hash, byte[] key) {
    int at = search(hash, key);
    return at < 0 ? null : rows[at];
  }

  /** Of the first row with this hash or a higher one, in this leaf; looks at no row. */
  int place(long hash) {
    int low = 0;
    int high = size;
    while (low < high) {
      int middle = (low + high) >>> 1;
      if (Long.compareUnsigned(hashes[middle], hash) < 0) {
        low = middle + 1;
      } else {
        high = middle;
      }
    }
    return low;
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
    int low = 0;
    int high = size - 1;
    while (low <= high) {
      int middle = (low + high) >>> 1;
      int order = Long.compareUnsigned(hashes[middle], hash);
      if (order == 0) {
        order = Arrays.compareUnsigned(rows[middle].key(), key);
      }
      if (order == 0) {
        return middle;
      }
      if (order < 0) {
        low = middle + 1;
      } else {
        high = middle - 1;
      }
    }
    return -low - 1;
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
