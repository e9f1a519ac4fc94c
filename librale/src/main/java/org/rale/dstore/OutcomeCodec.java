package org.rale.dstore;

import org.rale.bytes.ByteReader;
import org.rale.bytes.ByteWriter;
import org.rale.bytes.Bytes;
import org.rale.bytes.MalformedException;

/**
 * Outcomes as bytes: a format as of {@link StoreCodec}, a kind, the fields.
 *
 * <pre>
 * outcome   u8 format, then the bare outcome: u8 kind, then by kind
 *           format 1:
 *             1 stored     u64 revision, u64 created revision, u64 version
 *             2 deleted    u8 count, u64 revision
 *             3 mismatch   u64 revision
 *             4 forgotten  nothing
 *           format 2:
 *             5 txn        u8 succeeded, u64 revision, results as of TxnCodec
 *             6 granted    u64 lease, u64 ttl in ms
 *             7 ended      u64 lease, u32 deleted, u64 revision
 *             8 missing    u64 lease
 *             9 limit      u64 lease
 * </pre>
 */
final class OutcomeCodec {
  private static final int STORED = 1;
  private static final int DELETED = 2;
  private static final int MISMATCH = 3;
  private static final int FORGOTTEN = 4;
  private static final int TXN_DONE = 5;
  private static final int GRANTED = 6;
  private static final int ENDED = 7;
  private static final int MISSING = 8;
  private static final int LIMIT = 9;

  private OutcomeCodec() {}

  /** What is remembered of an outcome: of a transaction all but the values that it read. */
  static Bytes encode(Outcome outcome) {
    ByteWriter writer =
        new ByteWriter(32).u8(isFirst(outcome) ? StoreCodec.FIRST_FORMAT : StoreCodec.FORMAT);
    write(outcome, writer);
    return writer.toBytes();
  }

  /**
   * @throws MalformedException if the bytes are no outcome, or one of a newer version
   */
  static Outcome decode(Bytes bytes) throws MalformedException {
    ByteReader reader = new ByteReader(bytes);
    int format = reader.u8();
    StoreCodec.checkFormat(format, "an outcome");
    Outcome outcome = read(reader, format);
    reader.finish();
    if (format != StoreCodec.FIRST_FORMAT && isFirst(outcome)) {
      throw new MalformedException("an outcome of format 2 that says no more than one of format 1");
    }
    return outcome;
  }

  private static boolean isFirst(Outcome outcome) {
    return outcome instanceof Outcome.Stored
        || outcome instanceof Outcome.Deleted
        || outcome instanceof Outcome.Mismatch
        || outcome instanceof Outcome.Forgotten;
  }

  /** A bare outcome: its format is that of what it stands in. */
  static void write(Outcome outcome, ByteWriter writer) {
    if (outcome instanceof Outcome.Stored stored) {
      writer.u8(STORED).i64(stored.revision()).i64(stored.createdRevision()).i64(stored.version());
    } else if (outcome instanceof Outcome.Deleted deleted) {
      writer.u8(DELETED).u8(deleted.count()).i64(deleted.revision());
    } else if (outcome instanceof Outcome.Mismatch mismatch) {
      writer.u8(MISMATCH).i64(mismatch.revision());
    } else if (outcome instanceof Outcome.Txn txn) {
      writer.u8(TXN_DONE).bool(txn.succeeded()).i64(txn.revision());
      TxnCodec.write(txn.results(), writer);
    } else if (outcome instanceof Outcome.LeaseGranted granted) {
      writer.u8(GRANTED).i64(granted.lease()).i64(granted.ttlMs());
    } else if (outcome instanceof Outcome.LeaseEnded ended) {
      writer.u8(ENDED).i64(ended.lease()).i32(ended.deleted()).i64(ended.revision());
    } else if (outcome instanceof Outcome.LeaseMissing missing) {
      writer.u8(MISSING).i64(missing.lease());
    } else if (outcome instanceof Outcome.LeaseLimit limit) {
      writer.u8(LIMIT).i64(limit.lease());
    } else {
      writer.u8(FORGOTTEN);
    }
  }

