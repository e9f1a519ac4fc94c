package org.rale.clusterdb;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class CompactionPaceTest {
  private static final long MB = 1 << 20;

  @Test
  void withoutWritersStepsAreShort() {
    CompactionPace pace = new CompactionPace(1_000 * MB);
    assertThat(pace.snapshotStep(0)).isEqualTo(MB);
    pace.batchWritten(100_000);
    assertThat(pace.snapshotStep(MB)).isBetween(2 * MB, 3 * MB);
    assertThat(pace.snapshotStep(3 * MB)).as("what came counts once").isEqualTo(MB);
  }

  @ParameterizedTest(name = "a snapshot of {0} MB beside batches of {1} kB")
  @DisplayName("what is written during a rewrite stays within its bound, and no step is a long one")
  @CsvSource({"20, 4000", "350, 60", "350, 400", "1700, 200", "1900, 512", "10000, 40"})
  void theTailIsBounded(long snapshotMb, long batchKb) {
    CompactionPace pace = new CompactionPace(snapshotMb * MB);
    long tail = 0;
    long written = 0;
    long longest = 0;
    while (written < snapshotMb * MB + tail) {
      pace.batchWritten(batchKb << 10);
      tail += batchKb << 10;
      long step = written < snapshotMb * MB ? pace.snapshotStep(written) : pace.tailStep(written);
      written += step;
      longest = Math.max(longest, step);
    }
    assertThat(longest).isLessThan(17 * MB);
    assertThat(tail).isLessThanOrEqualTo(CompactionPace.TAIL_BYTES + MB + (batchKb << 10));
  }

  @Test
  @DisplayName("beyond 2 GiB a writer that never rests gets a 32nd of the live data")
  void theTailOfALargeTable() {
    long live = 20_000 * MB;
    CompactionPace pace = new CompactionPace(live);
    long tail = 0;
    for (long written = 0; written < live; ) {
      pace.batchWritten(512 << 10);
      tail += 512 << 10;
      written += pace.snapshotStep(written);
    }
    assertThat(tail).isBetween(CompactionPace.TAIL_BYTES, live / 32 + MB);
  }

  @Test
  @DisplayName("a writer that no step of the longest keeps up with is slowed down, not stopped")
  void noStepOfTheSnapshotIsLongerThanTheLongest() {
    CompactionPace pace = new CompactionPace(1L << 40);
    for (int i = 0; i < 1_000; i++) {
      pace.batchWritten(8 * MB);
      assertThat(pace.snapshotStep(i * CompactionPace.LONGEST_STEP_BYTES))
          .isEqualTo(CompactionPace.LONGEST_STEP_BYTES);
    }
  }

  @Test
  @DisplayName("a copy of the tail catches up with any writer")
  void theTailGetsAheadOfItsWriter() {
    CompactionPace pace = new CompactionPace(0);
    pace.batchWritten(30 * MB);
    assertThat(pace.tailStep(0)).isEqualTo(61 * MB);
  }
}
