package org.rale.dstore;

import java.util.Arrays;
import java.util.NoSuchElementException;

/**
 * Walks over the rows of a frozen store in the order of their keys.
 *
 * <p>In memory rows don't lie in that order, and in a large table no row, key or value is in the
 * processor's caches. So rows are fetched by groups: each step is taken for the whole group before
 * the next one, and the processor waits for many of them at once. One by one, they were most of
 * what a rewrite of cluster.db costs.
 */
final class RowCursor {
  /** Some 20 KB with short values: what one step brought is in the caches still at the next. */
  private static final int GROUP = 64;

  private final KeyIndex.Cursor order;
  private final FrozenTable table;
  private final int[] numbers = new int[GROUP];
  private Row[] rows = {};
  private int next;

  private byte[] lastKey = {};

  /** Of the rows so far. */
  private int count;

  private long digest;

  /** Of what was read ahead: kept, so that no compiler leaves the reading out. */
  private long touched;

  RowCursor(FrozenTable table) {
    this.order = table.keys().cursor();
    this.table = table;
    fill();
  }

  boolean hasNext() {
    return next < rows.length;
  }

  /** {@link Row#liveBytes} of the next one. */
  int bytes() {
    return rows[next].liveBytes();
  }

  Row next() {
    if (next == rows.length) {
      throw new NoSuchElementException("the last row was given");
    }
    Row row = rows[next++];
    if (Arrays.compareUnsigned(lastKey, row.key()) >= 0) {
      throw new IllegalStateException("a row that is not where its key belongs");
    }
    lastKey = row.key();
    if (next == rows.length) {
      fill();
    }
    return row;
  }

  long touched() {
    return touched;
  }

  /**
   * A new array each time: in one that the collector has moved to the old generation, each
   * reference that is written costs a fence, which ends all waiting for memory at once.
   */
  private void fill() {
    next = 0;
    rows = new Row[order.next(numbers)];
    for (int i = 0; i < rows.length; i++) {
      rows[i] = table.rows().get(numbers[i]);
    }
    for (Row row : rows) {
      digest += row.digest();
    }
    for (Row row : rows) {
      touched += row.liveBytes();
    }
    count += rows.length;
    if (rows.length == 0) {
      check();
    }
  }

  /**
   * Index and rows belong together (S-19): with the order, which each row is asked for, it is all
   * of the table's rows, each in its place. Seen here, where it costs nothing, an image that is
   * wrong is not finished; seen by who reads it, it would have taken the place of a right one.
   */
  private void check() {
    if (count != table.size() || digest != table.rowsDigest()) {
      throw new IllegalStateException(
          count
              + " rows in the order of their keys, with digest "
              + Long.toHexString(digest)
              + ", of a table of "
              + table.size()
              + " with "
              + Long.toHexString(table.rowsDigest()));
    }
  }
}
