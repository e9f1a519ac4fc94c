package org.rale.dstore;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Arrays;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.function.ToLongFunction;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.rale.bytes.Bytes;

final class HashIndexTest {

  @Test
  void followsTheModelWithWellSpreadHashes() {
    run(key -> SipHash.of(key.toByteArray()), 6_000);
  }

  @Test
  void followsTheModelWhereAllKeysShareTheirHash() {
    run(key -> 0x8123456789abcdefL, 1_500);
  }

  @Test
  void followsTheModelWhereOnlyTheLastBitsOfTheHashDiffer() {
    run(key -> 0xffff_ffff_ffff_0000L | (SipHash.of(key.toByteArray()) & 0x3f), 3_000);
  }

  @Test
  void followsTheModelWhereOnlyTheFirstBitsOfTheHashDiffer() {
    run(key -> SipHash.of(key.toByteArray()) << 61, 3_000);
  }

  @Test
  void refusesToBreakItself() {
    RowHeap rows = new RowHeap();
    HashIndex index = new HashIndex(rows);
    int number = rows.add(row(Bytes.utf8("a"), 1));
    index.insert(7, number);
    assertThatThrownBy(() -> index.insert(7, number)).isInstanceOf(IllegalStateException.class);
    assertThatThrownBy(() -> index.remove(7, new byte[] {1}))
        .isInstanceOf(IllegalStateException.class);
    assertThatThrownBy(() -> index.load(new long[0], 0)).isInstanceOf(IllegalStateException.class);
  }

  /** Grows to many keys, shrinks to few, and again. */
  private static void run(ToLongFunction<Bytes> hash, int keys) {
    for (int seed = 0; seed < 4; seed++) {
      Random random = new Random(seed);
      RowHeap rows = new RowHeap();
      HashIndex index = new HashIndex(rows);
      TreeMap<Bytes, Row> model = new TreeMap<>();
      for (int step = 0; step < keys * 8; step++) {
        boolean growing = step / (keys * 2) % 2 == 0;
        Bytes key = Bytes.utf8("key" + random.nextInt(keys));
        byte[] name = key.toByteArray();
        long h = hash.applyAsLong(key);
        int number = index.find(h, name);
        assertThat(found(rows, number)).isSameAs(model.get(key));
        if (random.nextInt(10) < (growing ? 8 : 1)) {
          Row row = row(key, step);
          if (model.put(key, row) == null) {
            index.insert(h, rows.add(row));
          } else {
            rows.set(number, row);
          }
        } else if (model.remove(key) != null) {
          index.remove(h, name);
          rows.remove(number);
        }
        if (random.nextInt(keys) == 0) {
          rows = new RowHeap();
          model.values().forEach(rows::add);
          index = loaded(rows, model, hash);
        }
      }
      for (int i = 0; i < keys; i++) {
        Bytes key = Bytes.utf8("key" + i);
        int number = index.find(hash.applyAsLong(key), key.toByteArray());
        assertThat(found(rows, number)).isSameAs(model.get(key));
      }
    }
  }

  private static @Nullable Row found(RowHeap rows, int number) {
    return number == RowHeap.NONE ? null : rows.get(number);
  }

  /** The same rows, filled in at once, in the order of their keys. */
  private static HashIndex loaded(RowHeap rows, Map<Bytes, Row> model, ToLongFunction<Bytes> hash) {
    HashIndex index = new HashIndex(rows);
    long[] hashes = model.keySet().stream().mapToLong(hash).toArray();
    // What lies behind them is not looked at.
    long[] more = Arrays.copyOf(hashes, hashes.length + 100);
    Arrays.fill(more, hashes.length, more.length, 0x5555_5555_5555_5555L);
    index.load(more, model.size());
    return index;
  }

  private static Row row(Bytes key, long revision) {
    return new Row(
        key.toByteArray(), SipHash.of(key.toByteArray()), new byte[0], revision, revision, 1);
  }
}
