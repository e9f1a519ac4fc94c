package org.rale.dstore;

import java.util.List;
import org.jspecify.annotations.Nullable;
import org.rale.bytes.Bytes;

/**
 * The rows, the order of their keys, the leases they hang on, what changed: kept together, key by
 * key.
 */
final class Table {
  final Leases leases = new Leases();
  final History history = new History(History.MAX_BYTES);
  private final RowHeap rows = new RowHeap();
  private final HashIndex hashes = new HashIndex(rows);
  private final KeyIndex keys = new KeyIndex();
  private final Prefetch prefetch = new Prefetch(hashes, rows);

  /** The sum of the rows' digests: the same in whatever order they came. */
  private long rowsDigest;

  private long rowsBytes;

  @Nullable Row get(Bytes key) {
    byte[] name = key.shared();
    int number = hashes.find(SipHash.of(name), name);
    return number == RowHeap.NONE ? null : rows.get(number);
  }

  List<Bytes> keys(Bytes prefix, int limit) {
    return keys.scan(prefix.shared(), limit);
  }

  int size() {
    return rows.size();
  }

  long rowsDigest() {
    return rowsDigest;
  }

  long liveBytes() {
    return rowsBytes + leases.liveBytes();
  }

  void prefetch(List<Bytes> commands) {
    prefetch.of(commands);
  }

  /**
   * @param lease exists, and has room for the key; 0: none
   */
  Row put(long index, Bytes key, Bytes value, long lease) {
    byte[] name = key.shared();
    long hash = SipHash.of(name);
    int number = hashes.find(hash, name);
    Row row;
    if (number == RowHeap.NONE) {
      row = new Row(name, hash, value.shared(), index, index, 1);
      add(hash, row);
    } else {
      Row old = rows.get(number);
      row =
          new Row(old.key(), hash, value.shared(), index, old.createdRevision(), old.version() + 1);
      rows.set(number, row);
      discount(old);
    }
    count(row);
    if (lease != leases.of(key)) {
      leases.hang(Bytes.wrap(row.key()), lease); // the row's array: the key is in memory once
    }
    history.put(row);
    return row;
  }

  /** Returns how many keys went, 0 or 1. */
  int delete(long index, Bytes key) {
    byte[] name = key.shared();
    long hash = SipHash.of(name);
    int number = hashes.find(hash, name);
    if (number == RowHeap.NONE) {
      return 0;
    }
    Row old = rows.get(number);
    hashes.remove(hash, name);
    keys.remove(name);
    rows.remove(number);
    discount(old);
    leases.hang(key, 0);
    history.deleted(index, old.key());
    return 1;
  }

  /** Ends a lease and takes out its keys; returns how many. */
  int end(long index, Lease lease) {
    List<Bytes> hanging = List.copyOf(lease.keys());
    hanging.forEach(key -> delete(index, key));
    Lease emptied = leases.get(lease.id());
    if (emptied == null) {
      throw new IllegalStateException("there is no lease " + lease.id());
    }
    leases.end(emptied);
    return hanging.size();
  }

  /**
   * Why keys can't hang on the lease; null where they can.
   *
   * @param more that would hang on it; those that do already count for nothing
   */
  @Nullable Outcome refusal(long id, List<Bytes> more) {
    if (id == 0) {
      return null;
    }
    Lease lease = leases.get(id);
    if (lease == null) {
      return new Outcome.LeaseMissing(id);
    }
    long added = more.stream().filter(key -> !lease.keys().contains(key)).count();
    return lease.keys().size() + added > StoreLimits.MAX_LEASE_KEYS
        ? new Outcome.LeaseLimit(id)
        : null;
  }

  FrozenTable freeze() {
    return new FrozenTable(rows.size(), rowsDigest, rows.freeze(), keys.freeze(), leases.freeze());
  }

  /** Loading: a row whose key is above all others, and the hash of that. */
  void restore(long hash, Row row) {
    add(hash, row);
    count(row);
  }

  /**
   * Loading: the same for all but the hashes, which are to come at once. Returns the row's number:
   * how many came before it.
   */
  int restoreBesideHash(Row row) {
    int number = rows.add(row);
    keys.add(row.key(), number);
    count(row);
    return number;
  }

  /** Loading: of all rows that came without. */
  void restoreHashes(long[] all) {
    hashes.load(all, rows.size());
  }

  private void add(long hash, Row row) {
    int number = rows.add(row);
    hashes.insert(hash, number);
    keys.add(row.key(), number);
  }

  private void count(Row row) {
    rowsDigest += row.digest();
    rowsBytes += row.liveBytes();
  }

  private void discount(Row row) {
    rowsDigest -= row.digest();
    rowsBytes -= row.liveBytes();
  }
}
