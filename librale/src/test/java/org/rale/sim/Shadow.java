package org.rale.sim;

import java.util.ArrayDeque;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.rale.clusterdb.Batch;
import org.rale.clusterdb.DiskTask;
import org.rale.clusterdb.Recovered;
import org.rale.raft.Entry;

/**
 * What a node's log must be, seen from its orders to the disk alone, so that judges need not
 * believe the rules about themselves.
 */
final class Shadow {
  private record Mark(long sequence, long lastIndex) {}

  private final TreeMap<Long, Entry> entries = new TreeMap<>();
  private final ArrayDeque<Mark> underWay = new ArrayDeque<>();
  private long snapshotIndex;
  private long last;
  private long durable;

  /** Changes of the log are judged once; this counts them. */
  private long freshFrom = Long.MAX_VALUE;

  Shadow(Recovered recovered) {
    snapshotIndex = recovered.snapshot().index();
    last = snapshotIndex;
    recovered.entries().forEach(this::put);
    durable = last;
  }

  private void put(Entry entry) {
    entries.put(entry.index(), entry);
    last = entry.index();
    freshFrom = Math.min(freshFrom, entry.index());
  }

  void ordered(DiskTask task) {
    if (task instanceof DiskTask.Write write) {
      take(write.batch());
    } else if (task instanceof DiskTask.Join join) {
      take(join.batch());
    } else if (task instanceof DiskTask.Install install) {
      entries.clear();
      snapshotIndex = install.meta().index();
      last = snapshotIndex;
      durable = Math.min(durable, last);
      freshFrom = Long.MAX_VALUE;
    }
    if (!(task instanceof DiskTask.Compact)) {
      underWay.add(new Mark(task.sequence(), last));
    }
  }

  private void take(Batch batch) {
    if (batch.entries().isEmpty()) {
      return;
    }
    long first = batch.entries().get(0).index();
    entries.tailMap(first, true).clear();
    durable = Math.min(durable, first - 1);
    batch.entries().forEach(this::put);
    freshFrom = Math.min(freshFrom, first);
  }

  void done(long sequence) {
    while (!underWay.isEmpty() && underWay.peek().sequence() <= sequence) {
      durable = Math.max(durable, Math.min(last, underWay.remove().lastIndex()));
    }
    if (underWay.isEmpty()) {
      durable = last;
    }
  }

  /** The entries that came since the last call. */
  Iterable<Entry> fresh() {
    Iterable<Entry> fresh =
        freshFrom == Long.MAX_VALUE
            ? java.util.List.of()
            : java.util.List.copyOf(entries.tailMap(freshFrom, true).values());
    freshFrom = Long.MAX_VALUE;
    return fresh;
  }

  @Nullable Entry at(long index) {
    return entries.get(index);
  }

  long snapshotIndex() {
    return snapshotIndex;
  }

  long last() {
    return last;
  }

  /** How far the disk has said that it holds the log. */
  long durable() {
    return durable;
  }
}
