package org.rale.clusterdb;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.rale.clusterdb.Samples.NODE;

import java.io.IOException;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.rale.clusterdb.VirtualStorage.Kind;
import org.rale.clusterdb.VirtualStorage.Operation;
import org.rale.clusterdb.VirtualStorage.Survival;
import org.rale.raft.HardState;
import org.rale.raft.SnapshotMeta;
import org.rale.wire.Identity;

/** What each task makes durable, and in which order of operations. */
final class ClusterDbTest {
  private final VirtualStorage storage = new VirtualStorage(new Random(1));
  private ClusterDb db;
  private Contents expected;

  @BeforeEach
  void create() throws Exception {
    ClusterDb.Opened opened = ClusterDb.open(storage, NODE, new Random(2));
    db = opened.db();
    expected = Contents.of(opened.recovered());
    assertThat(opened.recovered().created()).isTrue();
  }

  private void perform(DiskTask... tasks) throws Exception {
    for (DiskTask task : tasks) {
      db.perform(task);
      expected = expected.after(task);
      while (db.compacting()) {
        db.step();
      }
    }
  }

  private Recovered reopen() throws Exception {
    storage.powerLoss(Survival.NOTHING);
    ClusterDb.Opened opened = ClusterDb.open(storage, NODE, new Random(3));
    db = opened.db();
    assertThat(opened.recovered().created()).isFalse();
    return opened.recovered();
  }

  private void assertReopens() throws Exception {
    assertThat(Contents.of(reopen())).isEqualTo(expected);
  }

  @Test
  void aNewNodeKnowsNothingAndIsInNoCluster() throws Exception {
    assertThat(expected.hardState()).isEqualTo(HardState.INITIAL);
    assertThat(expected.snapshot()).isEqualTo(SnapshotMeta.NONE);
    assertThat(expected.entries()).isEmpty();
    Identity identity = db.identity();
    assertThat(identity.inCluster()).isFalse();
    assertThat(identity.nodeId()).isEqualTo(NODE);
    assertThat(identity.incarnation()).isNotZero();
    assertReopens();
    assertThat(db.identity()).isEqualTo(identity);
  }

  @Test
  void S_06_anIncarnationIsNeverZero() throws Exception {
    int[] draws = {0};
    ClusterDb.Opened opened =
        ClusterDb.open(
            new VirtualStorage(new Random(1)), NODE, () -> draws[0]++ < 2 ? 0 : draws[0]);
    assertThat(opened.recovered().identity().incarnation()).isEqualTo(3);
  }

  @Test
  void anIdleNodeIsSmall() {
    assertThat(storage.bytes(Layout.FILE)).hasSizeLessThan(5_000);
  }

  @Test
  void termVoteAndEntriesComeBack() throws Exception {
    perform(
        new DiskTask.Write(1, new Batch(new HardState(3, 5), Samples.entries(1, 4, 3), 0)),
        Samples.write(5, 5, 3),
        Samples.vote(4, 0),
        Samples.vote(4, 2));
    assertReopens();
    perform(Samples.write(6, 30, 4));
    assertReopens();
  }

  @Test
  void entriesThatConflictReplaceWhatFollowsThem() throws Exception {
    perform(Samples.write(1, 9, 1), Samples.write(4, 5, 2), Samples.write(6, 6, 2));
    assertThat(expected.last()).isEqualTo(6);
    assertReopens();
    perform(Samples.write(1, 1, 3));
    assertReopens();
  }

  @Test
  void aBatchLargerThanEveryBufferComesBack() throws Exception {
    perform(Samples.large(1, 5, 1, 1 << 20), Samples.large(6, 3000, 1, 700));
    assertReopens();
  }

  @Test
  void anEmptyBatchWritesNothing() throws Exception {
    storage.record();
    db.perform(new DiskTask.Write(1, new Batch(null, List.of(), 0)));
    assertThat(storage.operations()).isEmpty();
  }