  static Outcome read(ByteReader reader, int format) throws MalformedException {
    int kind = reader.u8();
    if (format == StoreCodec.FIRST_FORMAT && kind > FORGOTTEN) {
      throw new MalformedException("an outcome of unknown kind " + kind);
    }
    return switch (kind) {
      case STORED -> new Outcome.Stored(reader.position(), reader.position(), reader.position());
      case DELETED -> new Outcome.Deleted(reader.bool() ? 1 : 0, reader.position());
      case MISMATCH -> new Outcome.Mismatch(reader.position());
      case FORGOTTEN -> new Outcome.Forgotten();
      case TXN_DONE ->
          new Outcome.Txn(reader.bool(), reader.position(), TxnCodec.readResults(reader));
      case GRANTED -> new Outcome.LeaseGranted(reader.position(), reader.position());
      case ENDED ->
          new Outcome.LeaseEnded(
              reader.position(), reader.count(StoreLimits.MAX_LEASE_KEYS), reader.position());
      case MISSING -> new Outcome.LeaseMissing(reader.position());
      case LIMIT -> new Outcome.LeaseLimit(reader.position());
      default -> throw new MalformedException("an outcome of unknown kind " + kind);
    };
  }

  /** Bytes of a bare outcome. */
  static int bytes(Outcome outcome) {
    if (outcome instanceof Outcome.Stored) {
      return 1 + 3 * 8;
    } else if (outcome instanceof Outcome.Deleted) {
      return 1 + 1 + 8;
    } else if (outcome instanceof Outcome.Mismatch) {
      return 1 + 8;
    } else if (outcome instanceof Outcome.Txn txn) {
      return txnBytes(TxnCodec.bytes(txn.results()));
    } else if (outcome instanceof Outcome.LeaseGranted) {
      return 1 + 2 * 8;
    } else if (outcome instanceof Outcome.LeaseEnded) {
      return 1 + 8 + 4 + 8;
    } else if (outcome instanceof Outcome.LeaseMissing || outcome instanceof Outcome.LeaseLimit) {
      return 1 + 8;
    } else {
      return 1;
    }
  }

  /** Bytes of the bare outcome of a transaction whose results have so many. */
  static int txnBytes(int results) {
    return 1 + 1 + 8 + results;
  }

  /** What an outcome counts for against the bounds of sessions: 1, and more where it is long. */
  static int units(Outcome outcome) {
    return outcome instanceof Outcome.Txn ? units(bytes(outcome)) : 1;
  }

  /** The same, of a transaction's with so many bytes. */
  static int units(int txnBytes) {
    return 1 + txnBytes / StoreLimits.OUTCOME_UNIT_BYTES;
  }

  /** Adds an outcome to a hash. */
  static void digest(Outcome outcome, SipHash hash) {
    if (outcome instanceof Outcome.Stored stored) {
      hash.add(STORED).add(stored.revision()).add(stored.createdRevision()).add(stored.version());
    } else if (outcome instanceof Outcome.Deleted deleted) {
      hash.add(DELETED).add(deleted.count()).add(deleted.revision());
    } else if (outcome instanceof Outcome.Mismatch mismatch) {
      hash.add(MISMATCH).add(mismatch.revision());
    } else if (outcome instanceof Outcome.Txn txn) {
      hash.add(TXN_DONE).add(txn.succeeded() ? 1 : 0).add(txn.revision());
      TxnCodec.digest(txn.results(), hash);
    } else if (outcome instanceof Outcome.LeaseGranted granted) {
      hash.add(GRANTED).add(granted.lease()).add(granted.ttlMs());
    } else if (outcome instanceof Outcome.LeaseEnded ended) {
      hash.add(ENDED).add(ended.lease()).add(ended.deleted()).add(ended.revision());
    } else if (outcome instanceof Outcome.LeaseMissing missing) {
      hash.add(MISSING).add(missing.lease());
    } else if (outcome instanceof Outcome.LeaseLimit limit) {
      hash.add(LIMIT).add(limit.lease());
    } else {
      hash.add(FORGOTTEN);
    }
  }
}
