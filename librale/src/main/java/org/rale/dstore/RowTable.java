package org.rale.dstore;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * The hash table: a trie over the 64-bit hash of the key, six bits a level, whose leaves hold up to
 * {@value #LEAF_ROWS} rows sorted by hash and then by key.
 *
 * <p><b>Why a trie of sorted leaves.</b> A flat table doubles at some insert, and that insert moves
 * every row, while no heartbeat is answered. Here a full leaf is split into 64, which moves {@value
 * #LEAF_ROWS} references, however large the table is. And a trie can be frozen in constant time:
 * {@link #freeze} hands out the root and raises the epoch; a later write copies each node of an
 * older epoch that it passes, once. At a million rows that is two branches of 64 references and one
 * leaf.
 *
 * <p><b>Collisions.</b> Keys that share leading bits of the hash make the trie deeper only where
 * they are; no directory grows with them. Keys that share all 64 bits can't be parted and stay in
 * one leaf beyond its bound: found in logarithmic time by the order of the keys, inserted by moving
 * as many references as there are. So only a set of full collisions turns quadratic, and {@link
 * SipHash} is there to make those infeasible.
 *
 * <p>The shape depends on the history (a leaf that has been split is put together again only when
 * few rows are left), so nothing that leaves the node may depend on the shape.
 */
final class RowTable {
  static final int LEAF_ROWS = 256;

  /**
   * A branch with this many rows or fewer becomes a leaf: well below a split, so as not to flap.
   */
  static final int COLLAPSE_ROWS = 64;

  static final int BITS = 6;
  private static final int FANOUT = 1 << BITS;

  /** Levels after which no bit of the hash is left. */
  private static final int LEVELS = (Long.SIZE + BITS - 1) / BITS;

  private Node root;
  private int size;
  private long epoch;

  RowTable() {
    root = new RowLeaf(epoch, 0);
  }

  int size() {
    return size;
  }

  /** Good until the next change. */
  Node root() {
    return root;
  }

  @Nullable Row get(long hash, byte[] key) {
    return leaf(root, hash).get(hash, key);
  }

  /** Adds a row whose key must not be in the table. */
  void insert(long hash, Row row) {
    root = insert(root, 0, hash, row);
    size++;
  }

  /** Puts a row in the place of the one with the same key, which must be in the table. */
  void replace(long hash, Row row) {
    root = replace(root, 0, hash, row);
  }

  /** Takes out the row of a key, which must be in the table. */
  void remove(long hash, byte[] key) {
    root = remove(root, 0, hash, key);
    size--;
  }

  /**
   * Fills the table, which must be empty, in one go: many times faster than row by row, since each
   * part of memory is written once.
   *
   * @param count how many rows; what lies behind them is not looked at
   * @param hashes of the keys; it is sorted meanwhile
   * @param rows in the order of their keys
   */
  void load(long[] hashes, Row[] rows, int count) {
    if (size > 0) {
      throw new IllegalStateException("to be filled at once, and holds " + size + " rows");
    }
    root = new Filling(hashes, rows, count).node(0, count, 0);
    size = count;
  }

  /**
   * Sorts rows by hash, slot by slot from the top, and makes nodes of them on the way. Numbers of
   * rows are moved, not references: to write these into a large array costs the garbage collector
   * as much again.
   */
  private final class Filling {
    private final Row[] rows;
    private final long[] hashes;
    private final int[] order;
    private final long[] sortedHashes;
    private final int[] sortedOrder;

    Filling(long[] hashes, Row[] rows, int count) {
      this.rows = rows;
      this.hashes = hashes;
      this.order = new int[count];
      this.sortedHashes = new long[count];
      this.sortedOrder = new int[count];
      for (int i = 0; i < count; i++) {
        order[i] = i;
      }
    }

    /** A node of these rows, all of whose hashes are equal above the level. */
    Node node(int from, int to, int level) {
      if (to - from <= LEAF_ROWS || level == LEVELS) {
        return leaf(from, to, level);
      }
      int[] ends = sort(from, to, level);
      Branch branch = new Branch(epoch, to - from, new Node[FANOUT]);
      int start = from;
      for (int slot = 0; slot < FANOUT; slot++) {
        branch.children[slot] = node(start, ends[slot], level + 1);
        start = ends[slot];
      }
      return branch;
    }

    private RowLeaf leaf(int from, int to, int level) {
      if (level < LEVELS) {
        sort(from, to, level);
        finish(from, to);
      }
      Row[] sorted = new Row[to - from];
      for (int i = from; i < to; i++) {
        sorted[i - from] = rows[order[i]];
      }
      return new RowLeaf(epoch, level, Arrays.copyOfRange(hashes, from, to), sorted);
    }

    /** By slot; within one the order stays. Returns where each slot ends. */
    private int[] sort(int from, int to, int level) {
      int[] ends = new int[FANOUT];
      for (int i = from; i < to; i++) {
        ends[slot(hashes[i], level)]++;
      }
      int end = from;
      for (int slot = 0; slot < FANOUT; slot++) {
        end += ends[slot];
        ends[slot] = end - ends[slot];
      }
      for (int i = from; i < to; i++) {
        int at = ends[slot(hashes[i], level)]++;
        sortedHashes[at] = hashes[i];
        sortedOrder[at] = order[i];
      }
      System.arraycopy(sortedHashes, from, hashes, from, to - from);
      System.arraycopy(sortedOrder, from, order, from, to - from);
      return ends;
    }

    /** By insertion: they are nearly in order, and equal hashes have their keys in order. */
    private void finish(int from, int to) {
      for (int i = from + 1; i < to; i++) {
        long hash = hashes[i];
        int row = order[i];
        int at = i;
        while (at > from && Long.compareUnsigned(hashes[at - 1], hash) > 0) {
          hashes[at] = hashes[at - 1];
          order[at] = order[at - 1];
          at--;
        }
        hashes[at] = hash;
        order[at] = row;
      }
    }
  }

  /** The table as it is, unmoved by what comes after. */
  Frozen freeze() {
    epoch++;
    return new Frozen(root);
  }

  record Frozen(Node root) {
    @Nullable Row get(long hash, byte[] key) {
      return leaf(root, hash).get(hash, key);
    }
  }

  /** Where a row with this hash is, if anywhere. */
  static RowLeaf leaf(Node from, long hash) {
    Node node = from;
    for (int level = 0; node instanceof Branch branch; level++) {
      node = branch.children[slot(hash, level)];
    }
    return (RowLeaf) node;
  }

  private Node insert(Node node, int level, long hash, Row row) {
    if (node instanceof Branch shared) {
      Branch branch = own(shared);
      int slot = slot(hash, level);
      branch.children[slot] = insert(branch.children[slot], level + 1, hash, row);
      branch.rows++;
      return branch;
    }
    RowLeaf leaf = own((RowLeaf) node);
    leaf.insert(hash, row);
    return leaf.size() > LEAF_ROWS && level < LEVELS ? split(leaf, level) : leaf;
  }

  private Node replace(Node node, int level, long hash, Row row) {
    if (node instanceof Branch shared) {
      Branch branch = own(shared);
      int slot = slot(hash, level);
      branch.children[slot] = replace(branch.children[slot], level + 1, hash, row);
      return branch;
    }
    RowLeaf leaf = own((RowLeaf) node);
    leaf.replace(hash, row);
    return leaf;
  }

  private Node remove(Node node, int level, long hash, byte[] key) {
    if (node instanceof Branch shared) {
      Branch branch = own(shared);
      int slot = slot(hash, level);
      branch.children[slot] = remove(branch.children[slot], level + 1, hash, key);
      branch.rows--;
      return branch.rows <= COLLAPSE_ROWS ? collapse(branch, level) : branch;
    }
    RowLeaf leaf = own((RowLeaf) node);
    leaf.remove(hash, key);
    return leaf;
  }

  private Branch split(RowLeaf leaf, int level) {
    Branch branch = new Branch(epoch, leaf.size(), new Node[FANOUT]);
    int from = 0;
    for (int slot = 0; slot < FANOUT; slot++) {
      int to = from;
      while (to < leaf.size() && slot(leaf.hash(to), level) == slot) {
        to++;
      }
      branch.children[slot] = leaf.below(epoch, from, to);
      from = to;
    }
    if (from != leaf.size()) {
      throw new IllegalStateException("a leaf out of order: " + from + " of " + leaf.size());
    }
    return branch;
  }

  private RowLeaf collapse(Branch branch, int level) {
    RowLeaf leaf = new RowLeaf(epoch, level);
    gather(branch, leaf);
    return leaf;
  }

  /** Appends all rows below the node, which come in the order of their hashes. */
  private static void gather(Node node, RowLeaf into) {
    if (node instanceof Branch branch) {
      for (Node child : branch.children) {
        gather(child, into);
      }
    } else {
      into.append((RowLeaf) node);
    }
  }

  private Branch own(Branch branch) {
    return branch.epoch == epoch ? branch : new Branch(epoch, branch.rows, branch.children.clone());
  }

  private RowLeaf own(RowLeaf leaf) {
    return leaf.epoch() == epoch ? leaf : leaf.copy(epoch);
  }

  /** The six bits of the hash for a level, from the top; the last level has the four left over. */
  private static int slot(long hash, int level) {
    return (int) ((hash << (BITS * level)) >>> (Long.SIZE - BITS));
  }

  /**
   * How many of so many rows below a node have a lower hash, if hashes are spread evenly: from 0 to
   * one less than all.
   */
  static int share(long hash, int level, int rows) {
    long bitsBelow = level < LEVELS ? (hash << (BITS * level)) >>> Integer.SIZE : 0;
    return (int) ((bitsBelow * rows) >>> Integer.SIZE);
  }

  /** A node belongs to the table alone, and may be changed, while its epoch is the table's. */
  sealed interface Node permits Branch, RowLeaf {}

  private static final class Branch implements Node {
    private final long epoch;
    private final Node[] children;
    private int rows;

    Branch(long epoch, int rows, Node[] children) {
      this.epoch = epoch;
      this.rows = rows;
      this.children = children;
    }
  }
}
