package org.rale.loop;

import java.io.IOException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import java.util.function.LongConsumer;
import org.jspecify.annotations.Nullable;
import org.rale.clusterdb.Batch;
import org.rale.clusterdb.ClusterDb;
import org.rale.clusterdb.ClusterDbException;
import org.rale.clusterdb.DiskTask;
import org.rale.raft.Entry;
import org.rale.raft.HardState;

/**
 * The one thread that touches cluster.db. What was ordered while it was busy becomes one batch with
 * one sync: the slower the disk, the larger the batches. While a compaction runs it writes a piece
 * of it after each batch, and whenever nothing else is to do.
 *
 * <p>It is never interrupted (Java would close the file, S-18), and the first failure ends it: what
 * the disk then holds is not known, so nothing is reported done any more (S-03).
 */
public final class DiskThread implements AutoCloseable {
  /** Beyond so many entries a batch is long enough that waiting for more only costs latency. */
  private static final int MAX_MERGED_ENTRIES = 16_384;

  private final ClusterDb db;
  private final LongConsumer done;
  private final Consumer<Throwable> failed;
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();
  private final Queue<DiskTask> tasks = new ArrayDeque<>();
  private final Thread thread;
  private boolean closing;

  /** The compaction under way, 0: none. */
  private long compaction;

  /**
   * @param done told the number of each task that is done, on the disk thread
   * @param failed told of the failure that ended it, on the disk thread
   */
  public DiskThread(String name, ClusterDb db, LongConsumer done, Consumer<Throwable> failed) {
    this.db = db;
    this.done = done;
    this.failed = failed;
    this.thread = new Thread(this::run, name);
    thread.setDaemon(true);
  }

  public void start() {
    thread.start();
  }

  public void order(DiskTask task) {
    lock.lock();
    try {
      tasks.add(task);
      changed.signal();
    } finally {
      lock.unlock();
    }
  }

  /**
   * Finishes what was ordered, then ends. Returns when the file is closed, unless the disk hangs.
   */
  @Override
  public void close() {
    lock.lock();
    try {
      closing = true;
      changed.signal();
    } finally {
      lock.unlock();
    }
  }

  /** Waits until the thread has ended; returns whether it has. */
  public boolean join(long ms) throws InterruptedException {
    thread.join(ms);
    return !thread.isAlive();
  }

  private void run() {
    try (db) {
      List<DiskTask> next = take();
      while (!next.isEmpty() || db.compacting()) {
        if (!next.isEmpty()) {
          perform(next);
        }
        // Also between batches: under a load that never rests a compaction must still end.
        if (db.compacting()) {
          compactFurther();
        }
        next = take();
      }
    } catch (Throwable e) {
      failed.accept(e);
    }
  }

  private void compactFurther() throws IOException, ClusterDbException {
    if (db.step()) {
      done.accept(compaction);
    }
  }

  /**
   * The next tasks: all writes that wait, as far as they stand together, or one task of another
   * kind. Empty when the thread shall end, or when a compaction may go on.
   */
  private List<DiskTask> take() {
    lock.lock();
    try {
      while (tasks.isEmpty() && !closing && !db.compacting()) {
        changed.awaitUninterruptibly();
      }
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
    } finally {
      lock.unlock();
    }
  }

  private void perform(List<DiskTask> together) throws IOException {
    DiskTask first = together.get(0);
    if (first instanceof DiskTask.Write) {
      db.perform(new DiskTask.Write(first.sequence(), merge(together)));
      together.forEach(task -> done.accept(task.sequence()));
      return;
    }
    boolean wasCompacting = db.compacting();
    db.perform(first);
    if (first instanceof DiskTask.Compact) {
      compaction = first.sequence();
      return;
    }
    if (wasCompacting && !db.compacting()) {
      done.accept(compaction);
    }
    done.accept(first.sequence());
  }

  /** One batch with the effect of all of them, one after the other. */
  static Batch merge(List<DiskTask> writes) {
    HardState hardState = null;
    List<Entry> entries = new ArrayList<>();
    for (DiskTask task : writes) {
      Batch batch = ((DiskTask.Write) task).batch();
      hardState = latest(hardState, batch.hardState());
      if (!batch.entries().isEmpty()) {
        cutFrom(entries, batch.entries().get(0).index());
        entries.addAll(batch.entries());
      }
    }
    return new Batch(hardState, entries);
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
