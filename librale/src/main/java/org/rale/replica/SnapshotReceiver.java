package org.rale.replica;

import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;
import org.rale.bytes.MalformedException;
import org.rale.dstore.DStore;
import org.rale.raft.Message.SnapshotPiece;
import org.rale.raft.SnapshotMeta;

/** Puts the pieces of one snapshot together, in order, into a table. */
final class SnapshotReceiver {
  private final int from;
  private long movedAt;
  private final SnapshotMeta meta;
  private final DStore.Loader loader = DStore.loader();
  private final CRC32C hash = new CRC32C();
  private int next;
  private @Nullable DStore whole;

  SnapshotReceiver(int from, SnapshotMeta meta, long now) {
    this.from = from;
    this.movedAt = now;
    this.meta = meta;
  }

  int from() {
    return from;
  }

  SnapshotMeta meta() {
    return meta;
  }

  /** When the last piece was taken. */
  long movedAt() {
    return movedAt;
  }

  /** The piece wanted next. */
  int next() {
    return next;
  }

  /** The table, once the last piece has come. */
  @Nullable DStore whole() {
    return whole;
  }

  boolean isPartOf(int sender, SnapshotMeta other) {
    return sender == from && other.equals(meta);
  }

  /**
   * Whether the sender has begun again with the same snapshot, after a link broke. It is at its
   * first pieces then, and can't go on where this one is; its window says that no other piece comes
   * twice.
   */
  boolean isBegunAnewBy(SnapshotPiece piece) {
    return piece.piece() == 0 && next > SnapshotSender.WINDOW;
  }

  /** Takes the piece where it is the next one; others are late or early, and are wanted again. */
  void take(SnapshotPiece piece, long now) throws MalformedException {
    if (piece.piece() != next || whole != null) {
      return;
    }
    movedAt = now;
    byte[] content = piece.data().shared();
    hash.update(content, 0, content.length);
    if (hash.getValue() != piece.hash()) {
      throw new MalformedException(
          "piece " + next + " of the snapshot at index " + meta.index() + " has another hash");
    }
    loader.add(piece.data());
    next++;
    if (piece.last()) {
      DStore store = loader.finish();
      if (store.appliedIndex() != meta.index()) {
        throw new MalformedException(
            "a table at index " + store.appliedIndex() + " in a snapshot of " + meta.index());
      }
      whole = store;
    }
  }
}
