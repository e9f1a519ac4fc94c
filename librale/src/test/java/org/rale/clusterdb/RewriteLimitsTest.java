package org.rale.clusterdb;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

final class RewriteLimitsTest {
  private final RewriteLimits limits = new RewriteLimits(1_000, 50, 3_000);

  @Test
  @DisplayName("a log of a constant and a share of the live data, and no more than the bound")
  void log() {
    assertThat(limits.isReached(0, 0, 999)).isFalse();
    assertThat(limits.isReached(0, 0, 1_000)).isTrue();
    assertThat(limits.isReached(2_000, 0, 1_999)).isFalse();
    assertThat(limits.isReached(2_000, 0, 2_000)).isTrue();
    assertThat(limits.isReached(1L << 40, 1L << 40, 2_999)).isFalse();
    assertThat(limits.isReached(1L << 40, 1L << 40, 3_000)).isTrue();
  }

  @Test
  @DisplayName("a file of what went: half as much again of the share, and no more than the bound")
  void file() {
    assertThat(limits.isReached(0, 999, 0)).isFalse();
    assertThat(limits.isReached(0, 1_000, 0)).isTrue();
    assertThat(limits.isReached(2_000, 4_499, 0)).isFalse();
    assertThat(limits.isReached(2_000, 4_500, 0)).isTrue();
    assertThat(limits.isReached(10_000, 12_999, 0)).isFalse();
    assertThat(limits.isReached(10_000, 12_000, 1_000)).isTrue();
  }

  @Test
  void withoutAShareItIsTheConstant() {
    assertThat(new RewriteLimits(7, 0, 7).isReached(1L << 40, 1L << 40, 7)).isTrue();
    assertThat(new RewriteLimits(7, 0, 7).isReached(1L << 40, 1L << 40, 6)).isFalse();
  }

  @Test
  void whatMakesNoSenseIsRefused() {
    assertThatIllegalArgumentException().isThrownBy(() -> new RewriteLimits(0, 50, 10));
    assertThatIllegalArgumentException().isThrownBy(() -> new RewriteLimits(10, 50, 9));
    assertThatIllegalArgumentException().isThrownBy(() -> new RewriteLimits(10, 101, 10));
  }
}
