package org.rale.dstore;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.rale.bytes.Bytes;

/**
 * The leases and which keys hang on them, a part of the replicated state like the table (S-14). A
 * key hangs on one lease at most. When a lease is due is no part of it: no clock is known here, and
 * what ends a lease is a command.
 */
final class Leases {
  private final TreeMap<Long, Lease> byId = new TreeMap<>();
  private final Map<Bytes, Long> leaseOf = new HashMap<>();
  private long epoch;
  private long digest;
  private long liveBytes;

  int size() {
    return byId.size();
  }

  @Nullable Lease get(long id) {
    return byId.get(id);
  }

  /** By id. */
  List<Lease> all() {
    return new ArrayList<>(byId.values());
  }

  /** The lease that the key hangs on, 0: none. */
  long of(Bytes key) {
    return leaseOf.isEmpty() ? 0 : leaseOf.getOrDefault(key, 0L);
  }

  long digest() {
    return digest;
  }

  long liveBytes() {
    return liveBytes;
  }

  /** A new one, whose id is above all before. */
  void grant(long id, long ttlMs) {
    Lease lease = new Lease(epoch, id, ttlMs);
    if (byId.put(id, lease) != null) {
      throw new IllegalStateException("lease " + id + " is granted twice");
    }
    count(lease);
  }

  /** Takes out a lease on which nothing hangs any more. */
  void end(Lease lease) {
    if (!lease.keys().isEmpty()) {
      throw new IllegalStateException("lease " + lease.id() + " ends before its keys");
    }
    byId.remove(lease.id());
    discount(lease);
  }

  /** The key hangs on this lease from now on, which exists; 0: on none. */
  void hang(Bytes key, long id) {
    long before = of(key);
    if (before == id) {
      return;
    }
    if (before != 0) {
      Lease lease = own(before);
      discount(lease);
      lease.remove(key);
      count(lease);
      leaseOf.remove(key);
    }
    if (id != 0) {
      Lease lease = own(id);
      discount(lease);
      lease.add(key);
      count(lease);
      leaseOf.put(key, id);
    }
  }

  /** The leases by id, which are never changed again. */
  Lease[] freeze() {
    epoch++;
    return byId.values().toArray(new Lease[0]);
  }

  private Lease own(long id) {
    Lease lease = byId.get(id);
    if (lease == null) {
      throw new IllegalStateException("there is no lease " + id);
    }
    if (lease.epoch() != epoch) {
      lease = lease.copy(epoch);
      byId.put(id, lease);
    }
    return lease;
  }

  private void count(Lease lease) {
    digest += lease.digest();
    liveBytes += lease.liveBytes();
  }

  private void discount(Lease lease) {
    digest -= lease.digest();
    liveBytes -= lease.liveBytes();
  }
}