  @Test
  @DisplayName("S-02 a batch is one write and one sync, and most syncs change no size")
  void aBatchIsOneWriteAndOneSync() throws Exception {
    perform(Samples.write(1, 1, 1));
    int size = storage.bytes(Layout.FILE).length;
    long start = db.bytes();
    storage.record();
    perform(Samples.write(2, 9, 1));
    assertThat(storage.operations())
        .containsExactly(
            new Operation(Kind.WRITE, Layout.FILE, start, db.bytes() - start),
            new Operation(Kind.SYNC, Layout.FILE, 0, 0));
    assertThat(storage.bytes(Layout.FILE)).hasSize(size);
    assertThat((long) size).isBetween(Layout.grownSize(start), Layout.grownSize(start) + 4096);
    assertThat(size).isGreaterThan(64 << 10);
  }

  @Test
  void theFileGrowsInStepsThatAreZerosBeforeTheBatch() throws Exception {
    storage.record();
    perform(Samples.write(1, 1, 1));
    assertThat(storage.operations())
        .extracting(Operation::kind)
        .containsExactly(Kind.WRITE, Kind.WRITE, Kind.SYNC);
    byte[] bytes = storage.bytes(Layout.FILE);
    assertThat(bytes.length % 4096).isZero();
    for (int i = (int) db.bytes(); i < bytes.length; i++) {
      assertThat(bytes[i]).isZero();
    }
    assertThat(Layout.grownSize(100L << 20) - (100L << 20)).isEqualTo(Layout.MAX_GROWTH_BYTES);
  }

  @Test
  @DisplayName("S-04 a new file: write, sync, rename, sync the directory")
  void S_04_orderOfCreation() throws Exception {
    VirtualStorage fresh = new VirtualStorage(new Random(1));
    fresh.record();
    ClusterDb.open(fresh, NODE, new Random(2));
    assertThat(fresh.operations())
        .extracting(Operation::kind)
        .containsExactly(
            Kind.OPEN,
            Kind.WRITE,
            Kind.WRITE,
            Kind.SYNC,
            Kind.RENAME,
            Kind.SYNC_DIRECTORY,
            Kind.CLOSE,
            Kind.OPEN,
            Kind.SYNC,
            Kind.SYNC_DIRECTORY);
  }

  @Test
  @DisplayName("S-04 the old file is closed only when the new one's name is durable")
  void S_04_orderOfRewrites() throws Exception {
    perform(Samples.join());
    for (DiskTask task : List.of(Samples.compact(1, 1, 0, 0), Samples.install(90, 2, 9, 9))) {
      storage.record();
      perform(task);
      assertThat(storage.operations().stream().map(Operation::kind).distinct())
          .containsExactly(
              Kind.OPEN, Kind.WRITE, Kind.SYNC, Kind.RENAME, Kind.SYNC_DIRECTORY, Kind.CLOSE);
      assertThat(storage.names()).containsExactly(Layout.FILE);
    }
  }

  @Test
  void joiningIsOneStep() throws Exception {
    Identity before = db.identity();
    perform(Samples.vote(1, 0), Samples.join());
    assertThat(db.identity()).isEqualTo(before.inCluster(Samples.CLUSTER));
    assertReopens();
    perform(Samples.write(2, 5, 1));
    assertReopens();
  }

  @Test
  void joiningAsALearnerTakesAnEmptyLog() throws Exception {
    perform(new DiskTask.Join(1, Samples.CLUSTER, new Batch(null, List.of(), 0)));
    assertReopens();
  }

  @Test
  void aSnapshotTakesThePlaceOfTheLogBeforeIt() throws Exception {
    perform(Samples.join(), Samples.write(2, 50, 1), Samples.vote(2, 3));
    long before = db.bytes();
    perform(Samples.compact(40, 1, 20, 10));
    assertThat(db.bytes()).isLessThan(before);
    assertReopens();
    perform(Samples.write(45, 60, 2), Samples.compact(60, 2, 30, 10));
    assertReopens();
    assertThat(expected.entries()).isEmpty();
    perform(Samples.write(61, 62, 2));
    assertReopens();
  }

