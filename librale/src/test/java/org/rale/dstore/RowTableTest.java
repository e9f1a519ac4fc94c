package org.rale.dstore;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.function.ToLongFunction;
import org.junit.jupiter.api.Test;
import org.rale.bytes.Bytes;

final class RowTableTest {

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
    RowTable table = new RowTable();
    Row row = row(Bytes.utf8("a"), 1);
    table.insert(7, row);
    assertThatThrownBy(() -> table.insert(7, row)).isInstanceOf(IllegalStateException.class);
    assertThatThrownBy(() -> table.replace(8, row)).isInstanceOf(IllegalStateException.class);
    assertThatThrownBy(() -> table.remove(7, new byte[] {1}))
        .isInstanceOf(IllegalStateException.class);
  }

  /** Grows to many keys, shrinks to few, and again, with freezes on the way. */
  private static void run(ToLongFunction<Bytes> hash, int keys) {
    for (int seed = 0; seed < 4; seed++) {
      Random random = new Random(seed);
      RowTable table = new RowTable();
      TreeMap<Bytes, Row> model = new TreeMap<>();
      List<RowTable.Frozen> frozen = new ArrayList<>();
      List<TreeMap<Bytes, Row>> frozenModels = new ArrayList<>();
      for (int step = 0; step < keys * 8; step++) {
        boolean growing = step / (keys * 2) % 2 == 0;
        Bytes key = Bytes.utf8("key" + random.nextInt(keys));
        byte[] name = key.toByteArray();
        long h = hash.applyAsLong(key);
        assertThat(table.get(h, name)).isSameAs(model.get(key));
        if (random.nextInt(10) < (growing ? 8 : 1)) {
          Row row = row(key, step);
          if (model.put(key, row) == null) {
            table.insert(h, row);
          } else {
            table.replace(h, row);
          }
        } else if (model.remove(key) != null) {
          table.remove(h, name);
        }
        if (random.nextInt(keys) == 0) {
          table = loaded(model, hash);
        }
        if (random.nextInt(keys) == 0) {
          frozen.add(table.freeze());
          frozenModels.add(new TreeMap<>(model));
        }
      }
      assertThat(frozen).isNotEmpty();
      frozen.add(table.freeze());
      frozenModels.add(model);
      assertThat(table.size()).isEqualTo(model.size());
      for (int i = 0; i < frozen.size(); i++) {
        check(frozen.get(i), frozenModels.get(i), hash, keys);
      }
    }
  }

  /** The same rows, filled in at once, in the order of their keys. */
  private static RowTable loaded(Map<Bytes, Row> model, ToLongFunction<Bytes> hash) {
    RowTable table = new RowTable();
    table.load(
        model.keySet().stream().mapToLong(hash).toArray(),
        model.values().toArray(new Row[0]),
        model.size());
    return table;
  }

  private static void check(
      RowTable.Frozen frozen, Map<Bytes, Row> model, ToLongFunction<Bytes> hash, int keys) {
    for (int i = 0; i < keys; i++) {
      Bytes key = Bytes.utf8("key" + i);
      assertThat(frozen.get(hash.applyAsLong(key), key.toByteArray())).isSameAs(model.get(key));
    }
  }

  private static Row row(Bytes key, long revision) {
    return new Row(
        key.toByteArray(), SipHash.of(key.toByteArray()), new byte[0], revision, revision, 1);
  }
}
