package org.rale.dstore;

import java.util.Arrays;

/**
 * A leaf of a {@link HashIndex}: numbers of rows, sorted by the rows' hashes, as unsigned numbers,
 * and then by key.
 *
 * <p><b>A place is guessed.</b> In a large table no part of a leaf is in the processor's caches,
 * and halving waits for five lines of memory one after the other. But hashes are spread evenly, so
 * one with a quarter of the leaf's hashes below it stands a quarter up, give or take eight places:
 * a line or two. The search begins there, in steps that double, so hashes that are not spread
 * evenly cost twice a search by halves and no more.
 */
final class HashLeaf implements HashIndex.Node {
  private static final long[] NO_HASHES = {};
  private static final int[] NO_NUMBERS = {};

  /** A line of memory has so many hashes. */
  private static final int FIRST_STEP = 8;

  /** So many levels of branches are above: their bits are the same in all hashes of the leaf. */
  private final int level;

  private long[] hashes;
  private int[] numbers;
  private int size;

  HashLeaf(int level) {
    this(level, NO_HASHES, NO_NUMBERS);
  }

  HashLeaf(int level, long[] hashes, int[] numbers) {
    this.level = level;
    this.hashes = hashes;
    this.numbers = numbers;
    this.size = numbers.length;
  }

  int level() {
    return level;
  }

  int size() {
    return size;
  }

  /** For how many rows there is room. */
  int capacity() {
    return numbers.length;
  }

  /** Some of the rows, for a leaf a level deeper. */
  HashLeaf below(int from, int to) {
    return new HashLeaf(
        level + 1, Arrays.copyOfRange(hashes, from, to), Arrays.copyOfRange(numbers, from, to));
  }

  /** The number of the key's row, or {@link RowHeap#NONE}. */
  int find(RowHeap rows, long hash, byte[] key) {
    int at = search(rows, hash, key);
    return at < 0 ? RowHeap.NONE : numbers[at];
  }

  /**
   * Reads what {@link #place} and {@link #number} will most likely read, and decides nothing by it:
   * a processor that has to guess how a comparison ends for which memory has not brought the number
   * yet guesses wrong every other time, and what it asked memory for meanwhile was in vain.
   *
   * @return something that hangs on all that was read
   */
  long touch(long hash) {
    int guess = HashIndex.share(hash, level, size);
    return size == 0 ? 0 : hashes[guess] + numbers[guess];
  }

  /** Of the first row with this hash or a higher one, in this leaf; looks at no row. */
  int place(long hash) {
    if (size == 0) {
      return 0;
    }
    int guess = HashIndex.share(hash, level, size);
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

  /** The one in this place; {@link RowHeap#NONE} behind the last one. */
  int number(int place) {
    return place < size ? numbers[place] : RowHeap.NONE;
  }

  void insert(RowHeap rows, long hash, int number) {
    int found = search(rows, hash, rows.get(number).key());
    if (found >= 0) {
      throw new IllegalStateException("a row inserted twice, with hash " + hash);
    }
    int at = -(found + 1);
    reserve(1);
    System.arraycopy(hashes, at, hashes, at + 1, size - at);
    System.arraycopy(numbers, at, numbers, at + 1, size - at);
    hashes[at] = hash;
    numbers[at] = number;
    size++;
  }

  void remove(RowHeap rows, long hash, byte[] key) {
    int at = search(rows, hash, key);
    if (at < 0) {
      throw new IllegalStateException("no row to take out, with hash " + hash);
    }
    size--;
    System.arraycopy(hashes, at + 1, hashes, at, size - at);
    System.arraycopy(numbers, at + 1, numbers, at, size - at);
    if (size < numbers.length / 4) {
      resize(withSlack(size));
    }
  }

  void append(HashLeaf other) {
    reserve(other.size);
    System.arraycopy(other.hashes, 0, hashes, size, other.size);
    System.arraycopy(other.numbers, 0, numbers, size, other.size);
    size += other.size;
  }

  /** Where the key is, or -(where it belongs) - 1. */
  private int search(RowHeap rows, long hash, byte[] key) {
    int low = place(hash);
    int high = low;
    if (low < size && hashes[low] == hash) {
      high = low + 1 < size && hashes[low + 1] == hash ? endOf(hash, low + 2) : low + 1;
    }
    while (low < high) {
      int middle = (low + high) >>> 1;
      int order = Arrays.compareUnsigned(rows.get(numbers[middle]).key(), key);
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

  private void reserve(int more) {
    if (size + more > numbers.length) {
      resize(withSlack(size + more));
    }
  }

  /** A quarter more than needed: of memory, tight; of copies, seldom. */
  private static int withSlack(int need) {
    return need + (need >> 2) + 3;
  }

  private void resize(int capacity) {
    hashes = Arrays.copyOf(hashes, capacity);
    numbers = Arrays.copyOf(numbers, capacity);
  }
}
