package org.rale.loop;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
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
  /**
   * A batch that is longer gains nothing by more: its sync takes twice that of a short one. And
   * what a rewrite may add to it, beside which it waits, goes by its length ({@code
   * CompactionPace}).
   */
  static final long MERGED_BYTES = 512 << 10;

  private final ClusterDb db;
  private final Reports reports;

  /** The compaction under way, 0: none. */
  private long compaction;

  /** Told of what became of the tasks, by their numbers. */
  public interface Reports {
    void done(long sequence);

    /** The disk has no room for this compaction; the file is used on as it is. */
    void givenUp(long sequence, String why);

    /** The disk has no room for the task, which will be tried again until it has. */
    void full(String why);
  }

  public DiskWork(ClusterDb db, Reports reports) {
    this.db = db;
    this.reports = reports;
  }

  /** Takes all writes that wait, as far as they stand together, or one task of another kind. */
  public static List<DiskTask> take(Queue<DiskTask> tasks) {
    List<DiskTask> taken = new ArrayList<>();
    long bytes = 0;
    while (!tasks.isEmpty()) {
      boolean write = tasks.peek() instanceof DiskTask.Write;
      if (!taken.isEmpty() && !write) {
        break;
      }
      DiskTask task = tasks.remove();
      taken.add(task);
      bytes += task instanceof DiskTask.Write one ? bytes(one.batch()) : 0;
      if (!write || bytes >= MERGED_BYTES) {
        break;
      }
    }
    return taken;
  }

  private static long bytes(Batch batch) {
    return batch.entries().stream().mapToLong(Entry::memoryBytes).sum();
  }

  /** Whether there is work to do while no task waits. */
  public boolean compacting() {
    return db.compacting();
  }

  /**
   * Carries out what {@link #take} gave, if anything, and a piece of the compaction that is under
   * way: also between batches, since under a load that never rests it must still end.
   *
   * @return false: the disk is full, nothing has happened, and the same is to be asked for again
   */
  public boolean perform(List<DiskTask> together) throws IOException, ClusterDbException {
    if (!together.isEmpty() && !carryOut(together)) {
      return false;
    }
    try {
      if (db.compacting() && db.step()) {
        reports.done(compaction);
      }
    } catch (NoRoomException e) {
      reports.givenUp(compaction, e.why());
    }
    return true;
  }

  private boolean carryOut(List<DiskTask> together) throws IOException {
    DiskTask first = together.get(0);
    if (first instanceof DiskTask.Compact) {
      begin(first);
      return true;
    }
    boolean write = first instanceof DiskTask.Write;
    boolean wasCompacting = db.compacting();
    String noRoom = perform(write ? new DiskTask.Write(first.sequence(), merge(together)) : first);
    if (wasCompacting && !db.compacting()) {
      // A snapshot from the leader that is in force says more than the one that was under way.
      if (write || noRoom != null) {
        reports.givenUp(compaction, "its room is needed");
      } else {
        reports.done(compaction);
      }
    }
    if (noRoom != null) {
      reports.full(noRoom);
      return false;
    }
    together.forEach(task -> reports.done(task.sequence()));
    return true;
  }

  /** Why there is no room for it; null: it is done. */
  private @Nullable String perform(DiskTask task) throws IOException {
    try {
      db.perform(task);
      return null;
    } catch (NoRoomException e) {
      return e.why();
    }
  }

  private void begin(DiskTask compact) throws IOException {
    compaction = compact.sequence();
    try {
      db.perform(compact);
    } catch (NoRoomException e) {
      reports.givenUp(compaction, e.why());
    }
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
