package org.rale.replica;

import java.util.HashMap;
import java.util.Map;
import java.util.function.LongFunction;
import org.rale.clusterdb.DiskTask;

/** Orders to the disk, and what follows when each is done. */
final class DiskQueue {
  private final Outbox out;
  private final Map<Long, Runnable> consequences = new HashMap<>();
  private long sequence;

  /** The last task that makes something durable. */
  private long lastWrite;

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

  /** Runs it when all that is to become durable so far is; at once, where it is already. */
  void whenDurable(Runnable consequence) {
    Runnable before = consequences.get(lastWrite);
    if (before == null) {
      consequence.run();
    } else {
      consequences.put(
          lastWrite,
          () -> {
            before.run();
            consequence.run();
          });
    }
  }

  void done(long number) {
    Runnable consequence = consequences.remove(number);
    if (consequence == null) {
      throw new IllegalStateException("the disk did task " + number + ", which nobody ordered");
    }
    consequence.run();
  }
}
