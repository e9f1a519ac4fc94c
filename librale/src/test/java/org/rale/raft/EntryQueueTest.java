package org.rale.raft;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

class EntryQueueTest {

  @Test
  @DisplayName("it does what a list does, through many turns of its ring")
  void asAList() {
    Random random = new Random(1);
    EntryQueue queue = new EntryQueue();
    List<Entry> model = new ArrayList<>();
    for (int i = 1; i <= 20_000; i++) {
      Entry entry = Node.entry(i, 1);
      switch (random.nextInt(model.size() < 100 ? 3 : 5)) {
        case 0, 1 -> {
          queue.add(entry);
          model.add(entry);
        }
        case 2, 3 -> {
          if (!model.isEmpty()) {
            assertThat(queue.removeFirst()).isSameAs(model.remove(0));
          }
        }
        default -> assertThat(queue.removeLast()).isSameAs(model.remove(model.size() - 1));
      }
      assertThat(queue.size()).isEqualTo(model.size());
      if (!model.isEmpty()) {
        int place = random.nextInt(model.size());
        assertThat(queue.get(place)).isSameAs(model.get(place));
      }
      if (i % 5_000 == 0) {
        queue.clear();
        model.clear();
      }
    }
  }

  @Test
  void whatIsNotThereIsRefused() {
    EntryQueue queue = new EntryQueue();
    assertThatThrownBy(() -> queue.get(0)).isInstanceOf(IndexOutOfBoundsException.class);
    assertThatThrownBy(queue::removeFirst).isInstanceOf(IndexOutOfBoundsException.class);
    assertThatThrownBy(queue::removeLast).isInstanceOf(IndexOutOfBoundsException.class);
  }
}
