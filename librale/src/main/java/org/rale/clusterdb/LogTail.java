package org.rale.clusterdb;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import org.rale.bytes.MalformedException;
import org.rale.dstore.DStore;
import org.rale.raft.Entry;
import org.rale.raft.Payload;
import org.rale.raft.SnapshotMeta;

/**
 * The log while the file is read. What is committed goes into the table at once, and all of it but
 * the end out of memory: a log may be longer than its table.
 */
final class LogTail {
  /** Keeps all entries, and applies none. */
  static final long UNAPPLIED = -1;

  private final long trailingBytes;
  private final DStore store;
  private long committed;

  /** The last entry that is gone. */
  private SnapshotMeta base;

  private final ArrayDeque<Entry> applied = new ArrayDeque<>();
  private long appliedBytes;
  private final ArrayDeque<Entry> open = new ArrayDeque<>();

  /**
   * @param store as of the snapshot
   * @param trailingBytes about how many bytes of applied entries are kept, or {@link #UNAPPLIED}
   */
  LogTail(SnapshotMeta snapshot, DStore store, long trailingBytes) {
    this.base = snapshot;
    this.store = store;
    this.trailingBytes = trailingBytes;
    this.committed = snapshot.index();
  }

  /** What is gone, and the membership there. */
  SnapshotMeta base() {
    return base;
  }

  /** All behind the base. */
  List<Entry> entries() {
    List<Entry> entries = new ArrayList<>(applied.size() + open.size());
    entries.addAll(applied);
    entries.addAll(open);
    return entries;
  }

  long last() {
    return store.appliedIndex() + open.size();
  }

  /** Up to where the file says that the log is committed. */
  long committed() {
    return committed;
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
    if (entry.term() < lastTerm()) {
      throw new MalformedException(
          "entry " + entry.index() + " of term " + entry.term() + " behind term " + lastTerm());
    }
    open.add(entry);
  }

  private long lastTerm() {
    if (!open.isEmpty()) {
      return open.getLast().term();
    }
    return applied.isEmpty() ? base.term() : applied.getLast().term();
  }

  /** All up to the index is committed. */
  void commit(long index) throws MalformedException {
    if (index > last()) {
      throw new MalformedException("a log up to " + last() + " that is committed up to " + index);
    }
    committed = Math.max(committed, index);
    while (trailingBytes != UNAPPLIED && store.appliedIndex() < committed) {
      apply(open.removeFirst());
    }
  }

  private void apply(Entry entry) throws MalformedException {
    if (entry.payload() instanceof Payload.Command command) {
      store.apply(entry.index(), command.bytes());
    } else {
      store.skip(entry.index());
    }
    applied.add(entry);
    appliedBytes += entry.memoryBytes();
    while (appliedBytes > trailingBytes) {
      forget(applied.removeFirst());
    }
  }

  private void forget(Entry entry) {
    appliedBytes -= entry.memoryBytes();
    base =
        new SnapshotMeta(
            entry.index(),
            entry.term(),
            entry.payload() instanceof Payload.Members members
                ? members.membership()
                : base.membership());
  }
}
