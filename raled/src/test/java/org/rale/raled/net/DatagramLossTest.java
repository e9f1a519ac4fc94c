package org.rale.raled.net;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

final class DatagramLossTest {
  private static final long BEGIN = 1L << 60;
  private final DatagramLoss losses = new DatagramLoss();

  private void arrive(long from, long to) {
    for (long i = from; i <= to; i++) {
      losses.arrived(BEGIN + i);
    }
  }

  @Test
  void ofAFewNothingIsSaid() {
    arrive(1, DatagramLoss.LEAST - 1);
    assertThat(losses.permille()).isEqualTo(PathQuality.UNKNOWN);
    arrive(DatagramLoss.LEAST, DatagramLoss.LEAST);
    assertThat(losses.permille()).isZero();
  }

  @Test
  void gapsCountAndLateOnesFillThem() {
    arrive(1, 30);
    arrive(41, 100);
    assertThat(losses.permille()).isEqualTo(100);
    arrive(31, 35);
    assertThat(losses.permille()).isEqualTo(50);
    arrive(31, 35);
    assertThat(losses.permille()).isEqualTo(50);
  }

  @Test
  void onlyTheLastOnesCount() {
    arrive(1, 20);
    arrive(101, 100 + DatagramLoss.WINDOW - 1);
    assertThat(losses.permille()).isEqualTo(Math.round(1000.0 / DatagramLoss.WINDOW));
    arrive(100 + DatagramLoss.WINDOW, 100 + DatagramLoss.WINDOW);
    assertThat(losses.permille()).isZero();
  }

  @Test
  void aWideGapLosesAllButTheNewest() {
    arrive(1, 1_000);
    arrive(1_000_000, 1_000_000);
    assertThat(losses.permille()).isEqualTo(Math.round(255 * 1000.0 / 256));
    losses.arrived(Long.MAX_VALUE);
    assertThat(losses.permille()).isEqualTo(Math.round(255 * 1000.0 / 256));
  }

  @Test
  void whatCameBeforeTheFirstOneCountsForNothing() {
    arrive(50, 100);
    arrive(1, 40);
    assertThat(losses.permille()).isZero();
    losses.forget();
    assertThat(losses.permille()).isEqualTo(PathQuality.UNKNOWN);
    arrive(1, 20);
    assertThat(losses.permille()).isZero();
  }

  @Test
  void itIsWhatASetOfNumbersSays() {
    Random random = new Random(5);
    TreeSet<Long> came = new TreeSet<>();
    long next = BEGIN;
    came.add(next);
    losses.arrived(next);
    for (int i = 0; i < 20_000; i++) {
      next += random.nextInt(100) == 0 ? random.nextInt(400) : 1;
      long arrives = Math.max(BEGIN, next - random.nextInt(4));
      if (random.nextInt(10) > 0) {
        came.add(arrives);
        losses.arrived(arrives);
      }
      long highest = came.last();
      long lowest = Math.max(BEGIN, highest - DatagramLoss.WINDOW + 1);
      long sent = highest - lowest + 1;
      if (sent >= DatagramLoss.LEAST) {
        long lost = sent - came.tailSet(lowest).size();
        assertThat(losses.permille()).isEqualTo((int) Math.round(lost * 1000.0 / sent));
      }
    }
  }
}
