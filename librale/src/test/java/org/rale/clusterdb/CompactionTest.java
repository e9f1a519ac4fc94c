package org.rale.clusterdb;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.rale.clusterdb.Samples.NODE;

import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.rale.clusterdb.VirtualStorage.Kind;
import org.rale.clusterdb.VirtualStorage.Operation;
import org.rale.clusterdb.VirtualStorage.Survival;

/** A rewrite in steps, with batches in between. */
final class CompactionTest {
  private final VirtualStorage storage = new VirtualStorage(new Random(1));
  private ClusterDb db;
  private Contents expected;

  @BeforeEach
  void create() throws Exception {
    ClusterDb.Opened opened = ClusterDb.open(storage, NODE, new Random(2));
    db = opened.db();
    expected = Contents.of(opened.recovered());
    perform(Samples.join(), Samples.write(2, 20, 1));
  }

  private void perform(DiskTask... tasks) throws Exception {
    for (DiskTask task : tasks) {
      db.perform(task);
      expected = expected.after(task);
    }
  }

  /** Steps until this many bytes of the new file are written, or it stands. */
  private boolean stepWhileNewFileIsBelow(long bytes) throws Exception {
    while (storage.bytes(Layout.NEW_FILE).length < bytes) {
      if (db.step()) {
        return true;
      }
    }
    return false;
  }

  private void assertReopens() throws Exception {
    storage.powerLoss(Survival.NOTHING);
    ClusterDb.Opened opened = ClusterDb.open(storage, NODE, new Random(3));
    assertThat(Contents.of(opened.recovered())).isEqualTo(expected);
    assertThat(opened.recovered().cutBytes()).isZero();
    assertThat(storage.names()).containsExactly(Layout.FILE);
    db = opened.db();
  }

  @Test
  void eachStepIsBounded() throws Exception {
    perform(Samples.large(21, 40, 1, 300_000), Samples.compact(25, 1, 24, 250_000));
    int steps = 0;
    boolean done = false;
    while (!done) {
      storage.record();
      done = db.step();
      long written = storage.operations().stream().mapToLong(Operation::length).sum();
      assertThat(written).isLessThan(2 << 20);
      steps++;
    }
    assertThat(steps).isGreaterThan(12);
    assertThat(db.compacting()).isFalse();
    assertReopens();
  }

  @Test
  @DisplayName("the new file is synced every few megabytes, so that the last sync has little to do")
  void syncsAsItGoes() throws Exception {
    storage.record();
    perform(Samples.compact(20, 1, 19, 1_000_000));
    while (!db.step()) {
      assertThat(db.compacting()).isTrue();
    }
    long unsynced = 0;
    for (Operation operation : storage.operations()) {
      unsynced = operation.kind() == Kind.SYNC ? 0 : unsynced + operation.length();
      assertThat(unsynced).isLessThan(7 << 20);
    }
  }

  @Test
  void batchesBetweenTheStepsAreInTheNewFile() throws Exception {
    perform(Samples.compact(20, 1, 19, 200_000));
    long next = 21;
    while (!db.step()) {
      perform(Samples.large(next, 3, 2, 100_000), Samples.vote(next, 1));
      next += 3;
    }
    assertThat(next).isGreaterThan(27);
    assertReopens();
  }

  @Test
  @DisplayName("a writer that adds more than a step copies is caught up with")
  void catchesUpWithAFastWriter() throws Exception {
    perform(Samples.large(21, 5, 1, 1 << 20), Samples.compact(20, 1, 19, 10));
    int steps = 0;
    for (long next = 26; !db.step(); next += 4) {
      perform(Samples.large(next, 4, 1, 1 << 20));
      assertThat(++steps).isLessThan(10);
    }
    assertReopens();
  }

  @Test
  @DisplayName("S-07 entries that were copied already are replaced in the new file, too")
  void S_07_conflictingEntriesWhileTheTailIsCopied() throws Exception {
    perform(Samples.large(21, 40, 1, 100_000), Samples.compact(20, 1, 5, 10));
    assertThat(stepWhileNewFileIsBelow(2_500_000)).isFalse();
    perform(Samples.write(23, 24, 2));
    assertThat(expected.last()).isEqualTo(24);
    assertThat(db.step()).isTrue();
    assertReopens();
  }

