package org.rale.dstore;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.rale.bytes.Bytes;

/** All rows, in the order of their keys: around the size of a group. */
final class RowCursorTest {
  @ParameterizedTest
  @ValueSource(ints = {0, 1, 63, 64, 65, 128, 129, 10_000})
  void givesEachRowOnceInTheOrderOfTheKeys(int count) {
    Random random = new Random(count);
    KeyIndex keys = new KeyIndex();
    RowHeap rows = new RowHeap();
    TreeMap<Bytes, Row> model = new TreeMap<>();
    Map<Bytes, Integer> numbers = new HashMap<>();
    while (model.size() < count) {
      byte[] key = Bytes.utf8("key" + random.nextInt(1_000_000)).toByteArray();
      Row row = new Row(key, SipHash.of(key), new byte[model.size() % 50], 1, 1, 1);
      if (model.putIfAbsent(Bytes.wrap(key), row) == null) {
        int number = rows.add(row);
        keys.add(key, number);
        numbers.put(Bytes.wrap(key), number);
      }
      if (random.nextInt(3) == 0) {
        // The next one gets its number.
        Bytes gone = model.firstKey();
        model.remove(gone);
        keys.remove(gone.shared());
        rows.remove(numbers.remove(gone));
      }
    }
    RowCursor cursor = new RowCursor(table(model.values(), rows, keys));
    // What changes behind the freeze is not seen, whenever the group is fetched: neither that keys
    // go nor that their numbers are given to others.
    for (Row row : model.values()) {
      keys.remove(row.key());
    }
    numbers.values().forEach(rows::remove);
    for (int i = 0; i < count; i++) {
      rows.add(Row.gone(new byte[] {1}, 2));
    }

    for (Row row : model.values()) {
      assertThat(cursor.hasNext()).isTrue();
      assertThat(cursor.bytes()).isEqualTo(row.liveBytes());
      assertThat(cursor.next()).isSameAs(row);
    }
    assertThat(cursor.hasNext()).isFalse();
    assertThatThrownBy(cursor::next).isInstanceOf(NoSuchElementException.class);
  }

  private static FrozenTable table(Collection<Row> model, RowHeap rows, KeyIndex keys) {
    long digest = model.stream().mapToLong(Row::digest).sum();
    return new FrozenTable(model.size(), digest, rows.freeze(), keys.freeze(), new Lease[0]);
  }

  /** An image that would be wrong is never ended (S-19). */
  @Test
  void stopsWhereIndexAndRowsDoNotBelongTogether() {
    RowHeap rows = new RowHeap();
    KeyIndex swapped = new KeyIndex();
    KeyIndex twice = new KeyIndex();
    KeyIndex oneMissing = new KeyIndex();
    List<Row> model = new ArrayList<>();
    for (int i = 0; i < 100; i++) {
      byte[] key = {(byte) i};
      Row row = new Row(key, SipHash.of(key), new byte[i], 1, 1, 1);
      int number = rows.add(row);
      model.add(row);
      swapped.add(key, i == 98 ? 99 : i == 99 ? 98 : number);
      twice.add(key, i == 70 ? 69 : number);
      if (i > 0) {
        oneMissing.add(key, number);
      }
    }
    for (KeyIndex wrong : List.of(swapped, twice, oneMissing)) {
      RowCursor cursor = new RowCursor(table(model, rows, wrong));
      assertThatThrownBy(
              () -> {
                while (cursor.hasNext()) {
                  cursor.next();
                }
              })
          .isInstanceOf(IllegalStateException.class)
          .hasMessageMatching(".*(of a table of 100|not where its key belongs).*");
    }
  }
}
