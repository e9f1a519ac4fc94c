package org.rale.loop;

import java.util.ArrayDeque;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import org.rale.clusterdb.ClusterDb;
import org.rale.clusterdb.DiskTask;

/**
 * The one thread that touches cluster.db. What was ordered while it was busy becomes one batch with
 * one sync: the slower the disk, the larger the batches. While a compaction runs it writes a piece
 * of it after each batch, and whenever nothing else is to do.
 *
 * <p>It is never interrupted (Java would close the file, S-18), and the first failure ends it: what
 * the disk then holds is not known, so nothing is reported done any more (S-03).
 */
public final class DiskThread implements AutoCloseable {
  /** Between two tries to write to a full disk. */
  private static final long FULL_PAUSE_NANOS = 500_000_000;

  private final ClusterDb db;
  private final DiskWork work;
  private final Consumer<Throwable> failed;
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();
  private final Condition closed = lock.newCondition();
  private final Queue<DiskTask> tasks = new ArrayDeque<>();
  private final Thread thread;
  private boolean closing;

  /**
   * @param reports told of what becomes of the tasks, on the disk thread
   * @param failed told of the failure that ended it, on the disk thread
   */
  public DiskThread(
      String name, ClusterDb db, DiskWork.Reports reports, Consumer<Throwable> failed) {
    this.db = db;
    this.work = new DiskWork(db, reports);
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
   * Asks the thread to finish what was ordered, and then to end. A compaction under way is dropped:
   * it says nothing new, and may take long. So is what waits for room on a full disk: nobody was
   * told that it is done.
   */
  @Override
  public void close() {
    lock.lock();
    try {
      closing = true;
      changed.signal();
      closed.signal();
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
      while (!next.isEmpty() || !isOver()) {
        if (work.perform(next)) {
          next = take();
        } else if (isClosingAfter(FULL_PAUSE_NANOS)) {
          return;
        }
      }
    } catch (Throwable e) {
      failed.accept(e);
    }
  }

  /** Waits for room on a full disk; returns whether the thread is to end instead. */
  private boolean isClosingAfter(long nanos) {
    lock.lock();
    try {
      long deadline = System.nanoTime() + nanos;
      for (long left = nanos; !closing && left > 0; left = deadline - System.nanoTime()) {
        closed.awaitNanos(left);
      }
      return closing;
    } catch (InterruptedException e) {
      throw new IllegalStateException("the disk thread was interrupted", e);
    } finally {
      lock.unlock();
    }
  }

  private boolean isOver() {
    lock.lock();
    try {
      return closing && tasks.isEmpty();
    } finally {
      lock.unlock();
    }
  }

  /** The next tasks. None when the thread shall end, or when a compaction may go on. */
  private List<DiskTask> take() {
    lock.lock();
    try {
      while (tasks.isEmpty() && !closing && !work.compacting()) {
        changed.awaitUninterruptibly();
      }
      return DiskWork.take(tasks);
    } finally {
      lock.unlock();
    }
  }
}
