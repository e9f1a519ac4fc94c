package org.rale.clusterdb;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.rale.raft.HardState;
import org.rale.raft.Membership;
import org.rale.raft.SnapshotMeta;

/** What of an applied log is in memory after a start. */
class TrailingTest {
  private final VirtualStorage storage = new VirtualStorage(new Random(1));

  /** Entries 1 to 20 in five batches, all of term 1 but the last four. */
  private void write(DiskTask... more) throws Exception {
    ClusterDb db = ClusterDb.open(storage, Samples.NODE, new Random(2)).db();
    db.perform(Samples.join());
    db.perform(Samples.write(2, 9, 1));
    db.perform(Samples.write(10, 16, 1));
    db.perform(Samples.write(17, 20, 2));
    for (DiskTask task : more) {
      db.perform(task);
      while (db.compacting()) {
        db.step();
      }
    }
    db.close();
  }

  private static DiskTask.Write committed(long index) {
    return new DiskTask.Write(0, new Batch(new HardState(3, 0), List.of(), index));
  }

  private Recovered open(long trailingBytes) throws Exception {
    Opening opening = new Opening(trailingBytes, (done, size) -> {});
    ClusterDb.Opened opened = ClusterDb.open(storage, Samples.NODE, new Random(2), opening);
    opened.db().close();
    return opened.recovered();
  }

  @Test
  void allWhereThereIsRoom() throws Exception {
    write(committed(18));
    Recovered found = open(Long.MAX_VALUE);
    assertThat(found.base()).isEqualTo(SnapshotMeta.NONE);
    assertThat(found.store().appliedIndex()).isEqualTo(18);
    assertThat(found.entries().subList(1, 16)).isEqualTo(Samples.entries(2, 16, 1));
    assertThat(found.entries()).hasSize(20);
  }

  @Test
  @DisplayName("what is not committed is kept whatever it takes, with the entry before it as base")
  void openEntriesOnly() throws Exception {
    write(committed(18));
    Recovered found = open(0);
    assertThat(found.base()).isEqualTo(new SnapshotMeta(18, 2, Samples.MEMBERS));
    assertThat(found.entries()).isEqualTo(Samples.entries(19, 20, 2));
  }

  @Test
  void aFewBytes() throws Exception {
    write(committed(20));
    Recovered all = open(Long.MAX_VALUE);
    for (int bytes = 0; bytes < 2_000; bytes += 40) {
      Recovered found = open(bytes);
      int gone = (int) found.base().index();
      assertThat(found.entries()).isEqualTo(all.entries().subList(gone, 20));
      assertThat(found.base().term()).isEqualTo(gone == 0 ? 0 : all.entries().get(gone - 1).term());
      assertThat(found.base().membership())
          .isEqualTo(gone == 0 ? Membership.NONE : Samples.MEMBERS);
    }
    assertThat(open(0).entries()).isEmpty();
    assertThat(open(300).entries()).hasSizeBetween(1, 8);
  }

  @Test
  @DisplayName("behind a snapshot the base is never before it")
  void behindASnapshot() throws Exception {
    write(committed(20), Samples.compact(16, 1, 3, 10));
    Recovered found = open(Long.MAX_VALUE);
    assertThat(found.base().index()).isEqualTo(16);
    assertThat(found.entries()).isEqualTo(Samples.entries(17, 20, 2));
  }
}
