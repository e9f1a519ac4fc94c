package org.rale.clusterdb;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.rale.clusterdb.Samples.CLUSTER;
import static org.rale.clusterdb.Samples.NODE;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import java.util.stream.LongStream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.rale.bytes.Bytes;
import org.rale.clusterdb.ClusterDbException.Kind;
import org.rale.clusterdb.VirtualStorage.PowerLoss;
import org.rale.clusterdb.VirtualStorage.Survival;
import org.rale.dstore.DStore;
import org.rale.dstore.Origin;
import org.rale.dstore.StoreCodec;
import org.rale.dstore.StoreCommand;
import org.rale.raft.Entry;
import org.rale.raft.HardState;
import org.rale.raft.Member;
import org.rale.raft.Membership;
import org.rale.raft.Payload;
import org.rale.raft.SnapshotMeta;

final class NewClusterTest {
  private static final Member SELF = new Member(NODE, "node7", "10.0.0.7", 7400, 7401, 0, false);
  private static final Membership THREE =
      new Membership(List.of(member(NODE), member(8), member(9)));
  private static final int LAST = 40;

  @TempDir Path temp;
  private final VirtualStorage storage = new VirtualStorage(new Random(1));

  private static Member member(int id) {
    return new Member(id, "node" + id, "10.0.0." + id, 7400, 7401, 99 + id, true);
  }

  @BeforeEach
  void aNodeOfThree() throws Exception {
    fill(storage, THREE, LAST);
  }

  private static void fill(VirtualStorage target, Membership members, int last) throws Exception {
    ClusterDb db = ClusterDb.open(target, NODE, new Random(2)).db();
    Entry first = new Entry(1, 1, new Payload.Members(members));
    db.perform(new DiskTask.Join(0, CLUSTER, new Batch(new HardState(1, NODE), List.of(first), 0)));
    List<Entry> puts = LongStream.rangeClosed(2, last).mapToObj(i -> put(i, 3)).toList();
    db.perform(new DiskTask.Write(0, new Batch(new HardState(4, 9), puts, 30)));
    db.close();
  }

  private static Entry put(long index, long term) {
    StoreCommand command =
        new StoreCommand.Put(Origin.NONE, Bytes.utf8("key" + index % 7), Bytes.utf8("v" + index));
    return new Entry(index, term, new Payload.Command(StoreCodec.encode(command)));
  }

  private static DStore table(int last) throws Exception {
    DStore table = new DStore();
    table.skip(1);
    for (int index = 2; index <= last; index++) {
      table.apply(index, ((Payload.Command) put(index, 3).payload()).bytes());
    }
    return table;
  }

  private static Contents open(VirtualStorage target) throws IOException, ClusterDbException {
    ClusterDb.Opened opened = ClusterDb.open(target, NODE, new Random(5));
    opened.db().close();
    return Contents.of(opened.recovered());
  }

  private static void force(VirtualStorage target) throws IOException, ClusterDbException {
    NewCluster.Source source = NewCluster.ofLostMajority(target, NODE);
    NewCluster.write(target, source, SELF, new Random(6));
  }

  /** Whether it is the new file, as a whole; otherwise it must be the old one. */
  private static boolean isNew(Contents found, Contents old) throws Exception {
    if (found.identity().clusterId() == CLUSTER) {
      assertThat(found).isEqualTo(old);
      return false;
    }
    assertWhole(found, LAST);
    return true;
  }

