package org.rale.clusterdb;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.rale.bytes.MalformedException;
import org.rale.raft.Entry;
import org.rale.raft.SnapshotMeta;
import org.rale.wire.EntryCodec;

/**
 * The end of the log, which a node keeps in memory for peers that lag a little. What is applied of
 * it is read once more from the file: to keep it while all of the log goes by would fill the heap
 * with what is thrown away soon after.
 *
 * @param base the last entry before it, or the snapshot
 * @param entries all behind the base
 */
record Trailing(SnapshotMeta base, List<Entry> entries) {

  /**
   * @param reader of the file, whose last batch ends at {@code end}
   * @param bytes about how many bytes of applied entries
   */
  static Trailing read(FrameReader reader, Replay replay, long end, long bytes)
      throws IOException, MalformedException {
    LogTail log = replay.log();
    long applied = replay.store().appliedIndex();
    long first = applied + 1;
    EntryPositions positions = replay.positions();
    long before = replay.snapshot().index();
    while (first - 1 > before && end - positions.of(first - 1) <= bytes) {
      first--;
    }
    SnapshotMeta base = replay.snapshot();
    if (first - 1 > before) {
      Entry last = entry(reader, positions.of(first - 1), end);
      base = new SnapshotMeta(last.index(), last.term(), log.membershipAt(last.index()));
    }
    List<Entry> entries = new ArrayList<>();
    for (long index = first; index <= applied; index++) {
      entries.add(entry(reader, positions.of(index), end));
    }
    entries.addAll(log.open());
    return new Trailing(base, entries);
  }

  private static Entry entry(FrameReader reader, long position, long end)
      throws IOException, MalformedException {
    if (!reader.read(position, end)) {
      // It was good when it was read first: the disk gives one byte now and another one then.
      throw new MalformedException("an entry that is bad when it is read again: " + reader.fault());
    }
    return EntryCodec.readEntry(reader.content());
  }
}
