package org.rale.dstore;

import java.util.Arrays;
import org.rale.bytes.Bytes;

/**
 * The keys that changed lately. Where many ask whether their prefix is among them they are put in
 * order, and each finds it out by halving: not each of them looks at every change.
 */
public final class ChangedKeys {
  /** Fewer than this many look through all faster than they would be in order. */
  private static final int MANY = 16;

  private final byte[][] keys;
  private final boolean sorted;

  /** Takes the keys over. */
  ChangedKeys(byte[][] keys, int questions) {
    this.keys = keys;
    this.sorted = questions >= MANY;
    if (sorted) {
      Arrays.sort(keys, Arrays::compareUnsigned);
    }
  }

  /** Whether one of them starts with the prefix. */
  public boolean any(Bytes prefix) {
    byte[] start = prefix.shared();
    if (!sorted) {
      for (byte[] key : keys) {
        if (History.startsWith(key, start)) {
          return true;
        }
      }
      return false;
    }
    int low = 0;
    int high = keys.length;
    while (low < high) {
      int middle = (low + high) >>> 1;
      if (Arrays.compareUnsigned(keys[middle], start) < 0) {
        low = middle + 1;
      } else {
        high = middle;
      }
    }
    return low < keys.length && History.startsWith(keys[low], start);
  }
}
