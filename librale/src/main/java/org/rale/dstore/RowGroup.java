package org.rale.dstore;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Looks up the rows of some hashes together.
 *
 * <p>In a large table no part of a row's way is in the processor's caches, so each look-up waits
 * for memory several times: for its leaf, its place there, the row, its key. Here each of these
 * steps is taken for a group of hashes before the next one, so the processor waits for many of them
 * at once (docs/PERFORMANCE.md has what that saves).
 */
final class RowGroup {
  /** Some 20 KB with short values: what one step brought is in the caches still at the next. */
  static final int SIZE = 64;

  private final long[] hashes = new long[SIZE];
  private final @Nullable RowLeaf[] leaves = new RowLeaf[SIZE];
  private final int[] places = new int[SIZE];
  private final @Nullable Row[] rows = new Row[SIZE];

  /** Of the key in this place of the group; to be set before {@link #find}. */
  void hash(int i, long hash) {
    hashes[i] = hash;
  }

  /** Finds the first row of each hash, or of the next higher one in its leaf. */
  void find(RowTable.Node root, int count) {
    for (int i = 0; i < count; i++) {
      leaves[i] = RowTable.leaf(root, hashes[i]);
    }
    for (int i = 0; i < count; i++) {
      places[i] = leaf(i).place(hashes[i]);
    }
    for (int i = 0; i < count; i++) {
      rows[i] = leaf(i).row(places[i]);
    }
  }

  /** Lets go of what was found: a leaf that the table has left has a quarter thousand values. */
  void clear() {
    Arrays.fill(leaves, null);
    Arrays.fill(rows, null);
  }

  private RowLeaf leaf(int i) {
    RowLeaf leaf = leaves[i];
    if (leaf == null) {
      throw new IllegalStateException("nothing was looked up for place " + i);
    }
    return leaf;
  }

  /** What was found: not the key's row where there is none, or several have its hash. */
  @Nullable Row first(int i) {
    return rows[i];
  }

  /** The row of the key, wherever it is among those of its hash. */
  @Nullable Row exact(int i, byte[] key) {
    return leaf(i).get(hashes[i], key);
  }
}
