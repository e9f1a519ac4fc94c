package org.rale.replica;

import java.util.Iterator;
import java.util.Map;
import java.util.TreeMap;

/**
 * Compares this node's table with the leader's at equal indexes (S-19). Applying is deterministic,
 * so a difference means that memory, disk or code is broken on one of the two.
 */
final class Digests {
  /** A digest is taken at each multiple. */
  static final long EVERY = 1024;

  private static final int KEPT = 16;

  private final TreeMap<Long, Long> own = new TreeMap<>();
  private final TreeMap<Long, Long> others = new TreeMap<>();
  private boolean differs;

  boolean differs() {
    return differs;
  }

  static boolean isDue(long index) {
    return index % EVERY == 0;
  }

  /** Returns true when this shows a difference for the first time. */
  boolean own(long index, long hash) {
    put(own, index, hash);
    return compare(index, others.get(index), hash);
  }

  boolean other(long index, long hash) {
    put(others, index, hash);
    return compare(index, own.get(index), hash);
  }

  private boolean compare(long index, @org.jspecify.annotations.Nullable Long expected, long hash) {
    if (expected == null || expected == hash || index == 0) {
      return false;
    }
    boolean first = !differs;
    differs = true;
    return first;
  }

  private static void put(Map<Long, Long> map, long index, long hash) {
    map.put(index, hash);
    Iterator<Map.Entry<Long, Long>> oldest = map.entrySet().iterator();
    while (map.size() > KEPT) {
      oldest.next();
      oldest.remove();
    }
  }
}
