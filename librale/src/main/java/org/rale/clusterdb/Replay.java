package org.rale.clusterdb;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.rale.bytes.ByteReader;
import org.rale.bytes.MalformedException;
import org.rale.dstore.DStore;
import org.rale.raft.Entry;
import org.rale.raft.HardState;
import org.rale.raft.SnapshotMeta;
import org.rale.wire.EntryCodec;

/**
 * What the frames of a file add up to. A batch takes effect at its end mark, or not at all. Frames
 * whose checksums are good but which say what no node ever writes end in MalformedException: then
 * this program is wrong, or the one that wrote them was, and a guess would be worse than a stop.
 */
final class Replay implements FrameSink {
  private final boolean applies;
  private SnapshotMeta snapshot = SnapshotMeta.NONE;
  private HardState hardState = HardState.INITIAL;
  private final DStore.Loader loader = DStore.loaderAtOnce();
  private @Nullable DStore store;
  private @Nullable LogTail log;
  private EntryPositions positions = new EntryPositions(1);

  private boolean snapshotBegun;
  private int pieces;
  private @Nullable HardState newHardState;
  private final List<Entry> newEntries = new ArrayList<>();
  private final List<Long> newPositions = new ArrayList<>();

  /**
   * @param applies whether what is committed goes into the table, and is not kept as entries
   */
  Replay(boolean applies) {
    this.applies = applies;
  }

  @Override
  public void frame(FrameType type, ByteReader in, long position) throws MalformedException {
    boolean inSnapshot = store == null;
    if (inSnapshot && (type == FrameType.SNAPSHOT_META) == snapshotBegun) {
      throw new MalformedException("a snapshot that does not begin with its place in the log");
    }
    if (inSnapshot != (type != FrameType.ENTRY) && type != FrameType.HARD_STATE) {
      throw new MalformedException("a frame of type " + type + " where none may stand");
    }
    switch (type) {
      case SNAPSHOT_META -> {
        snapshot = EntryCodec.readSnapshotMeta(in);
        snapshotBegun = true;
      }
      case SNAPSHOT_PIECE -> {
        loader.add(in);
        pieces++;
      }
      case HARD_STATE -> newHardState = EntryCodec.readHardState(in);
      case ENTRY -> {
        newEntries.add(EntryCodec.readEntry(in));
        newPositions.add(position);
      }
      case END -> throw new IllegalStateException("an end mark is no content");
    }
    in.finish();
  }

  @Override
  public void endOfBatch(long commit) throws MalformedException {
    LogTail tail = log == null ? begin() : log;
    if (newHardState != null) {
      if (newHardState.term() < hardState.term()) {
        throw new MalformedException(
            "term " + newHardState.term() + " behind term " + hardState.term());
      }
      hardState = newHardState;
      newHardState = null;
    }
    if (!newEntries.isEmpty() && newEntries.get(0).index() <= tail.last()) {
      tail.cutFrom(newEntries.get(0).index());
    }
    for (int i = 0; i < newEntries.size(); i++) {
      tail.append(newEntries.get(i));
      positions.put(newEntries.get(i).index(), newPositions.get(i));
    }
    newEntries.clear();
    newPositions.clear();
    tail.commit(commit);
  }

  @Override
  public void dropBatch() {
    newHardState = null;
    newEntries.clear();
    newPositions.clear();
  }

  /** The first batch, the snapshot, has ended. */
  private LogTail begin() throws MalformedException {
    if (!snapshotBegun) {
      throw new MalformedException("no snapshot in the first batch");
    }
    DStore loaded = loadStore();
    LogTail tail = new LogTail(snapshot, loaded, applies);
    store = loaded;
    log = tail;
    positions = new EntryPositions(snapshot.index() + 1);
    return tail;
  }

  private DStore loadStore() throws MalformedException {
    DStore loaded = snapshot.index() == 0 && pieces == 0 ? new DStore() : loader.finish();
    if (loaded.appliedIndex() != snapshot.index()) {
      throw new MalformedException(
          "a table as of index "
              + loaded.appliedIndex()
              + " in a snapshot as of index "
              + snapshot.index());
    }
    return loaded;
  }

  SnapshotMeta snapshot() {
    return snapshot;
  }

  HardState hardState() {
    return hardState;
  }

  /** The table, with what is committed where that is wanted; the first batch has ended. */
  DStore store() {
    if (store == null) {
      throw new IllegalStateException("the snapshot was not read");
    }
    return store;
  }

  /** What is behind the snapshot; the first batch has ended. */
  LogTail log() {
    if (log == null) {
      throw new IllegalStateException("the snapshot was not read");
    }
    return log;
  }

  EntryPositions positions() {
    return positions;
  }
}
