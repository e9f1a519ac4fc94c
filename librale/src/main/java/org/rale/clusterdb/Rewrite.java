package org.rale.clusterdb;

import java.io.IOException;
import org.rale.dstore.ImagePieces;
import org.rale.raft.HardState;
import org.rale.raft.SnapshotMeta;
import org.rale.wire.Identity;

/**
 * A new cluster.db, written beside the old one and put in its place (S-04): frames, header, sync,
 * rename, sync of the directory. Until the rename is durable a power loss leaves the old file,
 * whole; after it the new one, whole; in between one or the other.
 *
 * <p>The header comes last, and tells where the sealed part ends. So a file without a good header
 * was never named cluster.db by us, and damage in the sealed part is never a torn tail.
 */
final class Rewrite {
  private static final long SYNC_BYTES = 4 << 20;

  private final Storage storage;
  private final Identity identity;
  private final long salt;
  private final FrameWriter writer;
  private long syncedTo = Layout.HEADER_BYTES;
  private long snapshotIndex;

  private Rewrite(Storage storage, Identity identity, long salt, FrameWriter writer) {
    this.storage = storage;
    this.identity = identity;
    this.salt = salt;
    this.writer = writer;
  }

  static Rewrite begin(Storage storage, Identity identity, long salt) throws IOException {
    deleteLeftOver(storage);
    Storage.StorageFile file = storage.open(Layout.NEW_FILE, true);
    return new Rewrite(
        storage,
        identity,
        salt,
        new FrameWriter(file, Layout.FORMAT_VERSION, salt, Layout.HEADER_BYTES, 0));
  }

  /** A crash may have left a half-written new file; what it was to hold is in the old one. */
  static void deleteLeftOver(Storage storage) throws IOException {
    if (storage.exists(Layout.NEW_FILE)) {
      storage.delete(Layout.NEW_FILE);
    }
  }

  FrameWriter writer() {
    return writer;
  }

  /** Begins the first batch, which holds the snapshot. */
  void beginSnapshot(SnapshotMeta meta, HardState hardState) throws IOException {
    snapshotIndex = meta.index();
    writer.begin();
    writer.snapshotMeta(meta);
    writer.hardState(hardState);
  }

  /**
   * Writes pieces up to about so many bytes; true when the last one stands, and the batch ended.
   */
  boolean writePieces(ImagePieces pieces, long bytes) throws IOException {
    long end = writer.position() + bytes;
    while (pieces.hasNext()) {
      if (writer.position() >= end) {
        return false;
      }
      writer.snapshotPiece(pieces.next());
    }
    endSnapshot();
    return true;
  }

  /** Ends its batch: of a snapshot without a table right after its beginning. */
  void endSnapshot() throws IOException {
    writer.end(snapshotIndex);
  }

  /**
   * Syncs every few megabytes: the disk never has much to do at once, so that neither the last sync
   * nor a batch written to the old file meanwhile waits long.
   */
  void syncSometimes() throws IOException {
    if (writer.position() - syncedTo >= SYNC_BYTES) {
      writer.flush();
      writer.file().sync();
      syncedTo = writer.position();
    }
  }

  /** Puts the file in the old one's place; the writer goes on behind what it holds. */
  FrameWriter seal() throws IOException {
    finish();
    publish();
    return writer;
  }

  /** Makes the file whole and durable, under the name that does not count yet. */
  void finish() throws IOException {
    writer.flush();
    Header header = new Header(Layout.FORMAT_VERSION, identity, salt, writer.position());
    writer.file().write(0, header.encode());
    writer.file().sync();
  }

  /** Gives the finished file its name. */
  void publish() throws IOException {
    storage.rename(Layout.NEW_FILE, Layout.FILE);
    storage.syncDirectory();
  }

  /** The file that is being rewritten can't be read. */
  ClusterDbException damaged(long offset, String fault) {
    return ClusterDbException.damaged(
        storage.describe(Layout.FILE),
        identity.nodeId(),
        offset,
        "A log entry was to be copied from there: " + fault + ".");
  }

  void abandon() throws IOException {
    writer.file().close();
    deleteLeftOver(storage);
  }
}
