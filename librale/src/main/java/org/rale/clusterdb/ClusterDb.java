package org.rale.clusterdb;

import java.io.Closeable;
import java.io.IOException;
import java.util.List;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import org.rale.dstore.FrozenStore;
import org.rale.dstore.ImagePieces;
import org.rale.raft.Entry;
import org.rale.raft.HardState;
import org.rale.raft.SnapshotMeta;
import org.rale.wire.Identity;

/**
 * The file that holds everything a node must not forget. One thread at a time uses it: after {@link
 * #open} that is the disk thread, which must never be interrupted (S-18).
 *
 * <pre>{@code
 * for (;;) {
 *   task = compacting() ? queue.poll() : queue.take();
 *   if (task != null) perform(task);       // durable when it returns; a Compact has only begun
 *   if (compacting() && step()) ...        // the Compact is done
 * }
 * }</pre>
 *
 * <p>Any exception but {@link NoRoomException} ends it: what a failed write or sync left on the
 * disk is not known, and asking the kernel again may bring a false yes (S-03). Every later call
 * throws IllegalStateException; the process must halt, and the next start finds out.
 */
public final class ClusterDb implements Closeable {
  private static final long INSTALL_STEP_BYTES = 1 << 20;

  private final Storage storage;
  private final RandomGenerator random;

  private Identity identity;
  private HardState hardState;
  private long snapshotIndex;

  /** What the last batch said. */
  private long commit;

  private EntryPositions positions;
  private FrameWriter writer;

  /** How far the file reaches; from the writer's position on it holds zeros. */
  private long size;

  private @Nullable Compaction compaction;
  private @Nullable FrameReader reader;
  private @Nullable Throwable failure;

  /** A file that was opened, and what it held. */
  public record Opened(ClusterDb db, Recovered recovered) {}

  private ClusterDb(
      Storage storage, RandomGenerator random, Recovery.Result found, FrameWriter writer) {
    this.storage = storage;
    this.random = random;
    this.identity = found.header().identity();
    this.hardState = found.replay().hardState();
    this.snapshotIndex = found.replay().snapshot().index();
    this.commit = found.replay().store().appliedIndex();
    this.positions = found.replay().positions();
    this.writer = writer;
    this.size = found.size();
  }

  /** As {@link #open(Storage, int, RandomGenerator, Opening)}, with the whole log in memory. */
  public static Opened open(Storage storage, int nodeId, RandomGenerator random)
      throws IOException, ClusterDbException {
    return open(storage, nodeId, random, Opening.WHOLE);
  }

  /**
   * Opens the node's file, or makes it where the directory has none. The storage stays the
   * caller's, to be closed after this.
   *
   * @param random draws the incarnation of a new node, and salts
   * @throws ClusterDbException when the node must not start with this file
   */
  public static Opened open(Storage storage, int nodeId, RandomGenerator random, Opening opening)
      throws IOException, ClusterDbException {
    boolean created = !storage.exists(Layout.FILE);
    if (created) {
      create(storage, nodeId, random).close();
    }
    Storage.StorageFile file = storage.open(Layout.FILE, false);
    try {
      Recovery.Result found = Recovery.run(file, storage.describe(Layout.FILE), nodeId, opening);
      Rewrite.deleteLeftOver(storage);
      // The rename that brought this file may be as fresh as its last batch: see Recovery.
      storage.syncDirectory();
      Header header = found.header();
      FrameWriter writer =
          new FrameWriter(file, header.version(), header.salt(), found.end(), found.batch());
      Replay replay = found.replay();
      return new Opened(
          new ClusterDb(storage, random, found, writer),
          new Recovered(
              header.identity(),
              replay.hardState(),
              replay.snapshot(),
              found.use(),
              replay.store(),
              found.trailing().base(),
              found.trailing().entries(),
              created,
              found.cutBytes()));
    } catch (Throwable e) {
      file.close();
      throw e;
    }
  }

  private static Storage.StorageFile create(Storage storage, int nodeId, RandomGenerator random)
      throws IOException {
    long incarnation;
    do {
      incarnation = random.nextLong();
    } while (incarnation == 0);
    Rewrite rewrite =
        Rewrite.begin(storage, new Identity(0, nodeId, incarnation), random.nextLong());
    rewrite.beginSnapshot(SnapshotMeta.NONE, HardState.INITIAL);
    rewrite.endSnapshot();
    return rewrite.seal().file();
  }

  public Identity identity() {
    return identity;
  }

  /** How much of the file is in use. */
  public long bytes() {
    return writer.position();
  }

