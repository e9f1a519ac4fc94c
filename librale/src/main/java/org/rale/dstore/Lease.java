package org.rale.dstore;

import java.util.SortedSet;
import java.util.TreeSet;
import org.rale.bytes.Bytes;

/**
 * A lease and the keys that hang on it. It may be changed while its epoch is that of {@link
 * Leases}.
 */
final class Lease {
  /** What a lease has in an image beside its keys, and a key beside its bytes. */
  static final int HEADER_BYTES = 8 + 8 + 4;

  static final int KEY_BYTES = 2;

  private final long epoch;
  private final long id;
  private final long ttlMs;
  private final SortedSet<Bytes> keys;
  private long keysDigest;
  private int keysBytes;

  Lease(long epoch, long id, long ttlMs) {
    this(epoch, id, ttlMs, new TreeSet<>());
  }

  private Lease(long epoch, long id, long ttlMs, SortedSet<Bytes> keys) {
    this.epoch = epoch;
    this.id = id;
    this.ttlMs = ttlMs;
    this.keys = keys;
  }

  Lease copy(long newEpoch) {
    Lease copy = new Lease(newEpoch, id, ttlMs, new TreeSet<>(keys));
    copy.keysDigest = keysDigest;
    copy.keysBytes = keysBytes;
    return copy;
  }

  long epoch() {
    return epoch;
  }

  long id() {
    return id;
  }

  long ttlMs() {
    return ttlMs;
  }

  /** In their order. */
  SortedSet<Bytes> keys() {
    return keys;
  }

  void add(Bytes key) {
    if (!keys.add(key)) {
      throw new IllegalStateException("a key that hangs on its lease twice");
    }
    keysDigest += digest(key);
    keysBytes += KEY_BYTES + key.length();
  }

  void remove(Bytes key) {
    if (!keys.remove(key)) {
      throw new IllegalStateException("a key that does not hang on its lease");
    }
    keysDigest -= digest(key);
    keysBytes -= KEY_BYTES + key.length();
  }

  /** Bytes of the lease in an image. */
  int liveBytes() {
    return HEADER_BYTES + keysBytes;
  }

  /** The lease's part of the state hash. */
  long digest() {
    return new SipHash().add(id).add(ttlMs).add(keys.size()).add(keysDigest).finish();
  }

  private static long digest(Bytes key) {
    return SipHash.of(key.shared());
  }
}
