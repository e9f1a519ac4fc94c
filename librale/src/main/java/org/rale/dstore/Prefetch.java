package org.rale.dstore;

import java.util.List;
import org.rale.bytes.Bytes;

/**
 * Brings what commands will look at into the processor's caches, before they are applied one by
 * one: the way to their rows, and the rows but for what is long. Nothing but time depends on it.
 *
 * <p>In a large table no part of a row's way is in the caches, so each look-up waits for memory
 * several times: for its leaf, its place there, its page, the row, its key. Here each of these
 * steps is taken for a group of commands before the next one, so the processor waits for many of
 * them at once (docs/PERFORMANCE.md has what that saves).
 */
final class Prefetch {
  /** Some 20 KB with short values: what one step brought is in the caches still at the next. */
  static final int GROUP = 64;

  /** Of fewer the look-ups gain less from each other than a second one costs. */
  private static final int FEWEST = 4;

  private final HashIndex index;
  private final RowHeap rows;
  private final long[] hashes = new long[GROUP];
  private final int[] numbers = new int[GROUP];

  /** Of what was read ahead: kept, so that no compiler leaves the reading out. */
  private long touched;

  /** The same of the rows: the sum of their digests. */
  private long digests;

  Prefetch(HashIndex index, RowHeap rows) {
    this.index = index;
    this.rows = rows;
  }

  /**
   * @param commands encoded, in any order; only the first {@link #GROUP} are looked at
   */
  void of(List<Bytes> commands) {
    int size = Math.min(commands.size(), GROUP);
    if (size < FEWEST) {
      return;
    }
    int count = 0;
    for (int i = 0; i < size; i++) {
      byte[] command = commands.get(i).shared();
      int at = StoreCodec.keyAt(command);
      if (at >= 0) {
        hashes[count++] = SipHash.of(command, at, StoreCodec.keyLength(command, at));
      }
    }
    fetch(place(count));
  }

  /**
   * Finds the first row of each hash, or of the next higher one in its leaf; returns how many
   * numbers. Arrays of references are new ones each time: in one that the collector has moved to
   * the old generation, each reference that is written costs a fence, which ends all waiting for
   * memory at once.
   */
  private int place(int count) {
    HashLeaf[] leaves = new HashLeaf[count];
    for (int i = 0; i < count; i++) {
      leaves[i] = index.leaf(hashes[i]);
    }
    for (int i = 0; i < count; i++) {
      touched += leaves[i].touch(hashes[i]);
    }
    int found = 0;
    for (int i = 0; i < count; i++) {
      int number = leaves[i].number(leaves[i].place(hashes[i]));
      if (number != RowHeap.NONE) {
        numbers[found++] = number;
      }
    }
    return found;
  }

  private void fetch(int count) {
    Row[] found = new Row[count];
    for (int i = 0; i < count; i++) {
      found[i] = rows.get(numbers[i]);
    }
    for (Row row : found) {
      digests += row.digest();
    }
    for (Row row : found) {
      touched += row.liveBytes();
    }
  }

  long digests() {
    return digests;
  }

  long touched() {
    return touched;
  }
}