  /**
   * Carries the task out; it is durable on return. A Compact only begins: {@link #step} carries it
   * on, and other tasks may come in between. An Install drops a compaction that is under way, since
   * its snapshot is the newer one; so does a Write that needs the room.
   *
   * @throws NoRoomException when the disk is full: the file holds what it held, nothing of the task
   *     has happened, and it may be asked for again
   */
  public void perform(DiskTask task) throws IOException {
    requireAlive();
    HardState formerState = hardState;
    long formerCommit = commit;
    try {
      if (task instanceof DiskTask.Write write) {
        write(write.batch());
      } else if (task instanceof DiskTask.Join join) {
        join(join.clusterId(), join.batch());
      } else if (task instanceof DiskTask.Compact compact) {
        beginCompaction(compact.meta(), compact.store());
      } else if (task instanceof DiskTask.Install install) {
        install(install.meta(), install.store(), install.hardState());
      }
    } catch (NoRoomException e) {
      hardState = formerState;
      commit = formerCommit;
      throw e;
    } catch (Throwable e) {
      failure = e;
      throw e;
    }
  }

  /** Whether a compaction wants {@link #step} to be called. */
  public boolean compacting() {
    return compaction != null;
  }

  /**
   * Carries the compaction on by about a megabyte. True when it is done: the new file stands in the
   * old one's place.
   *
   * @throws ClusterDbException when an entry that must be carried over can't be read any more
   * @throws NoRoomException when it was given up, since the disk is full: there is none any more
   */
  public boolean step() throws IOException, ClusterDbException {
    requireAlive();
    Compaction running = compaction;
    if (running == null) {
      throw new IllegalStateException("no compaction is under way");
    }
    try {
      return advance(running);
    } catch (NoRoomException e) {
      throw e;
    } catch (Throwable e) {
      failure = e;
      throw e;
    }
  }

  private boolean advance(Compaction running) throws IOException, ClusterDbException {
    FrameReader old = reader == null ? writer.reader() : reader;
    reader = old;
    try {
      if (!running.step(old, writer.position(), positions, hardState, commit)) {
        return false;
      }
      put(running.rewrite(), running.meta(), running.positions());
    } catch (DiskFullException e) {
      // Only the new file is written here, and nothing after its rename: the old one is untouched.
      long written = running.rewrite().writer().position();
      dropCompaction();
      throw new NoRoomException(bytes(), written, e);
    }
    compaction = null;
    reader = null;
    return true;
  }

  /** Closes the file, and nothing else: what was not durable before is not made so. */
  @Override
  public void close() throws IOException {
    if (compaction != null) {
      compaction.rewrite().writer().file().close();
    }
    writer.file().close();
  }

  private void write(Batch batch) throws IOException {
    List<Entry> entries = batch.entries();
    if (batch.hardState() == null && entries.isEmpty()) {
      return;
    }
    growFor(batch);
    long start = writer.position();
    append(writer, positions, batch);
    writer.flush();
    if (writer.position() > size) {
      throw new IllegalStateException("a batch longer than its bound, of " + batch);
    }
    writer.file().sync();
    if (compaction != null && entries.isEmpty()) {
      compaction.batchWritten(writer.position() - start);
    } else if (compaction != null) {
      compaction.batchWritten(entries.get(0).index(), writer.position() - start);
    }
  }

  private void append(FrameWriter target, EntryPositions index, Batch batch) throws IOException {
    target.begin();
    if (batch.hardState() != null) {
      vote(batch.hardState());
      target.hardState(batch.hardState());
    }
    long expected = 0;
    for (Entry entry : batch.entries()) {
      if (expected != 0 && entry.index() != expected) {
        throw new IllegalStateException(
            "entry " + entry.index() + " where " + expected + " was due");
      }
      expected = entry.index() + 1;
      index.put(entry.index(), target.position());
      target.entry(entry);
    }
    commit(batch.commit(), index.last());
    target.end(commit);
  }

  private void commit(long next, long last) {
    if (next > last) {
      throw new IllegalStateException("a log up to " + last + " committed up to " + next);
    }
    // What was ordered before an install had run knows less than the snapshot.
    commit = Math.max(commit, next);
  }

  /** S-01: a term never falls, and a vote once given in a term is never given to another node. */
  private void vote(HardState next) {
    boolean back = next.term() < hardState.term();
    boolean changed =
        next.term() == hardState.term()
            && hardState.votedFor() != 0
            && next.votedFor() != hardState.votedFor();
    if (back || changed) {
      throw new IllegalStateException(next + " after " + hardState);
    }
    hardState = next;
  }

