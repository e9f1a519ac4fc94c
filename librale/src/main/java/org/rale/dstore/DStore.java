package org.rale.dstore;

import java.util.List;
import org.jspecify.annotations.Nullable;
import org.rale.bytes.Bytes;
import org.rale.bytes.MalformedException;

/**
 * The state machine: a table of items, the order of their keys, and the memory of clients.
 *
 * <p>It is changed by {@link #apply} and {@link #skip} alone, at rising log indexes, and by nothing
 * but their arguments (S-14, S-20). All three parts are in the state hash and in the image. One
 * thread owns it; {@link #freeze} gives others something to read.
 */
public final class DStore {
  private final RowTable rows = new RowTable();
  private final KeyIndex keys = new KeyIndex();
  private final Sessions sessions;
  private long appliedIndex;

  /** The sum of the rows' digests: the same in whatever order they came. */
  private long rowsDigest;

  private long rowsBytes;

  /** An empty store, before the first log index. */
  public DStore() {
    this(SessionBounds.DEFAULT);
  }

  DStore(SessionBounds bounds) {
    sessions = new Sessions(bounds);
  }

  /** The log index up to which commands have been applied. */
  public long appliedIndex() {
    return appliedIndex;
  }

  /**
   * Applies the encoded command that stands at the index, which is higher than any before.
   *
   * @throws MalformedException if this is no command that this program knows; nothing has changed
   *     then, and to go on behind it would make the node differ from the others
   * @throws IllegalStateException if the index is not higher than any before
   */
  public Outcome apply(long index, Bytes command) throws MalformedException {
    checkNext(index);
    StoreCommand decoded = StoreCodec.decode(command);
    appliedIndex = index;
    if (!decoded.origin().isPresent()) {
      return change(index, decoded);
    }
    Session session = sessions.of(decoded.origin());
    Outcome recalled = sessions.recall(session, decoded.origin());
    if (recalled != null) {
      sessions.touch(session, index, decoded.origin());
      return recalled;
    }
    Outcome outcome = change(index, decoded);
    sessions.remember(session, index, decoded.origin(), outcome);
    return outcome;
  }

  /**
   * An entry without a command passed: only the applied index moves.
   *
   * @throws IllegalStateException if the index is not higher than any before
   */
  public void skip(long index) {
    checkNext(index);
    appliedIndex = index;
  }

  public @Nullable Item get(Bytes key) {
    byte[] name = key.shared();
    Row row = rows.get(SipHash.of(name), name);
    return row == null ? null : row.item();
  }

  /**
   * Keys that start with the prefix, in order, at most {@code limit}.
   *
   * @param limit 0 or more
   */
  public List<Bytes> keys(Bytes prefix, int limit) {
    if (limit < 0) {
      throw new IllegalArgumentException("a limit of " + limit);
    }
    return keys.scan(prefix.shared(), limit);
  }

  public int size() {
    return rows.size();
  }

  /**
   * Bytes of keys, values and their headers: about what a snapshot takes.
   *
   * <p>An item counts its key, its value and 30 bytes; a client 44 bytes, and for each remembered
   * outcome 17 to 33. This is the image without the 6 bytes before each piece and without the first
   * and the last piece. In memory an item takes some 90 bytes more than key and value.
   */
  public long liveBytes() {
    return rowsBytes + sessions.liveBytes();
  }

  /** A hash of the whole state: table, sessions, applied index. Kept up with every change. */
  public long stateHash() {
    return new SipHash()
        .add(appliedIndex)
        .add(rows.size())
        .add(rowsDigest)
        .add(sessions.size())
        .add(sessions.digest())
        .add(sessions.forgottenThrough())
        .finish();
  }

  /** The store as it is now, without a copy of the data; see {@link RowTable} for what it costs. */
  public FrozenStore freeze() {
    return new FrozenStore(
        appliedIndex,
        stateHash(),
        liveBytes(),
        size(),
        sessions.forgottenThrough(),
        rows.freeze(),
        keys.freeze(),
        sessions.freeze());
  }

  /** For a caller that has other things to do between two pieces: each costs what it is long. */
  public static Loader loader() {
    return new Loader(SessionBounds.DEFAULT, false);
  }

  /** For a caller that waits for the whole: much faster, with most of the work at the end. */
  public static Loader loaderAtOnce() {
    return new Loader(SessionBounds.DEFAULT, true);
  }

  /**
   * Builds a table from the pieces of a frozen one.
   *
   * <p>The pieces may come from anywhere: what is wrong with them ends in {@link
   * MalformedException}, and what is built never takes more memory than a small multiple of what
   * came in. After a failure every further call fails.
   */
  public static final class Loader {
    private final ImageReader reader;

    Loader(SessionBounds bounds, boolean atOnce) {
      reader = new ImageReader(new DStore(bounds), bounds, atOnce);
    }

    /**
     * Takes the next piece; they come in the order in which {@link FrozenStore#pieces} gave them.
     */
    public void add(Bytes piece) throws MalformedException {
      reader.add(piece);
    }

    /** The table; fails when a piece is missing, or the state hash is not that of the image. */
    public DStore finish() throws MalformedException {
      return reader.finish();
    }
  }

  Sessions sessions() {
    return sessions;
  }

  /** Loading: a row whose key is above all others, and the hash of that. */
  void restore(long hash, Row row) {
    restoreBesideTable(hash, row);
    rows.insert(hash, row);
  }

  /** Loading: the same for all but the table, which gets its rows at once. */
  void restoreBesideTable(long hash, Row row) {
    keys.add(row.key());
    count(hash, row);
  }

  /** Loading: all rows into the table, in the order of their keys. */
  void restoreTable(long[] hashes, Row[] all, int count) {
    rows.load(hashes, all, count);
  }

  private Outcome change(long index, StoreCommand command) {
    byte[] key = command.key().shared();
    long hash = SipHash.of(key);
    Row row = rows.get(hash, key);
    if (command instanceof StoreCommand.Put put) {
      return store(index, hash, key, row, put.value());
    } else if (command instanceof StoreCommand.CompareAndSet cas) {
      long revision = row == null ? 0 : row.revision();
      return revision == cas.expected()
          ? store(index, hash, key, row, cas.value())
          : new Outcome.Mismatch(revision);
    } else {
      return delete(index, hash, row);
    }
  }

  private Outcome store(long index, long hash, byte[] key, @Nullable Row old, Bytes value) {
    Row row;
    if (old == null) {
      row = new Row(key, value.shared(), index, index, 1);
      rows.insert(hash, row);
      keys.add(key);
    } else {
      row = new Row(old.key(), value.shared(), index, old.createdRevision(), old.version() + 1);
      rows.replace(hash, row);
      discount(hash, old);
    }
    count(hash, row);
    return new Outcome.Stored(index, row.createdRevision(), row.version());
  }

  private Outcome delete(long index, long hash, @Nullable Row old) {
    if (old == null) {
      return new Outcome.Deleted(0, index);
    }
    rows.remove(hash, old.key());
    keys.remove(old.key());
    discount(hash, old);
    return new Outcome.Deleted(1, index);
  }

  private void count(long hash, Row row) {
    rowsDigest += row.digest(hash);
    rowsBytes += row.liveBytes();
  }

  private void discount(long hash, Row row) {
    rowsDigest -= row.digest(hash);
    rowsBytes -= row.liveBytes();
  }

  private void checkNext(long index) {
    if (index <= appliedIndex) {
      throw new IllegalStateException("index " + index + " to be applied after " + appliedIndex);
    }
  }
}
