package org.rale.replica;

import java.util.ArrayDeque;
import java.util.Iterator;
import java.util.zip.CRC32C;
import org.rale.bytes.Bytes;
import org.rale.dstore.FrozenStore;
import org.rale.raft.Message.SnapshotPiece;
import org.rale.raft.SnapshotMeta;

/**
 * One snapshot on its way to one peer: a few pieces ahead of what the peer has confirmed, and again
 * from there when nothing is heard. Memory is bounded by the window.
 */
final class SnapshotSender {
  /** So many pieces under way keep a link busy and are not in the way of heartbeats for long. */
  static final int WINDOW = 4;

  private final SnapshotMeta meta;
  private final Iterator<Bytes> pieces;
  private final CRC32C hash = new CRC32C();
  private final ArrayDeque<SnapshotPiece> unconfirmed = new ArrayDeque<>();
  private int next;
  private int confirmed;
  private boolean allMade;
  private long progressAt;

  SnapshotSender(SnapshotMeta meta, FrozenStore store, int pieceBytes, long now) {
    this.meta = meta;
    this.pieces = store.pieces(pieceBytes);
    this.progressAt = now;
  }

  SnapshotMeta meta() {
    return meta;
  }

  /** The next piece that the window allows, or null. */
  @org.jspecify.annotations.Nullable
  SnapshotPiece next(long term) {
    if (allMade || unconfirmed.size() >= WINDOW) {
      return null;
    }
    Bytes data = pieces.next();
    allMade = !pieces.hasNext();
    byte[] content = data.shared();
    hash.update(content, 0, content.length);
    SnapshotPiece piece = new SnapshotPiece(term, meta, next++, allMade, hash.getValue(), data);
    unconfirmed.add(piece);
    return piece;
  }

  /**
   * The peer wants this piece next.
   *
   * @return false where it wants one that is gone: it has begun anew, and so must the sender
   */
  boolean confirm(int wanted, long now) {
    if (wanted < confirmed || wanted > next) {
      return false;
    }
    while (!unconfirmed.isEmpty() && unconfirmed.peek().piece() < wanted) {
      unconfirmed.poll();
      progressAt = now;
    }
    confirmed = wanted;
    return true;
  }

  /** What to send again when nothing moved for so long; empty otherwise. */
  Iterable<SnapshotPiece> stalled(long now, long patience) {
    if (now - progressAt < patience) {
      return java.util.List.of();
    }
    progressAt = now;
    return java.util.List.copyOf(unconfirmed);
  }
}
