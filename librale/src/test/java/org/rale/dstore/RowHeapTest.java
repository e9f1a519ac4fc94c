package org.rale.dstore;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

final class RowHeapTest {
  private static final int ROWS = 3 * RowHeap.PAGE_ROWS;

  private static Row row(int revision) {
    return new Row(new byte[] {1}, 0, new byte[0], revision, revision, 1);
  }

  @Test
  void numbersTheRowsOfANewHeapInTheirOrder() {
    RowHeap heap = new RowHeap();
    for (int i = 0; i < 20 * RowHeap.PAGE_ROWS; i++) {
      assertThat(heap.add(row(i + 1))).isEqualTo(i);
    }
    assertThat(heap.size()).isEqualTo(20 * RowHeap.PAGE_ROWS);
  }

  /** Grows and shrinks again and again; what was frozen on the way stays as it was. */
  @Test
  void followsTheModelAndKeepsWhatWasFrozen() {
    for (int seed = 0; seed < 10; seed++) {
      Random random = new Random(seed);
      RowHeap heap = new RowHeap();
      Map<Integer, Row> model = new HashMap<>();
      List<Integer> numbers = new ArrayList<>();
      List<RowHeap.Frozen> frozen = new ArrayList<>();
      List<Map<Integer, Row>> frozenModels = new ArrayList<>();
      for (int step = 1; step < 8 * ROWS; step++) {
        boolean growing = step / (2 * ROWS) % 2 == 0;
        int kind = random.nextInt(10);
        if (numbers.isEmpty() || kind < (growing ? 6 : 1)) {
          Row row = row(step);
          int number = heap.add(row);
          assertThat(model.put(number, row)).isNull();
          numbers.add(number);
        } else if (kind < (growing ? 8 : 3)) {
          Row row = row(step);
          int number = numbers.get(random.nextInt(numbers.size()));
          heap.set(number, row);
          model.put(number, row);
        } else {
          int number = numbers.remove(random.nextInt(numbers.size()));
          heap.remove(number);
          model.remove(number);
          assertThatThrownBy(() -> heap.get(number)).isInstanceOf(IllegalStateException.class);
        }
        if (random.nextInt(ROWS / 2) == 0) {
          frozen.add(heap.freeze());
          frozenModels.add(new HashMap<>(model));
        }
      }
      assertThat(heap.size()).isEqualTo(model.size());
      model.forEach((number, row) -> assertThat(heap.get(number)).isSameAs(row));
      assertThat(frozen).hasSizeGreaterThan(3);
      for (int i = 0; i < frozen.size(); i++) {
        RowHeap.Frozen then = frozen.get(i);
        Map<Integer, Row> expected = frozenModels.get(i);
        for (int number = 0; number < pages(expected) * RowHeap.PAGE_ROWS; number++) {
          int each = number;
          Row row = expected.get(number);
          if (row != null) {
            assertThat(then.get(number)).isSameAs(row);
          } else {
            assertThatThrownBy(() -> then.get(each)).isInstanceOf(IllegalStateException.class);
          }
        }
      }
    }
  }

  /** Up to the page of the highest number. */
  private static int pages(Map<Integer, Row> model) {
    return model.keySet().stream()
        .mapToInt(number -> number / RowHeap.PAGE_ROWS + 1)
        .max()
        .orElse(0);
  }

  @Test
  void aPageWithoutRowsTakesNoMemory() {
    RowHeap heap = new RowHeap();
    for (int i = 0; i < ROWS; i++) {
      heap.add(row(1));
    }
    assertThat(heap.capacity()).isEqualTo(ROWS);
    RowHeap.Frozen frozen = heap.freeze();
    for (int i = 0; i < ROWS; i++) {
      heap.remove(i);
      assertThat(heap.capacity()).isEqualTo(ROWS - (i + 1) / RowHeap.PAGE_ROWS * RowHeap.PAGE_ROWS);
    }
    for (int i = 0; i < ROWS; i++) {
      assertThat(heap.add(row(2))).isBetween(0, ROWS - 1);
    }
    assertThat(heap.capacity()).isEqualTo(ROWS);
    for (int i = 0; i < ROWS; i++) {
      assertThat(heap.get(i).revision()).isEqualTo(2);
      assertThat(frozen.get(i).revision()).isEqualTo(1);
    }
  }

  /** Else the heap would grow for as long as keys come and go. */
  @Test
  void givesTheNumbersOfRowsThatWentToNewOnes() {
    RowHeap heap = new RowHeap();
    for (int i = 0; i < ROWS; i++) {
      heap.add(row(1));
    }
    for (int round = 0; round < 5; round++) {
      for (int i = 0; i < ROWS; i += 3) {
        heap.remove(i);
      }
      for (int i = 0; i < ROWS; i += 3) {
        assertThat(heap.add(row(2))).isLessThan(ROWS);
      }
    }
    assertThat(heap.size()).isEqualTo(ROWS);
  }

  @Test
  void refusesToBreakItself() {
    RowHeap heap = new RowHeap();
    int number = heap.add(row(1));
    heap.remove(number);
    assertThatThrownBy(() -> heap.remove(number)).isInstanceOf(IllegalStateException.class);
    assertThatThrownBy(() -> heap.set(number, row(2))).isInstanceOf(IllegalStateException.class);
    assertThat(heap.size()).isZero();
  }
}
