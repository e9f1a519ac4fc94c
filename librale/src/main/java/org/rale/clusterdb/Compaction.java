package org.rale.clusterdb;

import java.io.IOException;
import org.rale.dstore.FrozenStore;
import org.rale.dstore.ImagePieces;
import org.rale.raft.HardState;
import org.rale.raft.SnapshotMeta;

/**
 * A rewrite in small steps, between which batches go on to the old file. First the snapshot, then
 * the tail: entries behind the snapshot are copied frame by frame from the old file, which by then
 * may have got more of them, or may have had some replaced.
 *
 * <p>Each step's entries form a batch of their own in the new file. So when entries that were
 * already copied are replaced in the old file, the copy just goes back to the first replaced one:
 * in the new file, too, a batch that begins with an index not behind the end replaces what is
 * there.
 */
final class Compaction {
  private final Rewrite rewrite;
  private final SnapshotMeta meta;
  private final ImagePieces pieces;
  private final CompactionPace pace;
  private final EntryPositions positions;
  private HardState carriedState;
  private boolean snapshotWritten;

  /** The first entry that is not yet in the new file as it is in the old one. */
  private long next;

  Compaction(Rewrite rewrite, SnapshotMeta meta, FrozenStore store, HardState hardState)
      throws IOException {
    this.rewrite = rewrite;
    this.meta = meta;
    this.pieces = store.image(Layout.PIECE_BYTES);
    this.pace = new CompactionPace(store.liveBytes());
    this.carriedState = hardState;
    this.positions = new EntryPositions(meta.index() + 1);
    this.next = meta.index() + 1;
    rewrite.beginSnapshot(meta, hardState);
  }

  SnapshotMeta meta() {
    return meta;
  }

  /** Where the entries stand in the new file. */
  EntryPositions positions() {
    return positions;
  }

  Rewrite rewrite() {
    return rewrite;
  }

  /** A batch went to the old file, and replaced all entries from this one on. */
  void batchWritten(long firstIndex, long bytes) {
    if (firstIndex <= meta.index()) {
      throw new IllegalStateException(
          "entry " + firstIndex + " was replaced, but a snapshot is at " + meta.index());
    }
    next = Math.min(next, firstIndex);
    batchWritten(bytes);
  }

  /** A batch without entries went to the old file. */
  void batchWritten(long bytes) {
    pace.batchWritten(bytes);
  }

  /**
   * Goes one step on. True when the new file holds all that the old one says, and may be sealed:
   * before any other batch is written.
   */
  boolean step(
      FrameReader old, long oldEnd, EntryPositions oldPositions, HardState hardState, long commit)
      throws IOException, ClusterDbException {
    if (!snapshotWritten) {
      snapshotWritten = rewrite.writePieces(pieces, pace.snapshotStep(rewrite.writer().position()));
      rewrite.syncSometimes();
      return false;
    }
    long bytes = pace.tailStep(rewrite.writer().position());
    carry(old, oldEnd, oldPositions, hardState, commit, bytes);
    rewrite.syncSometimes();
    return next > oldPositions.last();
  }

  private void carry(
      FrameReader old,
      long oldEnd,
      EntryPositions oldPositions,
      HardState hardState,
      long commit,
      long bytes)
      throws IOException, ClusterDbException {
    FrameWriter writer = rewrite.writer();
    boolean stateMoved = !hardState.equals(carriedState);
    if (next > oldPositions.last() && !stateMoved) {
      return;
    }
    long end = writer.position() + bytes;
    writer.begin();
    if (stateMoved) {
      writer.hardState(hardState);
      carriedState = hardState;
    }
    while (next <= oldPositions.last() && writer.position() < end) {
      long from = oldPositions.of(next);
      if (!old.read(from, oldEnd)) {
        throw rewrite.damaged(from, old.fault());
      }
      positions.put(next, writer.position());
      old.copyTo(writer);
      next++;
    }
    writer.end(Math.min(commit, next - 1));
  }
}