  @Test
  void anInstalledSnapshotTakesThePlaceOfEverything() throws Exception {
    perform(Samples.join(), Samples.write(2, 50, 1), Samples.install(1000, 4, 500, 3000));
    assertThat(expected.hardState()).isEqualTo(new HardState(4, 0));
    assertReopens();
    perform(Samples.write(1001, 1010, 4));
    assertReopens();
  }

  @Test
  @DisplayName("S-01 a term never falls, and a vote is never changed")
  void S_01_votesAreKept() throws Exception {
    perform(Samples.vote(5, 2), Samples.vote(5, 2));
    assertThatThrownBy(() -> db.perform(Samples.vote(5, 3)))
        .isInstanceOf(IllegalStateException.class);
    assertReopens();
    assertThatThrownBy(() -> db.perform(Samples.vote(5, 0)))
        .isInstanceOf(IllegalStateException.class);
    assertReopens();
    assertThatThrownBy(() -> db.perform(Samples.vote(4, 0)))
        .isInstanceOf(IllegalStateException.class);
    assertReopens();
    assertThatThrownBy(() -> db.perform(Samples.install(10, 4, 0, 0)))
        .isInstanceOf(IllegalStateException.class);
    assertReopens();
  }

  @Test
  void refusesTasksThatBreakTheLog() throws Exception {
    perform(Samples.join(), Samples.write(2, 10, 1), Samples.compact(5, 1, 2, 2));
    Batch gapInside = new Batch(null, List.of(Samples.entry(11, 1), Samples.entry(13, 1)), 0);
    for (DiskTask task :
        List.of(
            Samples.write(12, 12, 1),
            Samples.write(5, 11, 1),
            new DiskTask.Write(0, gapInside),
            Samples.compact(4, 1, 0, 0),
            Samples.compact(11, 1, 0, 0),
            new DiskTask.Compact(
                0, new SnapshotMeta(6, 1, Samples.MEMBERS), Samples.store(7, 0, 0).freeze()),
            Samples.join())) {
      assertThatThrownBy(() -> db.perform(task))
          .as("%s", task)
          .isInstanceOf(IllegalStateException.class);
      assertThatThrownBy(() -> db.perform(Samples.vote(9, 9)))
          .hasMessageContaining("failed before");
      assertReopens();
    }
  }

  @Test
  @DisplayName("S-03 after a failed write or sync nothing is tried again")
  void S_03_aFailureIsTheEnd() throws Exception {
    perform(Samples.write(1, 3, 1));
    for (int n = 1; n <= 2; n++) {
      storage.failAt(n);
      assertThatThrownBy(() -> db.perform(Samples.write(4, 4, 1)))
          .isInstanceOf(IOException.class)
          .hasMessageContaining("Input/output error");
      storage.record();
      assertThatThrownBy(() -> db.perform(Samples.vote(2, 1)))
          .isInstanceOf(IllegalStateException.class)
          .hasMessage("file \"virtual/cluster.db\" failed before, and is not used again")
          .hasCauseInstanceOf(IOException.class);
      assertThat(storage.operations()).isEmpty();
      assertReopens();
    }
  }

  @Test
  void aBatchForWhichTheDiskHasNoRoomHasNotHappenedAndMayBeTriedAgain() throws Exception {
    perform(Samples.write(1, 3, 1));
    long used = storage.usedBytes();
    for (int capacity = 0; capacity < 500_000; capacity += 90_000) {
      storage.limitTo(used + capacity);
      assertThatThrownBy(() -> db.perform(Samples.large(4, 10, 1, 60_000)))
          .isInstanceOf(NoRoomException.class)
          .hasMessageContaining("No space left on device");
    }
    storage.limitTo(Long.MAX_VALUE);
    perform(Samples.large(4, 10, 1, 60_000));
    assertReopens();
  }

