package org.rale.dstore;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;
import java.util.function.LongUnaryOperator;
import org.junit.jupiter.api.Test;

/** Where a hash belongs in a leaf, whatever the guess: against a look at one after the other. */
final class HashLeafTest {
  private static final int LEVELS = 11;

  private static HashLeaf leaf(int level, long... hashes) {
    return new HashLeaf(level, hashes, new int[hashes.length]);
  }

  private static int placeOneByOne(long[] sorted, long hash) {
    int place = 0;
    while (place < sorted.length && Long.compareUnsigned(sorted[place], hash) < 0) {
      place++;
    }
    return place;
  }

  private static void check(Random random, int size, int level, LongUnaryOperator hashes) {
    long[] sorted =
        random
            .longs(size)
            .map(hashes)
            .boxed()
            .sorted(Long::compareUnsigned)
            .mapToLong(Long::longValue)
            .toArray();
    HashLeaf leaf = leaf(level, sorted);
    for (int i = 0; i < 40; i++) {
      long hash =
          size > 0 && random.nextBoolean()
              ? sorted[random.nextInt(size)] + random.nextInt(3) - 1
              : hashes.applyAsLong(random.nextLong());
      assertThat(leaf.place(hash)).isEqualTo(placeOneByOne(sorted, hash));
    }
    for (long border : new long[] {0, -1, Long.MIN_VALUE, Long.MAX_VALUE}) {
      assertThat(leaf.place(border)).isEqualTo(placeOneByOne(sorted, border));
    }
  }

  @Test
  void findsThePlaceOfEachHashAtEachLevelAndSize() {
    Random random = new Random(1);
    for (int size = 0; size <= 300; size++) {
      for (int level = 0; level <= LEVELS; level++) {
        check(random, size, level, hash -> hash);
        check(random, size, level, hash -> hash & 3);
        check(random, size, level, hash -> hash >> 62);
        check(random, size, level, hash -> 0x1234_5678_9abc_def0L);
      }
    }
  }

  /** Of a leaf that no table has: the steps must not run over. */
  @Test
  void findsThePlaceInAVeryLongLeaf() {
    long[] sorted = new long[300_000];
    for (int i = 0; i < sorted.length; i++) {
      sorted[i] = i;
    }
    HashLeaf leaf = leaf(0, sorted);
    for (int i = 0; i < sorted.length; i += 7) {
      assertThat(leaf.place(i)).isEqualTo(i);
    }
  }

  /** Else the guess would be right and worthless: this is what a level that is wrong would cost. */
  @Test
  void theGuessIsNearWhereHashesAreSpreadEvenly() {
    Random random = new Random(2);
    int rows = 250;
    for (int level = 0; level < 6; level++) {
      int bits = 6 * level;
      long above = bits == 0 ? 0 : random.nextLong() << (64 - bits);
      long mask = -1L >>> bits;
      long[] sorted =
          random
              .longs(rows)
              .map(hash -> above | (hash & mask))
              .boxed()
              .sorted(Long::compareUnsigned)
              .mapToLong(Long::longValue)
              .toArray();
      long off = 0;
      for (int i = 0; i < rows; i++) {
        int guess = HashIndex.share(sorted[i], level, rows);
        assertThat(guess).isBetween(0, rows - 1);
        off += Math.abs(guess - i);
      }
      assertThat(off / rows).as("places off, on average, at level " + level).isLessThan(25);
    }
    assertThat(HashIndex.share(-1, 0, Integer.MAX_VALUE)).isEqualTo(Integer.MAX_VALUE - 1);
    assertThat(HashIndex.share(-1, LEVELS, 256)).isZero();
  }

  @Test
  void aLeafBelowIsOfTheNextLevel() {
    long[] hashes = new long[200];
    for (int i = 0; i < hashes.length; i++) {
      hashes[i] = (long) i << 50;
    }
    HashLeaf leaf = leaf(0, hashes);
    assertThat(leaf.level()).isZero();
    assertThat(leaf.below(3, 9).level()).isEqualTo(1);
    assertThat(leaf.below(3, 9).place(hashes[5])).isEqualTo(2);
  }

  /** Leaves are never copied, so nothing else would give the memory of deleted rows back. */
  @Test
  void growsAndShrinksWithItsRows() {
    RowHeap rows = new RowHeap();
    HashLeaf leaf = new HashLeaf(0);
    for (int round = 0; round < 3; round++) {
      for (int i = 0; i < 250; i++) {
        byte[] key = {(byte) i};
        leaf.insert(rows, SipHash.of(key), rows.add(new Row(key, 0, new byte[0], 1, 1, 1)));
      }
      assertThat(leaf.capacity()).isBetween(250, 330);
      for (int i = 249; i >= 10; i--) {
        byte[] key = {(byte) i};
        int number = leaf.find(rows, SipHash.of(key), key);
        leaf.remove(rows, SipHash.of(key), key);
        rows.remove(number);
      }
      assertThat(leaf.capacity()).isLessThan(4 * 11);
      for (int i = 0; i < 10; i++) {
        byte[] key = {(byte) i};
        assertThat(rows.get(leaf.find(rows, SipHash.of(key), key)).key()).isEqualTo(key);
        leaf.remove(rows, SipHash.of(key), key);
      }
      assertThat(leaf.size()).isZero();
    }
  }
}
