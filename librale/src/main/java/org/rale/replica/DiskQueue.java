package org.rale.replica;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.LongFunction;
import org.rale.clusterdb.DiskTask;

/** Orders to the disk, and what follows when each is done. */
final class DiskQueue {
  /** For one task. */
  private static final int MAX_WAITING = 256;

  private final Outbox out;
  private final Map<Long, Runnable> consequences = new HashMap<>();
  private long sequence;

  /** Whether what was ordered waits for room on the disk. */
  private boolean full;

  /** The last task that makes something durable. */
  private long lastWrite;

  /** What waits for that one beside what it was ordered with, by its number, in order. */
  private final Map<Long, List<Runnable>> waiting = new HashMap<>();

  DiskQueue(Outbox out) {
    this.out = out;
  }

  void order(LongFunction<DiskTask> task, Runnable whenDone) {
    sequence++;
    consequences.put(sequence, whenDone);
    DiskTask ordered = task.apply(sequence);
    if (!(ordered instanceof DiskTask.Compact)) {
      lastWrite = sequence;
    }
    out.disk(ordered);
  }

  /**
   * Sends something when all that is to become durable so far is; at once, where it is already.
   * Like any message it may get lost: where too many wait, it is (S-16).
   */
  void whenDurable(Runnable consequence) {
    if (consequences.containsKey(lastWrite)) {
      List<Runnable> others = waiting.computeIfAbsent(lastWrite, write -> new ArrayList<>());
      if (others.size() < MAX_WAITING) {
        others.add(consequence);
      }
    } else {
      consequence.run();
    }
  }

  /** The compaction was given up: nothing follows. */
  void drop(long number) {
    if (consequences.remove(number) == null) {
      throw new IllegalStateException("the disk gave up task " + number + ", which nobody ordered");
    }
  }

  /** The disk is full; returns whether that is news. */
  boolean full() {
    boolean news = !full;
    full = true;
    return news;
  }

  boolean isFull() {
    return full;
  }

  void done(long number) {
    full = false;
    Runnable consequence = consequences.remove(number);
    if (consequence == null) {
      throw new IllegalStateException("the disk did task " + number + ", which nobody ordered");
    }
    consequence.run();
    List<Runnable> others = waiting.remove(number);
    if (others != null) {
      others.forEach(Runnable::run);
    }
  }
}
