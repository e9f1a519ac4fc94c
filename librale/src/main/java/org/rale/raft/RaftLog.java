package org.rale.raft;

import java.util.ArrayList;
import java.util.List;

/**
 * The log in memory: everything behind {@code base}, which is the last entry that is gone. What the
 * file holds reaches further back.
 *
 * <p>Three marks rise through it: entries up to {@code handed} were given to the disk, those up to
 * {@code durable} came back from it. Cutting the log pulls both down.
 */
final class RaftLog {
  static final long UNKNOWN_TERM = -1;

  private final EntryQueue entries = new EntryQueue();
  private long baseIndex;
  private long baseTerm;
  private long handed;
  private long durable;
  private long bytes;

  /** How often the log was cut or replaced. */
  private long cuts;

  RaftLog(SnapshotMeta snapshot, List<Entry> restored) {
    baseIndex = snapshot.index();
    baseTerm = snapshot.term();
    append(restored);
    handed = lastIndex();
    durable = lastIndex();
  }

  long baseIndex() {
    return baseIndex;
  }

  long lastIndex() {
    return baseIndex + entries.size();
  }

  long lastTerm() {
    return termAt(lastIndex());
  }

  long durable() {
    return durable;
  }

  /** The term of the entry at the index, {@link #UNKNOWN_TERM} where the log does not reach. */
  long termAt(long index) {
    if (index == baseIndex) {
      return baseTerm;
    }
    return index > baseIndex && index <= lastIndex() ? at(index).term() : UNKNOWN_TERM;
  }

  Entry at(long index) {
    return entries.get((int) (index - baseIndex - 1));
  }

  void append(List<Entry> more) {
    for (Entry entry : more) {
      append(entry);
    }
  }

  void append(Entry entry) {
    if (entry.index() != lastIndex() + 1) {
      throw Invariant.broken("entry %s appended behind %s", entry.index(), lastIndex());
    }
    if (entry.term() < lastTerm()) {
      throw Invariant.broken("term %s behind term %s", entry.term(), lastTerm());
    }
    entries.add(entry);
    bytes += entry.memoryBytes();
  }

  /** Cuts the entry at the index and all behind it; returns how many bytes that were. */
  long truncateFrom(long index) {
    long before = bytes;
    for (long last = lastIndex(); last >= index; last--) {
      bytes -= entries.removeLast().memoryBytes();
    }
    handed = Math.min(handed, index - 1);
    durable = Math.min(durable, index - 1);
    cuts++;
    return before - bytes;
  }

  /** Entries from the index on, as many as fit into the bytes, but at least one. */
  List<Entry> slice(long from, long maxBytes) {
    return slice(from, lastIndex(), maxBytes);
  }

  /** Entries from the one index to the other, as many as fit into the bytes, but at least one. */
  List<Entry> slice(long from, long to, long maxBytes) {
    List<Entry> slice = new ArrayList<>();
    long size = 0;
    for (long index = from; index <= to; index++) {
      Entry entry = at(index);
      size += entry.memoryBytes();
      if (size > maxBytes && !slice.isEmpty()) {
        break;
      }
      slice.add(entry);
    }
    return slice;
  }

  /** What the disk has not been given yet; from now on it has. */
  List<Entry> hand() {
    List<Entry> fresh = slice(handed + 1, Long.MAX_VALUE);
    handed = lastIndex();
    return fresh;
  }

  boolean hasUnhanded() {
    return handed < lastIndex();
  }

  /** Rises whenever entries go that the disk may have been given. */
  long cuts() {
    return cuts;
  }

  /**
   * The disk holds everything up to this entry. Said late, after a cut, it counts for nothing
   * (S-07): even where the same entries came back since, the batch with the cut is on its way to
   * the disk and takes them away once more. A later batch speaks for all.
   *
   * @param atCuts {@link #cuts} when the disk was given the entry
   */
  void markDurable(long index, long atCuts) {
    if (index > durable && atCuts == cuts) {
      durable = index;
    }
  }

  /**
   * The last index not behind {@code index} whose term is not above {@code term}: where a log that
   * ends so may still agree with this one (section 5.3, the faster back-up). Below the base where
   * nothing that is left can agree.
   */
  long lastAgreement(long index, long term) {
    long at = Math.min(index, lastIndex());
    while (at >= baseIndex && termAt(at) > term) {
      at--;
    }
    return at;
  }

  /** Whether a log that ends so holds everything this one does (section 5.4.1). */
  boolean isUpToDate(long otherLastIndex, long otherLastTerm) {
    return otherLastTerm > lastTerm()
        || (otherLastTerm == lastTerm() && otherLastIndex >= lastIndex());
  }

  /** Lets go of entries up to the index, but keeps about {@code trailing} bytes. */
  void forget(long index, long trailing) {
    while (baseIndex < index && bytes > trailing) {
      Entry entry = entries.removeFirst();
      baseIndex = entry.index();
      baseTerm = entry.term();
      bytes -= entry.memoryBytes();
    }
  }

  /** A snapshot takes the place of the whole log. */
  void reset(SnapshotMeta meta) {
    entries.clear();
    bytes = 0;
    baseIndex = meta.index();
    baseTerm = meta.term();
    handed = meta.index();
    durable = meta.index();
    cuts++;
  }
}
