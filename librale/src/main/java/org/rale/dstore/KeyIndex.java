package org.rale.dstore;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.rale.bytes.Bytes;

/**
 * The keys in order, byte by byte as unsigned numbers, with the numbers of their rows: a sorted
 * array of sorted chunks.
 *
 * <p>It holds the same key arrays as the rows and nothing of the values, so an overwrite does not
 * touch it, and a key takes 8 to 16 bytes in it, up to 33 where most were deleted; a {@code
 * TreeMap} takes 40. It is as a B+ tree of two levels: a full chunk is split in two, and what moves
 * in the array of chunks is 4 bytes a chunk, some 12 KB at a million keys.
 *
 * <p>{@link #freeze} copies the array of chunks; after it a chunk is copied when it is next
 * changed.
 */
final class KeyIndex {
  static final int CHUNK_KEYS = 512;

  /**
   * Two neighbours with this many keys or fewer become one: below a full chunk, so as not to flap.
   */
  static final int MERGE_KEYS = CHUNK_KEYS / 2;

  private Chunk[] chunks = new Chunk[16];
  private int count;
  private long epoch;

  /**
   * Adds a key that must not be there.
   *
   * @param number of its row
   */
  void add(byte[] key, int number) {
    if (count == 0) {
      insertChunk(0, new Chunk(epoch));
    }
    int at = chunkOf(key);
    Chunk chunk = own(at);
    if (chunk.size == CHUNK_KEYS) {
      boolean last = at == count - 1 && Arrays.compareUnsigned(chunk.last(), key) < 0;
      // Keys that come in order fill their chunks; a split in the middle would leave them half full
      Chunk upper = chunk.cut(last ? chunk.size : chunk.size / 2);
      insertChunk(at + 1, upper);
      if (last || Arrays.compareUnsigned(upper.keys[0], key) <= 0) {
        chunk = upper;
      }
    }
    chunk.insert(key, number);
  }

  /** Takes out a key that must be there. */
  void remove(byte[] key) {
    int at = count == 0 ? -1 : chunkOf(key);
    if (at < 0) {
      throw new IllegalStateException("no key to take out of an empty index");
    }
    Chunk chunk = own(at);
    chunk.remove(key);
    if (chunk.size == 0) {
      removeChunk(at);
    } else if (at + 1 < count && chunk.size + chunks[at + 1].size <= MERGE_KEYS) {
      merge(at);
    } else if (at > 0 && chunks[at - 1].size + chunk.size <= MERGE_KEYS) {
      merge(at - 1);
    }
  }

  /** Keys that start with the prefix, in order, at most {@code limit}. */
  List<Bytes> scan(byte[] prefix, int limit) {
    List<Bytes> found = new ArrayList<>();
    int at = count == 0 ? 0 : chunkOf(prefix);
    int from = at < count ? chunks[at].ceiling(prefix) : 0;
    for (; at < count; at++, from = 0) {
      Chunk chunk = chunks[at];
      for (int i = from; i < chunk.size; i++) {
        if (found.size() >= limit || !startsWith(chunk.keys[i], prefix)) {
          return found;
        }
        found.add(Bytes.wrap(chunk.keys[i]));
      }
    }
    return found;
  }

  /** The keys as they are, unmoved by what comes after. */
  Frozen freeze() {
    epoch++;
    return new Frozen(Arrays.copyOf(chunks, count));
  }

  /** Chunks that are never changed again. */
  static final class Frozen {
    private final Chunk[] chunks;

    private Frozen(Chunk[] chunks) {
      this.chunks = chunks;
    }

    Cursor cursor() {
      return new Cursor(chunks);
    }
  }

  /** Walks over the numbers of frozen rows, in the order of their keys. */
  static final class Cursor {
    private final Chunk[] chunks;
    private int chunk;
    private int position;

    private Cursor(Chunk[] chunks) {
      this.chunks = chunks;
    }

    /** Puts the next numbers into the array; returns how many: fewer than it takes at the end. */
    int next(int[] into) {
      int count = 0;
      while (count < into.length && chunk < chunks.length) {
        Chunk current = chunks[chunk];
        int more = Math.min(into.length - count, current.size - position);
        System.arraycopy(current.numbers, position, into, count, more);
        count += more;
        position += more;
        if (position == current.size) {
          chunk++;
          position = 0;
        }
      }
      return count;
    }
  }

