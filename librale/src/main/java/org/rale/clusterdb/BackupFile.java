package org.rale.clusterdb;

import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Path;
import org.rale.bytes.ByteReader;
import org.rale.bytes.Bytes;
import org.rale.bytes.MalformedException;
import org.rale.dstore.ImageChecksum;
import org.rale.raft.HardState;
import org.rale.raft.SnapshotMeta;
import org.rale.wire.Identity;

/**
 * A backup while it is written: a cluster.db of node 0 with the snapshot alone, so that whatever
 * reads a cluster.db reads a backup, and no node starts with one.
 *
 * <p>It is written beside its name, made durable, read again and compared with the checksum of
 * those who sent it, and only then gets its name. Until then it is {@code FILE.partial}.
 */
public final class BackupFile implements Closeable {
  private final Rewrite rewrite;
  private final String name;
  private final ImageChecksum received = new ImageChecksum();
  private boolean done;

  private BackupFile(Rewrite rewrite, String name) {
    this.rewrite = rewrite;
    this.name = name;
  }

  /**
   * Begins the file.
   *
   * @param replace whether a file of that name may be replaced at the end
   * @param clusterId of the cluster that it is a backup of
   * @param term the highest term that the sender knows of
   * @param salt random
   * @throws IOException when the file exists, or can't be written, or another process writes it
   */
  public static BackupFile begin(
      Path file, boolean replace, long clusterId, SnapshotMeta meta, long term, long salt)
      throws IOException {
    requireFree(file, replace);
    return begin(new BackupTarget(file, replace), clusterId, meta, term, salt);
  }

  /** The name of the file until it is whole. */
  public static Path partial(Path file) {
    return file.resolveSibling(file.getFileName() + ".partial");
  }

  /**
   * Whether the file could get its name as things are now.
   *
   * @throws IOException when there is a file of that name, which is not to be replaced
   */
  public static void requireFree(Path file, boolean replace) throws IOException {
    new BackupTarget(file, replace).requireFree();
  }

  static BackupFile begin(Storage storage, long clusterId, SnapshotMeta meta, long term, long salt)
      throws IOException {
    Identity nobody = new Identity(clusterId, Header.BACKUP_NODE, 0);
    Rewrite rewrite = Rewrite.begin(storage, nobody, salt);
    BackupFile backup = new BackupFile(rewrite, storage.describe(Layout.NEW_FILE));
    try {
      rewrite.beginSnapshot(meta, new HardState(term, 0));
      return backup;
    } catch (Throwable e) {
      backup.close();
      throw e;
    }
  }

  /** The next piece of the table. */
  public void write(Bytes piece) throws IOException {
    received.add(piece);
    rewrite.writer().snapshotPiece(piece);
    rewrite.syncSometimes();
  }

  /** Of all pieces so far. */
  public int checksum() {
    return received.value();
  }

  /**
   * Makes the backup durable, reads it again, and gives it its name.
   *
   * @return its length in bytes
   * @throws ClusterDbException when what is read is not what was written
   */
  public long finish() throws IOException, ClusterDbException {
    rewrite.endSnapshot();
    rewrite.finish();
    long size = readAgain();
    rewrite.publish();
    done = true;
    rewrite.writer().file().close();
    return size;
  }

  private long readAgain() throws IOException, ClusterDbException {
    Storage.StorageFile file = rewrite.writer().file();
    Header header = Header.readAnyones(file, name, 0);
    PieceSum sum = new PieceSum();
    long size = file.size();
    new Recovery(file, name, header, sum, Opening.WHOLE.progress())
        .judge(size, /* beside= */ false);
    if (sum.read.value() != received.value()) {
      throw ClusterDbException.damaged(
          name, 0, Layout.HEADER_BYTES, "Its pieces are not those that were written.");
    }
    return size;
  }

  /** Takes the partial file away, unless the backup is done. */
  @Override
  public void close() throws IOException {
    if (!done) {
      done = true;
      rewrite.abandon();
    }
  }

  /** The checksum of the pieces as they stand in the file. */
  private static final class PieceSum implements FrameSink {
    final ImageChecksum read = new ImageChecksum();

    @Override
    public void frame(FrameType type, ByteReader in, long position) throws MalformedException {
      if (type == FrameType.SNAPSHOT_PIECE) {
        read.add(in.raw(in.remaining()));
      }
    }

    @Override
    public void endOfBatch(long commit) {}

    @Override
    public void dropBatch() {}
  }
}
