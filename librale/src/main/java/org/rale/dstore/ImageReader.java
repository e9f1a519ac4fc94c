package org.rale.dstore;

import java.util.Arrays;
import java.util.List;
import org.rale.bytes.ByteReader;
import org.rale.bytes.Bytes;
import org.rale.bytes.MalformedException;

/**
 * Reads the pieces that {@link ImagePieces} wrote into an empty store, believing nothing: not the
 * counts, not the order, not the numbers.
 */
final class ImageReader {
  private final DStore store;
  private final SessionBounds bounds;
  private final boolean atOnce;
  private boolean failed;
  private boolean givenAway;
  private int version;
  private int pieces;
  private int lastKind;

  private long appliedIndex;
  private long forgottenThrough;
  private int rowsLeft;
  private int sessionsLeft;
  private int leasesLeft;
  private long stateHash;

  /** Of the keys that were read, by their rows' numbers, to be put into the table at once. */
  private long[] hashes = {};

  private byte[] lastKey = {};
  private long lastUse;
  private long lastLease;

  /**
   * @param atOnce whether the table is filled at the end, in one go
   */
  ImageReader(DStore store, SessionBounds bounds, boolean atOnce) {
    this.store = store;
    this.bounds = bounds;
    this.atOnce = atOnce;
  }

  /** Takes the piece that is all that the reader has left. */
  void add(ByteReader reader) throws MalformedException {
    check(!failed, "an image that was found damaged before");
    failed = true;
    int kind = readKind(reader);
    switch (kind) {
      case ImageFormat.HEAD -> readHead(reader);
      case ImageFormat.ROWS -> {
        do {
          readRow(reader);
        } while (reader.remaining() > 0);
      }
      case ImageFormat.SESSIONS -> {
        do {
          readSession(reader);
        } while (reader.remaining() > 0);
      }
      case ImageFormat.LEASES -> {
        do {
          readLease(reader);
        } while (reader.remaining() > 0);
      }
      default -> readEnd();
    }
    reader.finish();
    failed = false;
  }

  DStore finish() throws MalformedException {
    check(!failed, "an image that was found damaged before");
    check(lastKind == ImageFormat.END, "an image that ends after " + pieces + " pieces");
    if (givenAway) {
      throw new IllegalStateException("a store has one owner: its loader gave it away before");
    }
    givenAway = true;
    return store;
  }

  private int readKind(ByteReader reader) throws MalformedException {
    readVersion(reader.u8());
    int kind = reader.u8();
    int number = reader.i32();
    check(number == pieces, "piece " + number + " of an image where " + pieces + " was due");
    int last = version >= ImageFormat.LEASES_SINCE_VERSION ? ImageFormat.LEASES : ImageFormat.END;
    check(
        kind >= ImageFormat.HEAD && kind <= last,
        "piece " + number + " of an image has unknown kind " + kind);
    boolean repeatable = kind != ImageFormat.HEAD && kind != ImageFormat.END;
    int rank = ImageFormat.rank(kind);
    int lastRank = ImageFormat.rank(lastKind);
    check(
        (pieces == 0) == (kind == ImageFormat.HEAD)
            && (rank > lastRank || (rank == lastRank && repeatable)),
        "piece " + number + " of an image has kind " + kind + " after kind " + lastKind);
    pieces++;
    lastKind = kind;
    return kind;
  }

  private void readVersion(int read) throws MalformedException {
    check(
        read <= ImageFormat.VERSION,
        "an image in format "
            + read
            + ", newer than format "
            + ImageFormat.VERSION
            + " of this program: update the program on this node");
    check(read >= StoreCodec.FIRST_FORMAT, "an image in unknown format " + read);
    if (pieces == 0) {
      version = read;
    }
    check(read == version, "a piece in format " + read + " of an image in format " + version);
  }

  private void readHead(ByteReader reader) throws MalformedException {
    appliedIndex = reader.position();
    forgottenThrough = reader.position();
    rowsLeft = reader.count(Integer.MAX_VALUE);
    sessionsLeft = reader.count(bounds.sessions());
    if (version >= ImageFormat.LEASES_SINCE_VERSION) {
      leasesLeft = reader.count(StoreLimits.MAX_LEASES);
    }
    stateHash = reader.i64();
    check(forgottenThrough <= appliedIndex, "a client forgotten after the applied index");
    lastUse = forgottenThrough;
    store.restoreFormat(version);
    store.sessions().restoreForgotten(forgottenThrough);
  }

