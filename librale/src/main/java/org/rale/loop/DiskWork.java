package org.rale.loop;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.function.LongConsumer;
import java.util.function.ObjLongConsumer;
import org.jspecify.annotations.Nullable;
import org.rale.clusterdb.Batch;
import org.rale.clusterdb.ClusterDb;
import org.rale.clusterdb.ClusterDbException;
import org.rale.clusterdb.DiskTask;
import org.rale.clusterdb.NoRoomException;
import org.rale.raft.Entry;
import org.rale.raft.HardState;

/**
 * What the disk does with its orders, without the thread: which tasks go together into one sync,
 * and which are done when. One thread at a time uses it; {@link DiskThread} in a process, a virtual
 * clock in the simulator.
 */
public final class DiskWork {
  /** Beyond so many entries a batch is long enough that waiting for more only costs latency. */
  private static final int MAX_MERGED_ENTRIES = 16_384;

  private final ClusterDb db;
  private final LongConsumer done;
  private final ObjLongConsumer<String> givenUp;

  /** The compaction under way, 0: none. */
  private long compaction;

  /**
   * @param done told the number of each task that is done
   * @param givenUp told of each compaction for which the disk has no room: why, and its number
   */
  public DiskWork(ClusterDb db, LongConsumer done, ObjLongConsumer<String> givenUp) {
    this.db = db;
    this.done = done;
    this.givenUp = givenUp;
  }

  /** Takes all writes that wait, as far as they stand together, or one task of another kind. */
  public static List<DiskTask> take(Queue<DiskTask> tasks) {
    List<DiskTask> taken = new ArrayList<>();
    int entries = 0;
    while (!tasks.isEmpty()) {
      boolean write = tasks.peek() instanceof DiskTask.Write;
      if (!taken.isEmpty() && !write) {
        break;
      }
      DiskTask task = tasks.remove();
      taken.add(task);
      entries += task instanceof DiskTask.Write one ? one.batch().entries().size() : 0;
      if (!write || entries > MAX_MERGED_ENTRIES) {
        break;
      }
    }
    return taken;
  }

  /** Whether there is work to do while no task waits. */
  public boolean compacting() {
    return db.compacting();
  }

  /**
   * Carries out what {@link #take} gave, if anything, and a piece of the compaction that is under
   * way: also between batches, since under a load that never rests it must still end.
   */
  public void perform(List<DiskTask> together) throws IOException, ClusterDbException {
    try {
      if (!together.isEmpty()) {
        carryOut(together);
      }
      if (db.compacting() && db.step()) {
        done.accept(compaction);
      }
    } catch (NoRoomException e) {
      givenUp.accept(e.getMessage(), compaction);
    }
  }

  private void carryOut(List<DiskTask> together) throws IOException {
    DiskTask first = together.get(0);
    if (first instanceof DiskTask.Write) {
      db.perform(new DiskTask.Write(first.sequence(), merge(together)));
      together.forEach(task -> done.accept(task.sequence()));
      return;
    }
    if (first instanceof DiskTask.Compact) {
      compaction = first.sequence();
      db.perform(first);
      return;
    }
    boolean wasCompacting = db.compacting();
    db.perform(first);
    if (wasCompacting && !db.compacting()) {
      done.accept(compaction);
    }
    done.accept(first.sequence());
  }

  /** One batch with the effect of all of them, one after the other. */
  private static Batch merge(List<DiskTask> writes) {
    HardState hardState = null;
    List<Entry> entries = new ArrayList<>();
    long commit = 0;
    for (DiskTask task : writes) {
      Batch batch = ((DiskTask.Write) task).batch();
      hardState = latest(hardState, batch.hardState());
      commit = Math.max(commit, batch.commit());
      if (!batch.entries().isEmpty()) {
        cutFrom(entries, batch.entries().get(0).index());
        entries.addAll(batch.entries());
      }
    }
    return new Batch(hardState, entries, commit);
  }

  private static @Nullable HardState latest(@Nullable HardState older, @Nullable HardState newer) {
    return newer == null ? older : newer;
  }

  /** A later batch replaces what it overlaps. */
  private static void cutFrom(List<Entry> entries, long index) {
    while (!entries.isEmpty() && entries.get(entries.size() - 1).index() >= index) {
      entries.remove(entries.size() - 1);
    }
  }
}
