package org.rale.dstore;

import java.util.List;
import org.jspecify.annotations.Nullable;
import org.rale.bytes.ByteReader;
import org.rale.bytes.Bytes;
import org.rale.bytes.MalformedException;

/**
 * The state machine: a table of items, the order of their keys, leases, and the memory of clients.
 *
 * <p>It is changed by {@link #apply} and {@link #skip} alone, at rising log indexes, and by nothing
 * but their arguments (S-14, S-20). All parts are in the state hash and in the image, but for the
 * recent changes that it remembers. One thread owns it; {@link #freeze} gives others something to
 * read.
 */
public final class DStore {
  /** So many commands {@link #prefetch} looks at. */
  public static final int PREFETCHED = Prefetch.GROUP;

  private final Table table = new Table();
  private final Transactions transactions = new Transactions(table);
  private final Sessions sessions;
  private long appliedIndex;
  private int format = StoreCodec.FIRST_FORMAT;

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
   * The highest format of the commands that were applied. State hash and image of a store of format
   * 1 are those of the programs that know no other: so in a cluster whose nodes are updated one by
   * one all agree, until the first command of format 2.
   */
  public int format() {
    return format;
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
    format = Math.max(format, StoreCodec.formatOf(decoded));
    appliedIndex = index;
    if (!decoded.origin().isPresent()) {
      return change(index, decoded);
    }
    Session session = sessions.of(decoded.origin());
    Outcome recalled = sessions.recall(session, decoded.origin());
    if (recalled != null) {
      sessions.touch(session, index, decoded.origin());
      return recalled(recalled, decoded);
    }
    Outcome outcome = change(index, decoded);
    sessions.remember(session, index, decoded.origin(), outcome);
    return outcome;
  }

  /**
   * Says what will be applied next, so that it goes faster: in a large table most of the time for a
   * change is waiting for memory, and this waits for many rows at once. Nothing else hangs on it.
   *
   * @param commands encoded; of those behind the first {@value #PREFETCHED} nothing is taken
   */
  public void prefetch(List<Bytes> commands) {
    table.prefetch(commands);
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
    Row row = table.get(key);
    return row == null ? null : row.item();
  }

  /**
   * What a transaction that changes nothing comes to, as of now. Its revision is the applied index.
   *
   * @throws IllegalArgumentException if it may change something
   */
  public Outcome.Txn read(StoreCommand.Txn txn) {
    if (txn.mayChange()) {
      throw new IllegalArgumentException("no read: " + txn);
    }
    return (Outcome.Txn) transactions.apply(appliedIndex, txn);
  }

  /** The lease of this id; null where there is none, any more or yet. */
  public @Nullable LeaseItem lease(long id) {
    Lease lease = table.leases.get(id);
    return lease == null ? null : item(lease);
  }

  /** By id. */
  public List<LeaseItem> leases() {
    return table.leases.all().stream().map(DStore::item).toList();
  }

  public int leaseCount() {
    return table.leases.size();
  }

  /** The lease that the key hangs on, 0: none. */
  public long leaseOf(Bytes key) {
    return table.leases.of(key);
  }

  private static LeaseItem item(Lease lease) {
    return new LeaseItem(lease.id(), lease.ttlMs(), lease.keys().size());
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
    return table.keys(prefix, limit);
  }

  /**
   * The revision that this node remembers all changes after; 0: all that there ever were. It rises
   * with what is forgotten, and differs from node to node.
   */
  public long historyFloor() {
    return table.history.floor();
  }

  /**
   * The keys that changed after the revision, which is not below {@link #historyFloor}.
   *
   * @param questions how many will be asked of them, about
   */
  public ChangedKeys changedKeys(long revision, int questions) {
    requireRemembered(revision);
    return new ChangedKeys(table.history.keysAfter(revision), questions);
  }

  /**
   * Changes of keys that start with the prefix, in the order in which they were applied.
   *
   * @param revision they are those with a higher one; not below {@link #historyFloor}
   * @param mostBytes of keys, values and {@value History#CHANGE_BYTES} for each change. Those of
   *     one revision are never parted, and the first that is found is given in any case
   * @param mostLooks about how many changes are looked at
   */
  public Changes changes(Bytes prefix, long revision, long mostBytes, int mostLooks) {
    requireRemembered(revision);
    return table.history.after(revision, prefix, appliedIndex, mostBytes, mostLooks);
  }

