package org.rale.dstore;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.NavigableSet;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.rale.bytes.Bytes;

final class KeyIndexTest {
  private static final int KEYS = 12_000;

  enum Order {
    RISING,
    FALLING,
    RANDOM
  }

  @ParameterizedTest
  @EnumSource
  void followsTheModelWhileItFillsAndEmpties(Order order) {
    for (int seed = 0; seed < 3; seed++) {
      Random random = new Random(seed);
      KeyIndex index = new KeyIndex();
      TreeMap<Bytes, Integer> model = new TreeMap<>();
      List<KeyIndex.Frozen> frozen = new ArrayList<>();
      List<List<Integer>> expected = new ArrayList<>();
      for (int step = 0; step < KEYS * 4; step++) {
        boolean filling = step / KEYS % 2 == 0;
        Bytes key = key(order, step % KEYS, random);
        if (filling && model.putIfAbsent(key, step) == null) {
          index.add(key.toByteArray(), step);
        } else if (!filling && model.remove(key) != null) {
          index.remove(key.toByteArray());
        }
        if (step % 2_500 == 0) {
          frozen.add(index.freeze());
          expected.add(List.copyOf(model.values()));
          compare(index, model.navigableKeySet(), random);
        }
      }
      for (int i = 0; i < frozen.size(); i++) {
        assertThat(walk(frozen.get(i))).isEqualTo(expected.get(i));
      }
    }
  }

  @Test
  void ordersBytesAsUnsignedNumbers() {
    KeyIndex index = new KeyIndex();
    for (int b : new int[] {0x80, 0x00, 0xff, 0x7f}) {
      index.add(new byte[] {(byte) b}, 0);
    }
    index.add(new byte[] {(byte) 0x7f, 0}, 0);
    assertThat(index.scan(new byte[0], 10).stream().map(Bytes::toByteArray))
        .containsExactly(
            new byte[] {0},
            new byte[] {0x7f},
            new byte[] {0x7f, 0},
            new byte[] {(byte) 0x80},
            new byte[] {(byte) 0xff});
    assertThat(index.scan(new byte[] {(byte) 0xff}, 10)).hasSize(1);
    assertThat(index.scan(new byte[] {0x7f}, 1)).hasSize(1);
    assertThat(index.scan(new byte[] {0x7f}, 0)).isEmpty();
    assertThat(index.scan(new byte[] {0x01}, 10)).isEmpty();
  }

  @Test
  void refusesToBreakItself() {
    KeyIndex index = new KeyIndex();
    assertThatThrownBy(() -> index.remove(new byte[] {1}))
        .isInstanceOf(IllegalStateException.class);
    index.add(new byte[] {1}, 0);
    assertThatThrownBy(() -> index.add(new byte[] {1}, 0))
        .isInstanceOf(IllegalStateException.class);
    assertThatThrownBy(() -> index.remove(new byte[] {2}))
        .isInstanceOf(IllegalStateException.class);
  }

  private static Bytes key(Order order, int number, Random random) {
    int at =
        switch (order) {
          case RISING -> number;
          case FALLING -> KEYS - number;
          case RANDOM -> random.nextInt(KEYS);
        };
    return Bytes.utf8(String.format("%06d", at));
  }

  private static void compare(KeyIndex index, NavigableSet<Bytes> model, Random random) {
    assertThat(index.scan(new byte[0], Integer.MAX_VALUE)).containsExactlyElementsOf(model);
    for (int i = 0; i < 10; i++) {
      Bytes prefix = Bytes.utf8(String.format("%06d", random.nextInt(KEYS))).slice(0, 3 + i % 4);
      int limit = random.nextInt(200);
      assertThat(index.scan(prefix.toByteArray(), limit))
          .isEqualTo(
              model.tailSet(prefix).stream()
                  .filter(key -> key.startsWith(prefix))
                  .limit(limit)
                  .toList());
    }
  }

  private static List<Integer> walk(KeyIndex.Frozen frozen) {
    List<Integer> all = new ArrayList<>();
    KeyIndex.Cursor cursor = frozen.cursor();
    int[] some = new int[100];
    int count;
    do {
      count = cursor.next(some);
      for (int i = 0; i < count; i++) {
        all.add(some[i]);
      }
    } while (count == some.length);
    assertThat(cursor.next(some)).isZero();
    return all;
  }
}
