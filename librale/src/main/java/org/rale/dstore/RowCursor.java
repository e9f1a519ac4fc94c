package org.rale.dstore;

import java.util.NoSuchElementException;
import java.util.function.ToLongFunction;
import org.jspecify.annotations.Nullable;

/**
 * Walks over the rows of a frozen store in the order of their keys.
 *
 * <p>In memory rows don't stand in that order, so each of them is waited for: for its leaf, its
 * place there, the row, its value. Here each of these steps is taken for a group of keys before the
 * next one, so the processor waits for many of them at once (docs/PERFORMANCE.md has what that
 * saves). Looked up one by one, the rows were most of what a rewrite of cluster.db costs.
 */
final class RowCursor {
  /** Some 20 KB with short values: what one step brought is in the caches still at the next. */
  private static final int GROUP = 64;

  private final KeyIndex.Cursor order;
  private final RowTable.Frozen table;
  private final ToLongFunction<byte[]> hash;
  private final byte[][] keys = new byte[GROUP][];
  private final long[] hashes = new long[GROUP];
  private final RowLeaf[] leaves = new RowLeaf[GROUP];
  private final int[] places = new int[GROUP];
  private final @Nullable Row[] found = new Row[GROUP];
  private final Row[] rows = new Row[GROUP];
  private final int[] bytes = new int[GROUP];
  private int count;
  private int next;

  /**
   * @param hash by which the rows are in the table; {@link SipHash} but for tests
   */
  RowCursor(KeyIndex.Frozen keys, RowTable.Frozen table, ToLongFunction<byte[]> hash) {
    this.order = keys.cursor();
    this.table = table;
    this.hash = hash;
    fill();
  }

  boolean hasNext() {
    return next < count;
  }

  /** {@link Row#liveBytes} of the next one. */
  int bytes() {
    return bytes[next];
  }

  Row next() {
    if (next == count) {
      throw new NoSuchElementException("the last row was given");
    }
    Row row = rows[next++];
    if (next == count) {
      fill();
    }
    return row;
  }

  private void fill() {
    next = 0;
    count = 0;
    while (count < GROUP && order.hasNext()) {
      keys[count++] = order.next();
    }
    for (int i = 0; i < count; i++) {
      hashes[i] = hash.applyAsLong(keys[i]);
    }
    for (int i = 0; i < count; i++) {
      leaves[i] = table.leaf(hashes[i]);
    }
    for (int i = 0; i < count; i++) {
      places[i] = leaves[i].place(hashes[i]);
    }
    for (int i = 0; i < count; i++) {
      found[i] = leaves[i].row(places[i]);
    }
    for (int i = 0; i < count; i++) {
      Row row = found[i];
      rows[i] = row != null && row.key() == keys[i] ? row : searched(i);
      bytes[i] = rows[i].liveBytes();
    }
  }

  /** Of a key that is not the first one with its hash. */
  private Row searched(int i) {
    Row row = leaves[i].get(hashes[i], keys[i]);
    if (row == null) {
      throw new IllegalStateException("a key in the index that is not in the table");
    }
    return row;
  }
}
