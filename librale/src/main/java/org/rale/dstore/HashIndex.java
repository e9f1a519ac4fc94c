package org.rale.dstore;

import java.util.Arrays;

/**
 * The hash table: a trie over the 64-bit hash of the key, six bits a level, whose leaves hold up to
 * {@value #LEAF_ROWS} numbers of rows, sorted by hash and then by key.
 *
 * <p><b>Why a trie of sorted leaves.</b> A flat table doubles at some insert, and that insert moves
 * every row, while no heartbeat is answered. Here a full leaf is split into 64, which moves {@value
 * #LEAF_ROWS} numbers, however large the table is.
 *
 * <p><b>Collisions.</b> Keys that share leading bits of the hash make the trie deeper only where
 * they are; no directory grows with them. Keys that share all 64 bits can't be parted and stay in
 * one leaf beyond its bound: found in logarithmic time by the order of the keys, inserted by moving
 * as many numbers as there are. So only a set of full collisions turns quadratic, and {@link
 * SipHash} is there to make those infeasible.
 *
 * <p>The shape depends on the history (a leaf that has been split is put together again only when
 * few rows are left), so nothing that leaves the node may depend on the shape.
 */
final class HashIndex {
  static final int LEAF_ROWS = 256;

  /**
   * A branch with this many rows or fewer becomes a leaf: well below a split, so as not to flap.
   */
  static final int COLLAPSE_ROWS = 64;

  static final int BITS = 6;
  private static final int FANOUT = 1 << BITS;

  /** Levels after which no bit of the hash is left. */
  private static final int LEVELS = (Long.SIZE + BITS - 1) / BITS;

  private final RowHeap rows;
  private Node root = new HashLeaf(0);

  /**
   * @param rows where the numbers lead to, for their keys
   */
  HashIndex(RowHeap rows) {
    this.rows = rows;
  }

  /** The number of the key's row, or {@link RowHeap#NONE}. */
  int find(long hash, byte[] key) {
    return leaf(hash).find(rows, hash, key);
  }

  /** Where a row with this hash is, if anywhere. */
  HashLeaf leaf(long hash) {
    Node node = root;
    for (int level = 0; node instanceof Branch branch; level++) {
      node = branch.children[slot(hash, level)];
    }
    return (HashLeaf) node;
  }

  /** Adds a row whose key must not be in the index. */
  void insert(long hash, int number) {
    root = insert(root, 0, hash, number);
  }

  /** Takes out the row of a key, which must be in the index and still be in the heap. */
  void remove(long hash, byte[] key) {
    root = remove(root, 0, hash, key);
  }

  /**
   * Fills the index, which must be empty, in one go: many times faster than row by row, since each
   * part of memory is written once. The rows' numbers are 0, 1, 2 and so on, in the order of their
   * keys.
   *
   * @param hashes of the keys, by number; it is sorted meanwhile
   * @param count how many rows; what lies behind them is not looked at
   */
  void load(long[] hashes, int count) {
    if (!(root instanceof HashLeaf leaf) || leaf.size() > 0) {
      throw new IllegalStateException("to be filled at once, and holds rows");
    }
    root = new Filling(hashes, count).node(0, count, 0);
  }

  /** Sorts numbers by hash, slot by slot from the top, and makes nodes of them on the way. */
  private static final class Filling {
    private final long[] hashes;
    private final int[] numbers;
    private final long[] sortedHashes;
    private final int[] sortedNumbers;

    Filling(long[] hashes, int count) {
      this.hashes = hashes;
      this.numbers = new int[count];
      this.sortedHashes = new long[count];
      this.sortedNumbers = new int[count];
      for (int i = 0; i < count; i++) {
        numbers[i] = i;
      }
    }

    /** A node of these rows, all of whose hashes are equal above the level. */
    Node node(int from, int to, int level) {
      if (to - from <= LEAF_ROWS || level == LEVELS) {
        return leaf(from, to, level);
      }
      int[] ends = sort(from, to, level);
      Branch branch = new Branch(to - from, new Node[FANOUT]);
      int start = from;
      for (int slot = 0; slot < FANOUT; slot++) {
        branch.children[slot] = node(start, ends[slot], level + 1);
        start = ends[slot];
      }
      return branch;
    }

    private HashLeaf leaf(int from, int to, int level) {
      if (level < LEVELS) {
        sort(from, to, level);
        finish(from, to);
      }
      return new HashLeaf(
          level, Arrays.copyOfRange(hashes, from, to), Arrays.copyOfRange(numbers, from, to));
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
        sortedNumbers[at] = numbers[i];
      }
      System.arraycopy(sortedHashes, from, hashes, from, to - from);
      System.arraycopy(sortedNumbers, from, numbers, from, to - from);
      return ends;
    }

    /** By insertion: they are nearly in order, and equal hashes have their keys in order. */
    private void finish(int from, int to) {
      for (int i = from + 1; i < to; i++) {
        long hash = hashes[i];
        int number = numbers[i];
        int at = i;
        while (at > from && Long.compareUnsigned(hashes[at - 1], hash) > 0) {
          hashes[at] = hashes[at - 1];
          numbers[at] = numbers[at - 1];
          at--;
        }
        hashes[at] = hash;
        numbers[at] = number;
      }
    }
  }

  private Node insert(Node node, int level, long hash, int number) {
    if (node instanceof Branch branch) {
      int slot = slot(hash, level);
      branch.children[slot] = insert(branch.children[slot], level + 1, hash, number);
      branch.rows++;
      return branch;
    }
    HashLeaf leaf = (HashLeaf) node;
    leaf.insert(rows, hash, number);
    return leaf.size() > LEAF_ROWS && level < LEVELS ? split(leaf, level) : leaf;
  }

  private Node remove(Node node, int level, long hash, byte[] key) {
    if (node instanceof Branch branch) {
      int slot = slot(hash, level);
      branch.children[slot] = remove(branch.children[slot], level + 1, hash, key);
      branch.rows--;
      return branch.rows <= COLLAPSE_ROWS ? collapse(branch, level) : branch;
    }
    ((HashLeaf) node).remove(rows, hash, key);
    return node;
  }

  private static Branch split(HashLeaf leaf, int level) {
    Branch branch = new Branch(leaf.size(), new Node[FANOUT]);
    int from = 0;
    for (int slot = 0; slot < FANOUT; slot++) {
      int to = from;
      while (to < leaf.size() && slot(leaf.hash(to), level) == slot) {
        to++;
      }
      branch.children[slot] = leaf.below(from, to);
      from = to;
    }
    if (from != leaf.size()) {
      throw new IllegalStateException("a leaf out of order: " + from + " of " + leaf.size());
    }
    return branch;
  }

  private static HashLeaf collapse(Branch branch, int level) {
    HashLeaf leaf = new HashLeaf(level);
    gather(branch, leaf);
    return leaf;
  }

  /** Appends all rows below the node, which come in the order of their hashes. */
  private static void gather(Node node, HashLeaf into) {
    if (node instanceof Branch branch) {
      for (Node child : branch.children) {
        gather(child, into);
      }
    } else {
      into.append((HashLeaf) node);
    }
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

  sealed interface Node permits Branch, HashLeaf {}

  private static final class Branch implements Node {
    private final Node[] children;
    private int rows;

    Branch(int rows, Node[] children) {
      this.rows = rows;
      this.children = children;
    }
  }
}