  private void readRow(ByteReader reader) throws MalformedException {
    check(rowsLeft > 0, "an image with more keys than its head says");
    rowsLeft--;
    int keyBytes = reader.u16();
    if (keyBytes < 1 || keyBytes > StoreLimits.MAX_KEY_BYTES) {
      throw new MalformedException("a key of " + keyBytes + " bytes");
    }
    byte[] key = reader.raw(keyBytes).shared();
    check(Arrays.compareUnsigned(lastKey, key) < 0, "keys of an image that are not in order");
    lastKey = key;
    byte[] value = reader.bytes(StoreLimits.MAX_VALUE_BYTES).shared();
    long hash = SipHash.of(key);
    Row row = new Row(key, hash, value, reader.position(), reader.position(), reader.position());
    checkNumbers(row);
    if (atOnce) {
      keep(hash, row);
    } else {
      store.table().restore(hash, row);
    }
  }

  private void keep(long hash, Row row) {
    int number = store.table().restoreBesideHash(row);
    if (number == hashes.length) {
      hashes = Arrays.copyOf(hashes, number + (number >> 1) + 16);
    }
    hashes[number] = hash;
  }

  private void checkNumbers(Row row) throws MalformedException {
    long changes = row.revision() - row.createdRevision();
    if (row.createdRevision() < 1 || changes < 0 || row.revision() > appliedIndex) {
      throw new MalformedException(
          "a key of revision " + row.revision() + " created at " + row.createdRevision());
    }
    if (row.version() < 1 || row.version() - 1 > changes) { // each change has its own revision
      throw new MalformedException("a key of version " + row.version());
    }
  }

  private void readSession(ByteReader reader) throws MalformedException {
    check(sessionsLeft > 0, "an image with more clients than its head says");
    sessionsLeft--;
    ClientId client = new ClientId(reader.i64(), reader.i64());
    long forgottenBefore = reader.position();
    long lastUsed = reader.position();
    long floor = reader.position();
    check(client.high() != 0 || client.low() != 0, "a client with id 0");
    check(lastUse < lastUsed && lastUsed <= appliedIndex, "clients that are not in order");
    lastUse = lastUsed;
    check(forgottenBefore <= forgottenThrough, "a client older than what was forgotten");
    Session session = new Session(0, client, forgottenBefore, lastUsed, floor);
    int outcomes = reader.count(bounds.sessionOutcomes());
    long last = floor;
    for (int i = 0; i < outcomes; i++) {
      long sequence = reader.position();
      check(sequence > last, "outcomes that are not in order");
      last = sequence;
      Outcome outcome = OutcomeCodec.read(reader, version);
      check(!(outcome instanceof Outcome.Forgotten), "a forgotten outcome");
      session.remember(sequence, outcome, bounds.sessionOutcomes());
    }
    check(store.sessions().restore(session), "a client that stands twice, or too many outcomes");
  }

  private void readLease(ByteReader reader) throws MalformedException {
    check(leasesLeft > 0, "an image with more leases than its head says");
    leasesLeft--;
    long id = reader.position();
    long ttlMs = reader.position();
    check(lastLease < id && id <= appliedIndex, "leases that are not in order");
    lastLease = id;
    if (ttlMs < StoreLimits.MIN_LEASE_TTL_MS || ttlMs > StoreLimits.MAX_LEASE_TTL_MS) {
      throw new MalformedException("a lease of " + ttlMs + " ms");
    }
    store.table().leases.grant(id, ttlMs);
    int keys = reader.count(StoreLimits.MAX_LEASE_KEYS);
    Bytes last = Bytes.EMPTY;
    for (int i = 0; i < keys; i++) {
      Bytes key = reader.raw(reader.u16());
      check(last.compareTo(key) < 0, "keys of a lease that are not in order");
      last = key;
      List<Bytes> held = store.keys(key, 1); // of the table's own arrays: the key is in memory once
      check(held.contains(key), "a key of a lease that is not in the table");
      check(store.leaseOf(key) == 0, "a key that hangs on two leases");
      store.table().leases.hang(held.get(0), id);
    }
  }

  private void readEnd() throws MalformedException {
    check(rowsLeft == 0, "an image with " + rowsLeft + " keys less than its head says");
    check(sessionsLeft == 0, "an image with " + sessionsLeft + " clients less than its head says");
    check(leasesLeft == 0, "an image with " + leasesLeft + " leases less than its head says");
    if (atOnce) {
      store.table().restoreHashes(hashes);
      hashes = new long[0];
    }
    if (appliedIndex > 0) {
      store.restoreApplied(appliedIndex);
    }
    check(
        store.stateHash() == stateHash,
        "an image whose content has state hash "
            + Long.toHexString(store.stateHash())
            + ", while its head says "
            + Long.toHexString(stateHash));
  }

  private static void check(boolean holds, String otherwise) throws MalformedException {
    if (!holds) {
      throw new MalformedException(otherwise);
    }
  }
}
