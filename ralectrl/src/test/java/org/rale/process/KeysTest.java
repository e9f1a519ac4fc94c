package org.rale.process;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashMap;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** No key gets more than can be judged. */
class KeysTest {
  private final Keys keys = new Keys();
  private final Random random = new Random(1);

  @Test
  void aKeyIsLeftWhenItsHistoryIsLong() {
    Map<String, Integer> uses = new HashMap<>();
    for (int i = 0; i < 10_000; i++) {
      uses.merge(keys.toChange(random), 1, Integer::sum);
    }
    assertThat(uses.values()).allMatch(count -> count <= 150);
    assertThat(uses).hasSizeBetween(10_000 / 150, 10_000 / 150 + 6);
    assertThat(keys.all()).containsAll(uses.keySet());
  }

  @Test
  void aKeyIsLeftWhenTooMuchOfItIsUnknown() {
    String key = keys.toChange(random);
    for (int i = 0; i < 4; i++) {
      assertThat(keys.all()).hasSize(6);
      keys.leftOpen(key);
    }
    assertThat(keys.all()).hasSize(7).contains(key);
    for (int i = 0; i < 500; i++) {
      assertThat(keys.toChange(random)).isNotEqualTo(key);
    }
  }
}
