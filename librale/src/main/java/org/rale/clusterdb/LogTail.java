package org.rale.clusterdb;

import java.util.ArrayDeque;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.rale.bytes.MalformedException;
import org.rale.dstore.DStore;
import org.rale.raft.Entry;
import org.rale.raft.Membership;
import org.rale.raft.Payload;
import org.rale.raft.SnapshotMeta;

/**
 * The log while the file is read. What is committed goes into the table at once and out of memory:
 * a log may be longer than its table.
 */
final class LogTail {
  private final SnapshotMeta snapshot;
  private final DStore store;
  private final boolean applies;
  private long committed;

  /** Of the last entry that is applied. */
  private long appliedTerm;

  /** The memberships that were applied, by the index of their entries. */
  private final TreeMap<Long, Membership> memberships = new TreeMap<>();

  private final ArrayDeque<Entry> open = new ArrayDeque<>();

  /**
   * @param store as of the snapshot
   * @param applies false: all entries are kept, and the table stays as of the snapshot
   */
  LogTail(SnapshotMeta snapshot, DStore store, boolean applies) {
    this.snapshot = snapshot;
    this.store = store;
    this.applies = applies;
    this.committed = snapshot.index();
    this.appliedTerm = snapshot.term();
  }

  /** The entries that are not in the table. */
  List<Entry> open() {
    return List.copyOf(open);
  }

  long last() {
    return store.appliedIndex() + open.size();
  }

  /** Up to where the file says that the log is committed. */
  long committed() {
    return committed;
  }

  /** The membership that was in force at an index which is applied, and not behind the snapshot. */
  Membership membershipAt(long index) {
    Map.Entry<Long, Membership> since = memberships.floorEntry(index);
    return since == null ? snapshot.membership() : since.getValue();
  }

  /** Cuts the entry at the index and all behind it. */
  void cutFrom(long index) throws MalformedException {
    if (index <= committed) {
      throw new MalformedException(
          "entry " + index + " again, though all up to " + committed + " are committed");
    }
    while (last() >= index) {
      open.removeLast();
    }
  }

  void append(Entry entry) throws MalformedException {
    if (entry.index() != last() + 1) {
      throw new MalformedException("entry " + entry.index() + " behind entry " + last());
    }
    long lastTerm = open.isEmpty() ? appliedTerm : open.getLast().term();
    if (entry.term() < lastTerm) {
      throw new MalformedException(
          "entry " + entry.index() + " of term " + entry.term() + " behind term " + lastTerm);
    }
    open.add(entry);
  }

  /** All up to the index is committed. */
  void commit(long index) throws MalformedException {
    if (index > last()) {
      throw new MalformedException("a log up to " + last() + " that is committed up to " + index);
    }
    committed = Math.max(committed, index);
    for (int i = 0; applies && store.appliedIndex() < committed; i++) {
      if (i % DStore.PREFETCHED == 0) {
        long left = committed - store.appliedIndex();
        store.prefetch(Payload.Command.of(open, (int) Math.min(left, DStore.PREFETCHED)));
      }
      apply(open.removeFirst());
    }
  }

  private void apply(Entry entry) throws MalformedException {
    if (entry.payload() instanceof Payload.Command command) {
      store.apply(entry.index(), command.bytes());
    } else {
      store.skip(entry.index());
    }
    if (entry.payload() instanceof Payload.Members members) {
      memberships.put(entry.index(), members.membership());
    }
    appliedTerm = entry.term();
  }
}
