package org.rale.raled.net;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashSet;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;

final class ReplayWindowTest {
  private final ReplayWindow window = new ReplayWindow();

  @Test
  void eachNumberIsNewOnce() {
    assertThat(window.accept(5)).isTrue();
    assertThat(window.accept(5)).isFalse();
    assertThat(window.accept(6)).isTrue();
    assertThat(window.accept(5)).isFalse();
  }

  @Test
  void numbersMayOvertakeEachOtherWithinTheWindow() {
    window.accept(1_000);
    assertThat(window.accept(1_000 - ReplayWindow.SIZE + 1)).isTrue();
    assertThat(window.accept(1_000 - ReplayWindow.SIZE + 1)).isFalse();
    assertThat(window.accept(1_000 - ReplayWindow.SIZE)).isFalse();
  }

  @Test
  void aJumpForgetsWhatFellOutOfTheWindowAndNothingElse() {
    window.accept(10);
    window.accept(10 + ReplayWindow.SIZE - 1);
    assertThat(window.accept(10)).isFalse();
    assertThat(window.accept(11)).isTrue();
    window.accept(Long.MAX_VALUE);
    assertThat(window.accept(Long.MAX_VALUE - 1)).isTrue();
    assertThat(window.accept(Long.MAX_VALUE)).isFalse();
  }

  @Test
  void numbersBelowOneAreNone() {
    assertThat(window.accept(0)).isFalse();
    assertThat(window.accept(-1)).isFalse();
    assertThat(window.accept(Long.MIN_VALUE)).isFalse();
  }

  @Test
  void anotherProcessStartsAnew() {
    window.accept(1_000);
    window.reset();
    assertThat(window.accept(3)).isTrue();
  }

  @Test
  void noNumberIsEverTakenTwice() {
    Random random = new Random(3);
    Set<Long> taken = new HashSet<>();
    long top = 1;
    for (int i = 0; i < 100_000; i++) {
      top += random.nextInt(10) == 0 ? random.nextInt(100) : 1;
      long number = Math.max(1, top - random.nextInt(200));
      if (window.accept(number)) {
        assertThat(taken.add(number)).isTrue();
      }
    }
    assertThat(taken).hasSizeGreaterThan(10_000);
  }
}
