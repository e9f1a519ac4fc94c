package org.rale.dstore;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.Random;
import java.util.TreeMap;
import java.util.function.ToLongFunction;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.rale.bytes.Bytes;

/**
 * All rows, in the order of their keys: around the size of a group, and with hashes that collide.
 */
final class RowCursorTest {
  @ParameterizedTest
  @ValueSource(ints = {0, 1, 63, 64, 65, 128, 129, 10_000})
  void givesEachRowOnceInTheOrderOfTheKeys(int rows) {
    check(rows, SipHash::of);
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 64, 65, 1_000})
  void findsRowsWhoseHashOthersHaveToo(int rows) {
    check(rows, key -> 0xffff_ffff_ffff_0000L | (SipHash.of(key) & 7));
    check(rows, key -> 1L << 62);
  }

  private static void check(int rows, ToLongFunction<byte[]> hash) {
    Random random = new Random(rows);
    KeyIndex keys = new KeyIndex();
    RowTable table = new RowTable();
    TreeMap<Bytes, Row> model = new TreeMap<>();
    while (model.size() < rows) {
      byte[] key = Bytes.utf8("key" + random.nextInt(1_000_000)).toByteArray();
      Row row = new Row(key, SipHash.of(key), new byte[model.size() % 50], 1, 1, 1);
      if (model.putIfAbsent(Bytes.wrap(key), row) == null) {
        keys.add(key);
        table.insert(hash.applyAsLong(key), row);
      }
    }
    RowCursor cursor = new RowCursor(keys.freeze(), table.freeze(), hash);
    // What changes behind the freeze is not seen, whenever the group is looked up.
    List<Row> expected = new ArrayList<>(model.values());
    for (Row row : expected) {
      table.remove(hash.applyAsLong(row.key()), row.key());
      keys.remove(row.key());
    }

    for (Row row : expected) {
      assertThat(cursor.hasNext()).isTrue();
      assertThat(cursor.bytes()).isEqualTo(row.liveBytes());
      assertThat(cursor.next()).isSameAs(row);
    }
    assertThat(cursor.hasNext()).isFalse();
    assertThatThrownBy(cursor::next).isInstanceOf(NoSuchElementException.class);
  }
}