  private static void assertWhole(Contents found, int last) throws Exception {
    assertThat(found.identity().nodeId()).isEqualTo(NODE);
    assertThat(found.identity().clusterId()).isNotIn(0L, CLUSTER);
    Member only = found.snapshot().membership().members().get(0);
    assertThat(found.snapshot().membership().size()).isEqualTo(1);
    assertThat(only.asVoter()).isEqualTo(only);
    assertThat(only.incarnation()).isEqualTo(found.identity().incarnation()).isNotIn(0L, 106L);
    assertThat(only.sameAddress(SELF)).isTrue();
    assertThat(found.hardState()).isEqualTo(new HardState(5, 0));
    assertThat(found.snapshot().index()).isEqualTo(last);
    assertThat(found.snapshot().term()).isEqualTo(3);
    assertThat(found.entries()).isEmpty();
    assertThat(found.commit()).isEqualTo(last);
    assertThat(found.table()).isEqualTo(Contents.image(table(last).freeze()));
  }

  @Test
  @DisplayName("S-06 all of the log is kept, in a cluster of one with ids of its own")
  void S_06_allOfTheLogIsKept() throws Exception {
    Contents old = open(storage);
    NewCluster.Source source = NewCluster.ofLostMajority(storage, NODE);
    assertThat(source.identity()).isEqualTo(old.identity());
    assertThat(source.membership()).isEqualTo(THREE);
    assertThat(List.of(source.index(), source.term(), source.currentTerm()))
        .containsExactly((long) LAST, 3L, 4L);
    assertThat(open(storage)).as("only read so far").isEqualTo(old);
    var identity = NewCluster.write(storage, source, SELF, new Random(6));
    Contents found = open(storage);
    assertThat(found.identity()).isEqualTo(identity);
    assertThat(isNew(found, old)).isTrue();
    assertThat(storage.names()).containsExactly(Layout.FILE);
  }

  @ParameterizedTest
  @EnumSource(Survival.class)
  @DisplayName("S-04 power loss at every operation leaves the old file or the new one")
  void S_04_powerLossWhileForced(Survival survival) throws Exception {
    Contents old = open(storage);
    int isNew = 0;
    boolean lost = true;
    for (int n = 1; lost; n++) {
      VirtualStorage disk = storage.copy(new Random(n));
      disk.losePowerAt(n);
      try {
        force(disk);
        lost = false;
      } catch (PowerLoss e) {
        // What this test is about.
      }
      disk.powerLoss(survival);
      isNew += isNew(open(disk), old) ? 1 : 0;
      assertThat(n).isLessThan(100);
    }
    assertThat(isNew).as("the last run at least").isPositive();
  }

  @Test
  @DisplayName("S-03 a failure at every operation leaves the old file or the new one")
  void S_03_failureWhileForced() throws Exception {
    Contents old = open(storage);
    int failures = 0;
    boolean failed = true;
    for (int n = 1; failed; n++) {
      VirtualStorage disk = storage.copy(new Random(n));
      disk.failAt(n);
      try {
        force(disk);
        failed = false;
      } catch (IOException e) {
        failures++;
      }
      disk.powerLoss(Survival.SOME);
      isNew(open(disk), old);
    }
    assertThat(failures).isGreaterThan(10);
  }

  @Test
  void forcedAgainIsRefused() throws Exception {
    force(storage);
    Contents once = open(storage);
    assertRefused(Kind.REFUSED, () -> force(storage), "is the only voting member of its cluster");
    assertThat(open(storage)).isEqualTo(once);
  }

  @Test
  void whatIsNoNodeOfAClusterIsRefused() throws Exception {
    VirtualStorage empty = new VirtualStorage(new Random(1));
    assertRefused(Kind.REFUSED, () -> force(empty), "there is no file");
    ClusterDb.open(empty, NODE, new Random(2)).db().close();
    assertRefused(Kind.REFUSED, () -> force(empty), "is of no cluster");
    assertRefused(
        Kind.FOREIGN, () -> NewCluster.ofLostMajority(storage, 8), "belongs to node 7, not to");
    storage.flip(Layout.FILE, Layout.HEADER_BYTES + 30, 4);
    assertRefused(Kind.DAMAGED, () -> force(storage), "is damaged at byte 4096");
  }

