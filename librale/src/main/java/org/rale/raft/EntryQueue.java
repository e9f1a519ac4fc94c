package org.rale.raft;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** Entries in order: by their place, added and taken away at both ends in constant time. */
final class EntryQueue {
  /** A power of two, so that a place is found without a division. */
  private @Nullable Entry[] ring = new Entry[16];

  private int head;
  private int size;

  int size() {
    return size;
  }

  Entry get(int place) {
    if (place < 0 || place >= size) {
      throw new IndexOutOfBoundsException(place + " of " + size);
    }
    return at(place);
  }

  void add(Entry entry) {
    if (size == ring.length) {
      grow();
    }
    ring[slot(size)] = entry;
    size++;
  }

  Entry removeFirst() {
    Entry first = get(0);
    ring[head] = null;
    head = slot(1);
    size--;
    return first;
  }

  Entry removeLast() {
    Entry last = get(size - 1);
    size--;
    ring[slot(size)] = null;
    return last;
  }

  void clear() {
    ring = new Entry[16];
    head = 0;
    size = 0;
  }

  private void grow() {
    @Nullable Entry[] larger = Arrays.copyOf(ring, Math.multiplyExact(ring.length, 2));
    for (int place = 0; place < size; place++) {
      larger[place] = ring[slot(place)];
    }
    Arrays.fill(larger, size, larger.length, null);
    ring = larger;
    head = 0;
  }

  private Entry at(int place) {
    Entry entry = ring[slot(place)];
    if (entry == null) {
      throw new IllegalStateException("no entry at place " + place + " of " + size);
    }
    return entry;
  }

  private int slot(int place) {
    return (head + place) & (ring.length - 1);
  }
}