  @Test
  void conflictingEntriesBehindWhatWasCopied() throws Exception {
    perform(Samples.large(21, 40, 1, 100_000), Samples.compact(20, 1, 5, 10));
    assertThat(stepWhileNewFileIsBelow(2_500_000)).isFalse();
    perform(Samples.write(58, 70, 2), Samples.vote(3, 1));
    while (!db.step()) {
      assertThat(db.compacting()).isTrue();
    }
    assertReopens();
  }

  @Test
  @DisplayName("an old conflict that reaches over the snapshot's index does not come back")
  void oldConflictsBelowTheSnapshotStayResolved() throws Exception {
    perform(Samples.write(15, 16, 2), Samples.compact(16, 2, 5, 10));
    while (!db.step()) {
      assertThat(db.compacting()).isTrue();
    }
    assertThat(expected.entries()).isEmpty();
    assertReopens();
  }

  @Test
  void aVoteDuringTheLastStepsIsCarried() throws Exception {
    perform(Samples.compact(20, 1, 5, 10));
    assertThat(db.step()).isFalse();
    perform(Samples.vote(7, 3));
    assertThat(db.step()).isTrue();
    assertReopens();
  }

  @Test
  void anInstallDropsTheCompaction() throws Exception {
    perform(Samples.compact(10, 1, 5, 10));
    assertThat(db.step()).isFalse();
    perform(Samples.install(100, 2, 9, 9));
    assertThat(db.compacting()).isFalse();
    perform(Samples.write(101, 103, 2));
    assertReopens();
    perform(Samples.compact(102, 2, 5, 5));
    while (!db.step()) {
      assertThat(db.compacting()).isTrue();
    }
    assertReopens();
  }

  @Test
  void closingDuringACompactionLosesNothing() throws Exception {
    Contents before = expected;
    db.perform(Samples.compact(10, 1, 5, 10));
    db.step();
    db.perform(Samples.write(21, 22, 1));
    expected = before.after(Samples.write(21, 22, 1));
    db.close();
    assertReopens();
  }

  @Test
  void anEntryThatRottedMeanwhileIsNotCarried() throws Exception {
    long start = db.bytes();
    perform(Samples.write(21, 21, 1), Samples.compact(5, 1, 5, 10));
    storage.flip(Layout.FILE, (int) start + 30, 1);
    assertThat(db.step()).isFalse();
    assertThatThrownBy(() -> db.step())
        .isInstanceOfSatisfying(
            ClusterDbException.class, e -> assertThat(e.offset()).isEqualTo(start))
        .hasMessage("file \"virtual/cluster.db\" is damaged at byte " + start);
    assertThatThrownBy(() -> db.step()).isInstanceOf(IllegalStateException.class);
  }

  @Test
  void onlyOneCompactionAtATime() throws Exception {
    perform(Samples.compact(10, 1, 5, 10));
    assertThatThrownBy(() -> db.perform(Samples.compact(11, 1, 5, 10)))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("while another is under way");
  }

  @Test
  void S_06_theFileStaysTheNodesThroughEveryRewrite() throws Exception {
    byte[] before = storage.bytes(Layout.FILE);
    perform(Samples.compact(10, 1, 5, 10));
    while (!db.step()) {
      assertThat(db.compacting()).isTrue();
    }
    byte[] after = storage.bytes(Layout.FILE);
    assertThat(List.of(db.identity())).containsExactly(expected.identity());
    assertThat(java.util.Arrays.copyOf(after, 32))
        .as("magic, version, ids")
        .isEqualTo(java.util.Arrays.copyOf(before, 32));
    assertThat(java.util.Arrays.copyOfRange(after, 32, 40))
        .as("salt")
        .isNotEqualTo(java.util.Arrays.copyOfRange(before, 32, 40));
    assertReopens();
  }
}