  private void requireRemembered(long revision) {
    if (revision < historyFloor()) {
      throw new IllegalArgumentException(
          "changes after " + revision + ", where those after " + historyFloor() + " are known");
    }
  }

  public int size() {
    return table.size();
  }

  /**
   * Bytes of keys, values and their headers: about what a snapshot takes.
   *
   * <p>An item counts its key, its value and 30 bytes; a lease 20 bytes, and for each of its keys
   * that and 2 bytes; a client 44 bytes, and for each remembered outcome 17 to 33, more where it is
   * a transaction's. This is the image without the 6 bytes before each piece and without the first
   * and the last piece. In memory an item takes some 120 bytes more than key and value.
   */
  public long liveBytes() {
    return table.liveBytes() + sessions.liveBytes();
  }

  /**
   * A hash of the whole state: table, leases, sessions, applied index. Kept up with every change.
   */
  public long stateHash() {
    SipHash hash =
        new SipHash()
            .add(appliedIndex)
            .add(table.size())
            .add(table.rowsDigest())
            .add(sessions.size())
            .add(sessions.digest())
            .add(sessions.forgottenThrough());
    if (format > StoreCodec.FIRST_FORMAT) {
      hash.add(format).add(table.leases.size()).add(table.leases.digest());
    }
    return hash.finish();
  }

  /** The store as it is now, without a copy of the data; see {@link RowHeap} for what it costs. */
  public FrozenStore freeze() {
    return new FrozenStore(
        appliedIndex,
        format,
        stateHash(),
        liveBytes(),
        sessions.forgottenThrough(),
        table.freeze(),
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
      add(new ByteReader(piece));
    }

    /** The same for a piece that is all that is left in a larger array. */
    public void add(ByteReader piece) throws MalformedException {
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

  Table table() {
    return table;
  }

  /** Loading: the last thing that is set. What was before is not remembered. */
  void restoreApplied(long index) {
    skip(index);
    table.history.beginAt(index);
  }

  /** Loading: the first thing that is set. */
  void restoreFormat(int restored) {
    format = restored;
  }

  private Outcome recalled(Outcome first, StoreCommand command) {
    return first instanceof Outcome.Txn outcome && command instanceof StoreCommand.Txn txn
        ? transactions.recall(txn, outcome)
        : first;
  }

  private Outcome change(long index, StoreCommand command) {
    if (command instanceof StoreCommand.OfKey ofKey) {
      return changeKey(index, ofKey);
    } else if (command instanceof StoreCommand.Txn txn) {
      return transactions.apply(index, txn);
    } else if (command instanceof StoreCommand.LeaseGrant grant) {
      return grant(index, grant.ttlMs());
    } else if (command instanceof StoreCommand.LeaseRevoke revoke) {
      return end(index, revoke.lease());
    } else {
      return end(index, ((StoreCommand.LeaseExpire) command).lease());
    }
  }

  private Outcome changeKey(long index, StoreCommand.OfKey command) {
    Bytes key = command.key();
    if (command instanceof StoreCommand.Put put) {
      return store(index, key, put.value(), put.lease());
    } else if (command instanceof StoreCommand.CompareAndSet cas) {
      Row row = table.get(key);
      long revision = row == null ? 0 : row.revision();
      return revision == cas.expected()
          ? store(index, key, cas.value(), cas.lease())
          : new Outcome.Mismatch(revision);
    } else {
      return new Outcome.Deleted(table.delete(index, key), index);
    }
  }

  private Outcome store(long index, Bytes key, Bytes value, long lease) {
    Outcome refusal = lease == 0 ? null : table.refusal(lease, List.of(key));
    if (refusal != null) {
      return refusal;
    }
    Row row = table.put(index, key, value, lease);
    return new Outcome.Stored(index, row.createdRevision(), row.version());
  }

  private Outcome grant(long index, long ttlMs) {
    if (table.leases.size() >= StoreLimits.MAX_LEASES) {
      return new Outcome.LeaseLimit(0);
    }
    table.leases.grant(index, ttlMs);
    return new Outcome.LeaseGranted(index, ttlMs);
  }

  private Outcome end(long index, long id) {
    Lease lease = table.leases.get(id);
    return lease == null
        ? new Outcome.LeaseMissing(id)
        : new Outcome.LeaseEnded(id, table.end(index, lease), index);
  }

  private void checkNext(long index) {
    if (index <= appliedIndex) {
      throw new IllegalStateException("index " + index + " to be applied after " + appliedIndex);
    }
  }
}
