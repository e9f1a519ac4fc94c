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
  private final RowTable rows = new RowTable();
  private final KeyIndex keys = new KeyIndex();
  private final Prefetch prefetch = new Prefetch();

  /** The sum of the rows' digests: the same in whatever order they came. */
  private long rowsDigest;

  private long rowsBytes;

  @Nullable Row get(Bytes key) {
    byte[] name = key.shared();
    return rows.get(SipHash.of(name), name);
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
    prefetch.of(rows.root(), commands);
  }

  /**
   * @param lease exists, and has room for the key; 0: none
   */
  Row put(long index, Bytes key, Bytes value, long lease) {
    byte[] name = key.shared();
    long hash = SipHash.of(name);
    Row old = rows.get(hash, name);
    Row row;
    if (old == null) {
      row = new Row(name, hash, value.shared(), index, index, 1);
      rows.insert(hash, row);
      keys.add(name);
    } else {
      row =
          new Row(old.key(), hash, value.shared(), index, old.createdRevision(), old.version() + 1);
      rows.replace(hash, row);
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
    Row old = rows.get(hash, name);
    if (old == null) {
      return 0;
    }
    rows.remove(hash, old.key());
    keys.remove(old.key());
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

  RowTable.Frozen freezeRows() {
    return rows.freeze();
  }

  KeyIndex.Frozen freezeKeys() {
    return keys.freeze();
  }

  /** Loading: a row whose key is above all others, and the hash of that. */
  void restore(long hash, Row row) {
    restoreBesideRows(row);
    rows.insert(hash, row);
  }

  /** Loading: the same for all but the hash table, which gets its rows at once. */
  void restoreBesideRows(Row row) {
    keys.add(row.key());
    count(row);
  }

  /** Loading: all rows into the hash table, in the order of their keys. */
  void restoreRows(long[] hashes, Row[] all, int count) {
    rows.load(hashes, all, count);
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