  @Test
  void anInstallForWhichTheDiskHasNoRoomHasNotHappenedAndMayBeTriedAgain() throws Exception {
    perform(Samples.write(1, 3, 1));
    long used = storage.usedBytes();
    for (int capacity = 0; capacity < 500_000; capacity += 90_000) {
      storage.limitTo(used + capacity);
      assertThatThrownBy(() -> db.perform(Samples.install(40, 1, 10, 60_000)))
          .isInstanceOf(NoRoomException.class)
          .hasMessageContaining("No space left on device");
      assertThat(storage.names()).containsExactly(Layout.FILE);
      assertThat(storage.usedBytes()).isEqualTo(used);
    }
    storage.limitTo(Long.MAX_VALUE);
    perform(Samples.install(40, 1, 10, 60_000));
    assertReopens();
  }

  @Test
  void anInstallForWhichThereIsNoRoomLeavesNothingBehind() throws Exception {
    perform(Samples.write(1, 3, 1));
    storage.limitTo(storage.usedBytes());
    assertThatThrownBy(() -> db.perform(Samples.install(40, 1, 10, 60_000)))
        .isInstanceOf(NoRoomException.class);
    storage.limitTo(Long.MAX_VALUE);
    perform(Samples.write(4, 4, 1));
    assertReopens();
  }

  @Test
  void theLastBytesOfTheDiskAreUsed() throws Exception {
    perform(Samples.write(1, 3, 1));
    storage.limitTo(storage.usedBytes() + 60_200);
    perform(Samples.large(4, 2, 1, 60_000));
    assertReopens();
  }

  @Test
  void aRewriteThatFindsTheDiskFullIsGivenUpAndTheFileIsUsedOn() throws Exception {
    perform(Samples.large(1, 30, 1, 60_000));
    long used = storage.usedBytes();
    int givenUp = 0;
    // From no room for the first byte on.
    while (!rewrittenWithin(used + givenUp * 100_000L)) {
      givenUp++;
      assertThat(db.compacting()).isFalse();
      assertThat(storage.names()).containsExactly(Layout.FILE);
      assertThat(storage.usedBytes()).isEqualTo(used);
      long next = 30L + givenUp;
      storage.limitTo(Long.MAX_VALUE);
      perform(Samples.write(next, next, 1));
      assertReopens();
      used = storage.usedBytes();
    }
    assertThat(givenUp).isGreaterThan(15);
  }

  @Test
  void aBatchFindsTheRoomThatARewriteUnderWayTookFromIt() throws Exception {
    perform(Samples.large(1, 30, 1, 60_000));
    // Room for the batch, but not for both.
    storage.limitTo(storage.usedBytes() + 1_200_000);
    db.perform(Samples.compact(30, 1, 29, 60_000));
    db.step();
    db.perform(Samples.large(31, 10, 1, 60_000));
    expected = expected.after(Samples.large(31, 10, 1, 60_000));
    assertThat(db.compacting()).isFalse();
    assertThat(storage.names()).containsExactly(Layout.FILE);
    assertReopens();
  }

  private boolean rewrittenWithin(long capacity) throws Exception {
    storage.limitTo(capacity);
    try {
      db.perform(Samples.compact(3, 1, 10, 60_000));
      boolean done = false;
      while (!done) {
        done = db.step();
      }
      return true;
    } catch (NoRoomException e) {
      assertThat(e).hasMessageContaining("No space left on device");
      return false;
    }
  }

  @Test
  void S_06_fileOfAnotherNodeIsRefused() {
    storage.powerLoss(Survival.NOTHING);
    assertThatThrownBy(() -> ClusterDb.open(storage, 8, new Random(1)))
        .isInstanceOfSatisfying(
            ClusterDbException.class,
            e -> assertThat(e.kind()).isEqualTo(ClusterDbException.Kind.FOREIGN))
        .hasMessage("file \"virtual/cluster.db\" belongs to node 7, not to node 8");
  }

  @Test
  void aLeftOverOfARewriteIsDeleted() throws Exception {
    storage.powerLoss(Survival.NOTHING);
    storage.put(Layout.NEW_FILE, new byte[100]);
    assertReopens();
    assertThat(storage.names()).containsExactly(Layout.FILE);
  }
}