  /**
   * Writes zeros ahead when the batch may reach over the end of the file. The syncs to come change
   * no file size then, which makes them about twice as fast; and a full disk is noticed before
   * anything has happened.
   */
  private void growFor(Batch batch) throws NoRoomException, IOException {
    long end = writer.position() + Layout.boundOf(batch);
    if (end <= size) {
      return;
    }
    try {
      growTo(Layout.grownSize(end));
    } catch (DiskFullException e) {
      growTightly(end);
    }
  }

  /** The last bytes of a disk are for the log, and so are those of a rewrite under way. */
  private void growTightly(long end) throws NoRoomException, IOException {
    try {
      growTo(Layout.align(end));
    } catch (DiskFullException e) {
      if (compaction == null) {
        throw new NoRoomException(bytes(), e);
      }
      dropCompaction();
      growTightly(end);
    }
  }

  private void growTo(long grown) throws IOException {
    writer.zeros(size, grown);
    size = grown;
  }

  private void dropCompaction() throws IOException {
    if (compaction != null) {
      compaction.rewrite().abandon();
      compaction = null;
      reader = null;
    }
  }

  private void join(long clusterId, Batch batch) throws IOException {
    if (clusterId == 0 || identity.inCluster() || positions.last() != 0 || compaction != null) {
      throw new IllegalStateException(identity + " can't enter cluster " + clusterId);
    }
    Identity joined = identity.inCluster(clusterId);
    EntryPositions index = new EntryPositions(1);
    replace(
        joined,
        SnapshotMeta.NONE,
        index,
        rewrite -> {
          rewrite.beginSnapshot(SnapshotMeta.NONE, hardState);
          rewrite.endSnapshot();
          append(rewrite.writer(), index, batch);
        });
    identity = joined;
  }

  private void beginCompaction(SnapshotMeta meta, FrozenStore store) throws IOException {
    if (compaction != null || meta.index() < snapshotIndex || meta.index() > positions.last()) {
      throw new IllegalStateException(
          "a compaction at index "
              + meta.index()
              + " of a log from "
              + snapshotIndex
              + " to "
              + positions.last()
              + (compaction == null ? "" : " while another is under way"));
    }
    requireIndex(meta, store);
    try {
      Rewrite rewrite = Rewrite.begin(storage, identity, random.nextLong());
      compaction = new Compaction(rewrite, meta, store, hardState);
    } catch (DiskFullException e) {
      Rewrite.deleteLeftOver(storage);
      throw new NoRoomException(bytes(), 0, e);
    }
  }

  private void install(SnapshotMeta meta, FrozenStore store, HardState state) throws IOException {
    requireIndex(meta, store);
    dropCompaction();
    vote(state);
    commit = meta.index();
    replace(
        identity,
        meta,
        new EntryPositions(meta.index() + 1),
        rewrite -> {
          rewrite.beginSnapshot(meta, state);
          ImagePieces pieces = store.image(Layout.PIECE_BYTES);
          while (!rewrite.writePieces(pieces, INSTALL_STEP_BYTES)) {
            rewrite.syncSometimes();
          }
        });
  }

  /** What a new file is to hold. */
  private interface Content {
    void write(Rewrite rewrite) throws IOException;
  }

  /** Writes a new file in one go, and puts it in the old one's place. */
  private void replace(Identity owner, SnapshotMeta meta, EntryPositions index, Content content)
      throws IOException {
    Rewrite rewrite = null;
    try {
      rewrite = Rewrite.begin(storage, owner, random.nextLong());
      content.write(rewrite);
      put(rewrite, meta, index);
    } catch (DiskFullException e) {
      // Only the new file grows, and nothing does after its rename: the old one is untouched.
      if (rewrite == null) {
        Rewrite.deleteLeftOver(storage);
        throw new NoRoomException(bytes(), 0, e);
      }
      rewrite.abandon();
      throw new NoRoomException(bytes(), rewrite.writer().position(), e);
    }
  }

  /** Puts the new file in the old one's place, and goes on with it. */
  private void put(Rewrite rewrite, SnapshotMeta meta, EntryPositions index) throws IOException {
    Storage.StorageFile old = writer.file();
    writer = rewrite.seal();
    size = writer.position();
    snapshotIndex = meta.index();
    positions = index;
    old.close();
  }

  private static void requireIndex(SnapshotMeta meta, FrozenStore store) {
    if (store.index() != meta.index()) {
      throw new IllegalStateException(
          "a table as of index " + store.index() + " for a snapshot at " + meta.index());
    }
  }

  private void requireAlive() {
    if (failure != null) {
      throw new IllegalStateException(
          "file \"" + storage.describe(Layout.FILE) + "\" failed before, and is not used again",
          failure);
    }
  }
}
