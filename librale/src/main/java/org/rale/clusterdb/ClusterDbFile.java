package org.rale.clusterdb;

import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.rale.bytes.MalformedException;
import org.rale.dstore.DStore;
import org.rale.raft.Entry;
import org.rale.raft.Payload;
import org.rale.wire.Identity;

/**
 * A cluster.db as a tool reads it: by the code of a start, but without writing, locking or being
 * asked whose it is. Its daemon may be running, and writing to it: what is read is then as of now,
 * up to the size that the file had when it was opened.
 *
 * <p>For one thread. Of {@link #survey} and {@link #records} one may be called, once.
 */
public final class ClusterDbFile implements Closeable {
  private final Storage.StorageFile file;
  private final String name;
  private final Header header;
  private final long size;

  private ClusterDbFile(Storage.StorageFile file, String name, Header header, long size) {
    this.file = file;
    this.name = name;
    this.header = header;
    this.size = size;
  }

  /**
   * Opens the file and reads its header.
   *
   * @throws IOException with a sentence that names the file
   * @throws ClusterDbException when this is no cluster.db, a newer one, or its header is damaged
   */
  public static ClusterDbFile open(Path path) throws IOException, ClusterDbException {
    return open(FileStorage.openToRead(path), path.toString());
  }

  static ClusterDbFile open(Storage.StorageFile file, String name)
      throws IOException, ClusterDbException {
    try {
      if (!Header.isOurs(file)) {
        throw ClusterDbException.notOurs(name);
      }
      Header header = Header.readAnyones(file, name, 0);
      return new ClusterDbFile(file, name, header, file.size());
    } catch (Throwable e) {
      file.close();
      throw e;
    }
  }

  public int formatVersion() {
    return header.version();
  }

  public Identity identity() {
    return header.identity();
  }

  /** Whether it is no node's file but a backup; then {@link #identity} has node 0. */
  public boolean isBackup() {
    return header.isBackup();
  }

  /** All bytes before it were durable when the file got its name. */
  public long sealedEnd() {
    return header.sealedEnd();
  }

  public long size() {
    return size;
  }

  /**
   * Reads all, as a start does, and in as much memory.
   *
   * @param applyLog whether the table shall be as of the last entry, and not of the snapshot
   */
  public Survey survey(boolean applyLog) throws IOException {
    Replay replay = new Replay(/* applies= */ false);
    Recovery recovery = new Recovery(file, name, header, replay, Opening.WHOLE.progress());
    long cutBytes = 0;
    @Nullable ClusterDbException damage = null;
    try {
      cutBytes = recovery.judge(size, /* beside= */ true);
    } catch (ClusterDbException e) {
      damage = isBackup() ? e.ofBackup() : e;
    }
    Survey.Reach reach = new Survey.Reach(recovery.batch(), recovery.batchEnd(), cutBytes);
    if (reach.batches() == 0) {
      return new Survey(reach, null, damage);
    }
    DStore table = replay.store();
    Survey.Held held =
        new Survey.Held(
            replay.snapshot(),
            table.size(),
            table.liveBytes(),
            replay.hardState(),
            replay.log().open(),
            replay.log().committed(),
            table);
    if (applyLog) {
      try {
        apply(held.entries(), table, replay.positions());
      } catch (ClusterDbException e) {
        damage = damage == null ? e : damage;
      }
    }
    return new Survey(reach, held, damage);
  }

  private void apply(List<Entry> entries, DStore table, EntryPositions positions)
      throws ClusterDbException {
    for (Entry entry : entries) {
      try {
        if (entry.payload() instanceof Payload.Command command) {
          table.apply(entry.index(), command.bytes());
        } else {
          table.skip(entry.index());
        }
      } catch (MalformedException e) {
        throw ClusterDbException.damaged(
            name,
            identity().nodeId(),
            positions.of(entry.index()),
            "The checksums are good, and a start opens the file, but entry "
                + entry.index()
                + " holds "
                + e.getMessage()
                + ": the node stops when it is to apply it, once it is committed.");
      }
    }
  }

  /**
   * Reads record by record, in little memory however large the file is. Each record is given away
   * before the end of its batch is seen: the records of a batch that has none, the last one, do not
   * count. What contradicts itself over several records is not found here but by {@link #survey}.
   *
   * @throws ClusterDbException behind the last record before the damage
   */
  public Survey.Reach records(Consumer<FileRecord> target) throws IOException, ClusterDbException {
    Recovery recovery =
        new Recovery(file, name, header, new RecordSink(target), Opening.WHOLE.progress());
    long cutBytes;
    try {
      cutBytes = recovery.judge(size, /* beside= */ true);
    } catch (ClusterDbException e) {
      throw isBackup() ? e.ofBackup() : e;
    }
    return new Survey.Reach(recovery.batch(), recovery.batchEnd(), cutBytes);
  }

  @Override
  public void close() throws IOException {
    file.close();
  }
}
