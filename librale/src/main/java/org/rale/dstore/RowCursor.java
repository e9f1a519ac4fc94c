package org.rale.dstore;

import java.util.NoSuchElementException;
import java.util.function.ToLongFunction;

/**
 * Walks over the rows of a frozen store in the order of their keys.
 *
 * <p>In memory rows don't stand in that order, so they are looked up by groups. Looked up one by
 * one, they were most of what a rewrite of cluster.db costs.
 */
final class RowCursor {
  private final KeyIndex.Cursor order;
  private final RowTable.Frozen table;
  private final ToLongFunction<byte[]> hash;
  private final RowGroup group = new RowGroup();
  private final byte[][] keys = new byte[RowGroup.SIZE][];
  private final Row[] rows = new Row[RowGroup.SIZE];
  private final int[] bytes = new int[RowGroup.SIZE];
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
    while (count < RowGroup.SIZE && order.hasNext()) {
      keys[count++] = order.next();
    }
    for (int i = 0; i < count; i++) {
      group.hash(i, hash.applyAsLong(keys[i]));
    }
    group.find(table.root(), count);
    for (int i = 0; i < count; i++) {
      Row row = group.first(i);
      rows[i] = row != null && row.key() == keys[i] ? row : searched(i);
      bytes[i] = rows[i].liveBytes();
    }
  }

  /** Of a key that is not the first one with its hash. */
  private Row searched(int i) {
    Row row = group.exact(i, keys[i]);
    if (row == null) {
      throw new IllegalStateException("a key in the index that is not in the table");
    }
    return row;
  }
}