  private static boolean startsWith(byte[] key, byte[] prefix) {
    return key.length >= prefix.length
        && Arrays.equals(key, 0, prefix.length, prefix, 0, prefix.length);
  }

  /** The last chunk whose first key is not above the key, or the first one. */
  private int chunkOf(byte[] key) {
    int low = 1;
    int high = count - 1;
    if (high > 0 && Arrays.compareUnsigned(chunks[high].keys[0], key) <= 0) {
      // Keys that come in order, as in a snapshot, need no search.
      return high;
    }
    while (low <= high) {
      int middle = (low + high) >>> 1;
      if (Arrays.compareUnsigned(chunks[middle].keys[0], key) <= 0) {
        low = middle + 1;
      } else {
        high = middle - 1;
      }
    }
    return low - 1;
  }

  private Chunk own(int at) {
    if (chunks[at].epoch != epoch) {
      chunks[at] = chunks[at].copy(epoch);
    }
    return chunks[at];
  }

  private void merge(int at) {
    own(at).append(chunks[at + 1]);
    removeChunk(at + 1);
  }

  private void insertChunk(int at, Chunk chunk) {
    if (count == chunks.length) {
      chunks = Arrays.copyOf(chunks, count * 2);
    }
    System.arraycopy(chunks, at, chunks, at + 1, count - at);
    chunks[at] = chunk;
    count++;
  }

  @SuppressWarnings("NullAway") // what lies behind count is never read
  private void removeChunk(int at) {
    count--;
    System.arraycopy(chunks, at + 1, chunks, at, count - at);
    chunks[count] = null;
  }

  /** Up to {@link #CHUNK_KEYS} keys in order. It may be changed while its epoch is the index's. */
  private static final class Chunk {
    private final long epoch;
    private final byte[][] keys = new byte[CHUNK_KEYS][];
    private final int[] numbers = new int[CHUNK_KEYS];
    private int size;

    Chunk(long epoch) {
      this.epoch = epoch;
    }

    Chunk copy(long newEpoch) {
      Chunk copy = new Chunk(newEpoch);
      copy.append(this);
      return copy;
    }

    byte[] last() {
      return keys[size - 1];
    }

    /** The first position whose key is not below the given one. */
    int ceiling(byte[] key) {
      int at = search(key);
      return at < 0 ? -(at + 1) : at;
    }

    void insert(byte[] key, int number) {
      int found = search(key);
      if (found >= 0) {
        throw new IllegalStateException("a key added twice");
      }
      int at = -(found + 1);
      System.arraycopy(keys, at, keys, at + 1, size - at);
      System.arraycopy(numbers, at, numbers, at + 1, size - at);
      keys[at] = key;
      numbers[at] = number;
      size++;
    }

    @SuppressWarnings("NullAway") // what lies behind size is never read
    void remove(byte[] key) {
      int at = search(key);
      if (at < 0) {
        throw new IllegalStateException("no such key to take out");
      }
      size--;
      System.arraycopy(keys, at + 1, keys, at, size - at);
      System.arraycopy(numbers, at + 1, numbers, at, size - at);
      keys[size] = null;
    }

    /** Moves the keys from a position on into a new chunk. */
    Chunk cut(int from) {
      Chunk upper = new Chunk(epoch);
      upper.size = size - from;
      System.arraycopy(keys, from, upper.keys, 0, upper.size);
      System.arraycopy(numbers, from, upper.numbers, 0, upper.size);
      Arrays.fill(keys, from, size, null);
      size = from;
      return upper;
    }

    void append(Chunk other) {
      System.arraycopy(other.keys, 0, keys, size, other.size);
      System.arraycopy(other.numbers, 0, numbers, size, other.size);
      size += other.size;
    }

    private int search(byte[] key) {
      if (size > 0 && Arrays.compareUnsigned(keys[size - 1], key) < 0) {
        return -size - 1;
      }
      return Arrays.binarySearch(keys, 0, size, key, Arrays::compareUnsigned);
    }
  }
}
