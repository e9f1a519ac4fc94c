package org.rale.loop;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.SplittableRandom;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.rale.clusterdb.Batch;
import org.rale.clusterdb.ClusterDb;
import org.rale.clusterdb.DiskTask;
import org.rale.clusterdb.FileStorage;
import org.rale.clusterdb.VirtualStorage;
import org.rale.dstore.DStore;
import org.rale.raft.Entry;
import org.rale.raft.HardState;
import org.rale.raft.Membership;
import org.rale.raft.Payload;
import org.rale.raft.SnapshotMeta;

final class DiskThreadTest {
  private static final long PATIENCE_MS = 20_000;

  @TempDir Path directory;

  private final List<Long> done = Collections.synchronizedList(new ArrayList<>());
  private final AtomicReference<Throwable> failure = new AtomicReference<>();

  private final CountDownLatch full = new CountDownLatch(2);
  private final CountDownLatch written = new CountDownLatch(1);

  private final DiskWork.Reports reports =
      new DiskWork.Reports() {
        @Override
        public void done(long sequence) {
          done.add(sequence);
          written.countDown();
        }

        @Override
        public void givenUp(long sequence, String why) {
          done.add(-sequence);
        }

        @Override
        public void full(String why) {
          full.countDown();
        }
      };

  /** It has tried to write twice, and there was no room. */
  private DiskThread waitingForRoom(VirtualStorage storage) throws Exception {
    ClusterDb db = ClusterDb.open(storage, 1, new SplittableRandom(1)).db();
    DiskThread disk = new DiskThread("disk", db, reports, failure::set);
    storage.limitTo(0);
    disk.order(write(1, 1));
    disk.start();
    assertThat(full.await(PATIENCE_MS, TimeUnit.MILLISECONDS)).isTrue();
    return disk;
  }

  private static DiskTask write(long sequence, long index) {
    return new DiskTask.Write(
        sequence,
        new Batch(new HardState(1, 0), List.of(new Entry(index, 1, new Payload.Empty())), 0));
  }

  @Test
  void on_a_full_disk_it_waits_for_room_and_goes_on() throws Exception {
    VirtualStorage storage = new VirtualStorage(new Random(1));
    DiskThread disk = waitingForRoom(storage);
    assertThat(done).isEmpty();
    storage.limitTo(Long.MAX_VALUE);
    assertThat(written.await(PATIENCE_MS, TimeUnit.MILLISECONDS)).isTrue();
    disk.close();
    assertThat(disk.join(PATIENCE_MS)).isTrue();
    assertThat(failure.get()).isNull();
    assertThat(done).containsExactly(1L);
  }

  @Test
  void an_end_does_not_wait_for_room() throws Exception {
    VirtualStorage storage = new VirtualStorage(new Random(1));
    DiskThread disk = waitingForRoom(storage);
    disk.close();
    assertThat(disk.join(PATIENCE_MS)).isTrue();
    assertThat(failure.get()).isNull();
    assertThat(done).isEmpty();
  }

  @Test
  void an_end_finishes_what_was_ordered_but_drops_a_compaction() throws Exception {
    DStore store = new DStore();
    store.skip(1);
    try (FileStorage storage = FileStorage.open(directory)) {
      ClusterDb db = ClusterDb.open(storage, 1, new SplittableRandom(1)).db();
      DiskThread disk = new DiskThread("disk", db, reports, failure::set);
      disk.order(write(1, 1));
      disk.order(write(2, 2));
      disk.order(new DiskTask.Compact(3, new SnapshotMeta(1, 1, Membership.NONE), store.freeze()));
      disk.close();
      disk.start();
      assertThat(disk.join(PATIENCE_MS)).isTrue();
    }
    assertThat(failure.get()).isNull();
    assertThat(done).containsExactly(1L, 2L);

    try (FileStorage storage = FileStorage.open(directory)) {
      ClusterDb.Opened opened = ClusterDb.open(storage, 1, new SplittableRandom(2));
      opened.db().close();
      assertThat(opened.recovered().entries()).hasSize(2);
      assertThat(opened.recovered().snapshot()).isEqualTo(SnapshotMeta.NONE);
    }
  }
}