  @Test
  void aBackupIsRestored() throws Exception {
    Path backup = backup("b");
    VirtualStorage empty = new VirtualStorage(new Random(1));
    NewCluster.Source source = NewCluster.ofBackup(empty, backup);
    assertThat(source.identity().clusterId()).isEqualTo(CLUSTER);
    NewCluster.write(empty, source, SELF, new Random(6));
    assertWhole(open(empty), LAST);
  }

  @ParameterizedTest
  @EnumSource(Survival.class)
  @DisplayName("S-04 power loss at every operation leaves no file or the restored one")
  void S_04_powerLossWhileRestored(Survival survival) throws Exception {
    Path backup = backup("b");
    int whole = 0;
    boolean lost = true;
    for (int n = 1; lost; n++) {
      VirtualStorage disk = new VirtualStorage(new Random(n));
      disk.losePowerAt(n);
      try {
        NewCluster.write(disk, NewCluster.ofBackup(disk, backup), SELF, new Random(6));
        lost = false;
      } catch (PowerLoss e) {
        // What this test is about.
      }
      disk.powerLoss(survival);
      if (disk.names().contains(Layout.FILE)) {
        assertWhole(open(disk), LAST);
        whole++;
      } else {
        NewCluster.write(disk, NewCluster.ofBackup(disk, backup), SELF, new Random(6));
        assertWhole(open(disk), LAST);
      }
    }
    assertThat(whole).isPositive();
  }

  @Test
  void restoredOverAFileIsRefused() throws Exception {
    Path backup = backup("b");
    Contents old = open(storage);
    assertRefused(
        Kind.REFUSED, () -> NewCluster.ofBackup(storage, backup), "there is a file \"virtual/");
    assertThat(open(storage)).isEqualTo(old);
  }

  @Test
  void whatIsNoBackupIsNotRestored() throws Exception {
    VirtualStorage empty = new VirtualStorage(new Random(1));
    Path file = Files.write(temp.resolve("c"), storage.bytes(Layout.FILE));
    assertRefused(
        Kind.REFUSED, () -> NewCluster.ofBackup(empty, file), "but the cluster.db of node 7");
    byte[] bytes = Files.readAllBytes(backup("b"));
    bytes[Layout.HEADER_BYTES + 200] ^= 1;
    Path damaged = Files.write(temp.resolve("d"), bytes);
    assertRefused(Kind.DAMAGED, () -> NewCluster.ofBackup(empty, damaged), "is damaged");
    assertThatExceptionOfType(ClusterDbException.class)
        .isThrownBy(() -> NewCluster.ofBackup(empty, damaged))
        .matches(e -> e.hint().startsWith("It is a backup: use another one"));
    assertThat(empty.names()).isEmpty();
  }

  @Test
  void noNodeStartsWithABackup() throws Exception {
    VirtualStorage disk = new VirtualStorage(new Random(1));
    disk.put(Layout.FILE, Files.readAllBytes(backup("b")));
    assertRefused(Kind.BACKUP, () -> open(disk), "is a backup");
    assertRefused(Kind.BACKUP, () -> force(disk), "is a backup");
  }

  private Path backup(String name) throws Exception {
    Path path = temp.resolve(name);
    SnapshotMeta meta = new SnapshotMeta(LAST, 3, THREE);
    try (BackupFile backup = BackupFile.begin(path, false, CLUSTER, meta, 4, 11)) {
      var pieces = table(LAST).freeze().pieces(64);
      while (pieces.hasNext()) {
        backup.write(pieces.next());
      }
      backup.finish();
    }
    return path;
  }

  private static void assertRefused(Kind kind, ThrowingCallable call, String message) {
    assertThatExceptionOfType(ClusterDbException.class)
        .isThrownBy(call)
        .withMessageContaining(message)
        .matches(e -> e.kind() == kind, kind.toString())
        .matches(e -> !e.detail().isEmpty() && !e.hint().isEmpty());
  }
}
