package org.rale.sim;

import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.rale.clusterdb.Batch;
import org.rale.clusterdb.DiskTask;
import org.rale.clusterdb.Recovered;
import org.rale.raft.Entry;
import org.rale.raft.HardState;
import org.rale.raft.Membership;
import org.rale.raft.Payload;
import org.rale.raft.SnapshotMeta;

/**
 * What a node's log must be, seen from its orders to the disk alone, so that judges need not
 * believe the rules about themselves.
 */
final class Shadow {
  /**
   * An order to write.
   *
   * @param lastIndex up to where the log of today is durable with it
   * @param wrote up to where the log was that it belongs to, cut or not since
   */
  private record Mark(long sequence, long lastIndex, long wrote, HardState hardState) {
    Mark endingBefore(long index) {
      return new Mark(sequence, Math.min(lastIndex, index - 1), wrote, hardState);
    }
  }

  /** Up to where the log of each term has been durable, by the term; it may be cut since. */
  private final Map<Long, Long> onceDurable = new HashMap<>();

  /** Snapshots that are being written, by the number of their task. */
  private final Map<Long, Long> snapshotsUnderWay = new HashMap<>();

  /** The newest snapshot that the disk has said it holds. */
  private long durableSnapshot;

  private final TreeMap<Long, Entry> entries = new TreeMap<>();
  private ArrayDeque<Mark> underWay = new ArrayDeque<>();
  private long snapshotIndex;
  private long last;
  private long durable;
  private HardState hardState;
  private HardState durableHardState;

  /** Of the last snapshot that was ordered, or found at the start. */
  private SnapshotMeta snapshotMeta;

  /** Changes of the log are judged once; this counts them. */
  private long freshFrom = Long.MAX_VALUE;

  private final Coverage coverage;

  /** How often the end of the log was replaced. */
  private long cuts;

  /** The first entry that was ever replaced by one that is no other, if there is such a one. */
  private @Nullable Entry cutInVain;

  Shadow(Recovered recovered, Coverage coverage) {
    this.coverage = coverage;
    // What the node has in memory: what is committed and gone from there counts as a snapshot.
    snapshotIndex = recovered.base().index();
    durableSnapshot = snapshotIndex;
    snapshotMeta = recovered.base();
    hardState = recovered.hardState();
    durableHardState = hardState;
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
      coverage.saw(Seen.SNAPSHOT_INSTALLED);
      entries.clear();
      hardState = install.hardState();
      snapshotMeta = install.meta();
      snapshotIndex = install.meta().index();
      last = snapshotIndex;
      durable = Math.min(durable, last);
      freshFrom = Long.MAX_VALUE;
      snapshotsUnderWay.put(task.sequence(), snapshotIndex);
    }
    if (task instanceof DiskTask.Compact compact) {
      coverage.saw(Seen.COMPACTION);
      snapshotMeta = compact.meta();
      snapshotsUnderWay.put(task.sequence(), compact.meta().index());
    } else {
      underWay.add(new Mark(task.sequence(), last, last, hardState));
    }
  }

  private void take(Batch batch) {
    hardState = batch.hardState() == null ? hardState : batch.hardState();
    if (batch.entries().isEmpty()) {
      return;
    }
    long first = batch.entries().get(0).index();
    if (first <= last) {
      cut(batch.entries().get(0));
    }
    durable = Math.min(durable, first - 1);
    batch.entries().forEach(this::put);
    freshFrom = Math.min(freshFrom, first);
  }

  private void cut(Entry next) {
    cuts++;
    Entry before = entries.get(next.index());
    if (before != null && before.term() == next.term()) {
      cutInVain = cutInVain == null ? before : cutInVain;
    }
    coverage.saw(Seen.CONFLICT);
    SortedMap<Long, Entry> gone = entries.tailMap(next.index(), true);
    gone.values().stream()
        .filter(entry -> entry.payload() instanceof Payload.Members)
        .forEach(entry -> coverage.saw(Seen.MEMBERSHIP_ROLLBACK));
    gone.clear();
    // What is on its way to the disk and ends behind the cut says nothing of what comes there now.
    underWay =
        underWay.stream()
            .map(mark -> mark.endingBefore(next.index()))
            .collect(Collectors.toCollection(ArrayDeque::new));
  }

  long cuts() {
    return cuts;
  }

  /** An entry that was cut though no other came in its place; null when there was none. */
  @Nullable Entry cutInVain() {
    return cutInVain;
  }

  /** The disk had no room for the snapshot. */
  void givenUp(long sequence) {
    snapshotsUnderWay.remove(sequence);
  }

  void done(long sequence) {
    Long snapshot = snapshotsUnderWay.remove(sequence);
    if (snapshot != null) {
      durableSnapshot = Math.max(durableSnapshot, snapshot);
    }
    while (!underWay.isEmpty() && underWay.peek().sequence() <= sequence) {
      Mark mark = underWay.remove();
      durable = Math.max(durable, Math.min(last, mark.lastIndex()));
      durableHardState = mark.hardState();
      onceDurable.merge(mark.hardState().term(), mark.wrote(), Math::max);
    }
    if (underWay.isEmpty()) {
      durable = last;
    }
  }

  /** Up to where the disk has held the log of the term, which is over. */
  long onceDurable(long term) {
    return term < hardState.term() ? onceDurable.getOrDefault(term, 0L) : 0;
  }

  /** The entries that came since the last call. */
  List<Entry> fresh() {
    List<Entry> fresh =
        freshFrom == Long.MAX_VALUE
            ? List.of()
            : List.copyOf(entries.tailMap(freshFrom, true).values());
    freshFrom = Long.MAX_VALUE;
    return fresh;
  }

  @Nullable Entry at(long index) {
    return entries.get(index);
  }

  long snapshotIndex() {
    return snapshotIndex;
  }

  /** A leader's snapshot is on its way to the disk; until it is there the log is the old one. */
  boolean isBeingReplaced() {
    return snapshotIndex > durableSnapshot;
  }

  SnapshotMeta snapshotMeta() {
    return snapshotMeta;
  }

  /** Term and vote as the disk has said that it holds them. */
  HardState durableHardState() {
    return durableHardState;
  }

  long durableSnapshot() {
    return durableSnapshot;
  }

  /** Whether the disk has said that it holds the entry, or a snapshot over it. */
  boolean holds(Entry entry) {
    return entry.index() <= durableSnapshot
        || (entry.index() <= durable && entry.equals(entries.get(entry.index())));
  }

  /** The membership entry before the index, as far as the log goes back. */
  @Nullable Entry membershipBefore(long index) {
    for (Entry entry : entries.headMap(index, false).descendingMap().values()) {
      if (entry.payload() instanceof Payload.Members) {
        return entry;
      }
    }
    return null;
  }

  /** All that the log knows of, the one of its snapshot included. */
  Stream<Membership> memberships() {
    return Stream.concat(
        Stream.of(snapshotMeta.membership()),
        entries.values().stream()
            .filter(entry -> entry.payload() instanceof Payload.Members)
            .map(entry -> ((Payload.Members) entry.payload()).membership()));
  }

  long last() {
    return last;
  }

  /** How far the disk has said that it holds the log. */
  long durable() {
    return durable;
  }
}
