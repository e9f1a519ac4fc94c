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

  DiskQueue(Outbox out) {
    this.out = out;
  }

  void order(LongFunction<DiskTask> task, Runnable whenDurable) {
    sequence++;
    consequences.put(sequence, whenDurable);
    out.disk(task.apply(sequence));
  }

  void done(long number) {
    Runnable consequence = consequences.remove(number);
    if (consequence == null) {
      throw new IllegalStateException("the disk did task " + number + ", which nobody ordered");
    }
    consequence.run();
  }
}
