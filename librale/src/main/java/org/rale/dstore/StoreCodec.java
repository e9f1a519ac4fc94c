package org.rale.dstore;

import org.rale.bytes.ByteReader;
import org.rale.bytes.ByteWriter;
import org.rale.bytes.Bytes;
import org.rale.bytes.MalformedException;

/**
 * Commands as bytes: a format, a kind, the fields. {@link OutcomeCodec} has what they come to.
 *
 * <pre>
 * command   u8 format, u8 kind, origin, then by kind
 *           format 1:
 *             1 put      u32 key length, key, u32 value length, value
 *             2 cas      u32 key length, key, u64 expected revision, u32 value length, value
 *             3 delete   u32 key length, key
 *           format 2:
 *             1 put      u32 key length, key, u64 lease, not 0, u32 value length, value
 *             2 cas      u32 key length, key, u64 expected revision, u64 lease, not 0,
 *                          u32 value length, value
 *             4 txn      see TxnCodec
 *             5 grant    u64 ttl in ms
 *             6 revoke   u64 lease
 *             7 expire   u64 lease; it has no origin
 * origin    u8 0, or u8 1, u64 client high, u64 client low, u64 sequence, u64 acknowledged,
 *             u8 retry, u64 since
 * </pre>
 *
 * <p>What format 1 can say is said in format 1, so that there is one encoding for each command, and
 * programs that know no other read all that they could have written themselves. A newer format is
 * refused: a node that does not understand an entry must not go past it, or its state would differ
 * from the others' (S-20).
 */
public final class StoreCodec {
  /** The format of commands that every program knows. */
  public static final int FIRST_FORMAT = 1;

  /** The newest format that this program knows. */
  public static final int FORMAT = 2;

  /** Behind format and kind. */
  private static final int ORIGIN_AT = 2;

  /** Of one that is present, behind the byte that says so. */
  private static final int ORIGIN_BYTES = 5 * Long.BYTES + 1;

  private static final int PUT = 1;
  private static final int COMPARE_AND_SET = 2;
  private static final int DELETE = 3;
  private static final int TXN = 4;
  private static final int GRANT = 5;
  private static final int REVOKE = 6;
  private static final int EXPIRE = 7;

  /** More than format, kind, origin, lengths, the expected revision and a lease take. */
  private static final int COMMAND_OVERHEAD = 80;

  private StoreCodec() {}

  /** The format in which the command stands in the log. */
  public static int formatOf(StoreCommand command) {
    boolean first =
        command instanceof StoreCommand.Delete
            || (command instanceof StoreCommand.Put put && put.lease() == 0)
            || (command instanceof StoreCommand.CompareAndSet cas && cas.lease() == 0);
    return first ? FIRST_FORMAT : FORMAT;
  }

  /**
   * @throws IllegalArgumentException if a key, a value or a number is out of bounds: whoever takes
   *     commands from outside refuses those before, for what is in the log must be applicable
   */
  public static Bytes encode(StoreCommand command) {
    if (command instanceof StoreCommand.Put put) {
      ByteWriter out = begin(PUT, command).bytes(checkedKey(put.key()));
      return lease(out, put.lease()).bytes(checked(put.value())).toBytes();
    } else if (command instanceof StoreCommand.CompareAndSet cas) {
      ByteWriter out = begin(COMPARE_AND_SET, command).bytes(checkedKey(cas.key()));
      out.i64(checked(cas.expected(), "expected revision"));
      return lease(out, cas.lease()).bytes(checked(cas.value())).toBytes();
    } else if (command instanceof StoreCommand.Delete delete) {
      return begin(DELETE, command).bytes(checkedKey(delete.key())).toBytes();
    } else if (command instanceof StoreCommand.Txn txn) {
      String fault = txn.fault();
      if (fault != null) {
        throw new IllegalArgumentException("a transaction with " + fault);
      }
      ByteWriter out = begin(TXN, command);
      TxnCodec.write(txn, out);
      return out.toBytes();
    } else if (command instanceof StoreCommand.LeaseGrant grant) {
      long ttlMs = grant.ttlMs();
      if (ttlMs < StoreLimits.MIN_LEASE_TTL_MS || ttlMs > StoreLimits.MAX_LEASE_TTL_MS) {
        throw new IllegalArgumentException("a lease of " + ttlMs + " ms");
      }
      return begin(GRANT, command).i64(ttlMs).toBytes();
    } else if (command instanceof StoreCommand.LeaseRevoke revoke) {
      return begin(REVOKE, command).i64(checked(revoke.lease(), "lease")).toBytes();
    } else {
      long lease = ((StoreCommand.LeaseExpire) command).lease();
      return begin(EXPIRE, command).i64(checked(lease, "lease")).toBytes();
    }
  }

  /** Nothing in format 1, where there are no leases. */
  private static ByteWriter lease(ByteWriter out, long lease) {
    return lease == 0 ? out : out.i64(checked(lease, "lease"));
  }

  /**
   * @throws MalformedException if the bytes are no command, or one of a newer format
   */
  public static StoreCommand decode(Bytes bytes) throws MalformedException {
    ByteReader reader = new ByteReader(bytes);
    int format = reader.u8();
    checkFormat(format, "a command");
    int kind = reader.u8();
    Origin origin = readOrigin(reader);
    StoreCommand command =
        format == FIRST_FORMAT ? readFirst(kind, origin, reader) : read(kind, origin, reader);
    reader.finish();
    return command;
  }

  /**
   * Where the key begins in a command that has one; -1 where it has none. The command may be
   * anything: nothing is promised of one that {@link #decode} refuses, but that the key lies in it.
   */
  static int keyAt(byte[] command) {
    boolean ofKey = command.length > ORIGIN_AT && command[1] >= PUT && command[1] <= DELETE;
    if (!ofKey) {
      return -1;
    }
    int at = ORIGIN_AT + 1 + (command[ORIGIN_AT] == 0 ? 0 : ORIGIN_BYTES) + Integer.BYTES;
    if (at > command.length) {
      return -1;
    }
    int length = keyLength(command, at);
    return length > 0 && length <= command.length - at ? at : -1;
  }

  /** Of the key that {@link #keyAt} has found: the number before it. */
  static int keyLength(byte[] command, int at) {
    return command[at - 4] << 24
        | (command[at - 3] & 0xff) << 16
        | (command[at - 2] & 0xff) << 8
        | (command[at - 1] & 0xff);
  }

  private static StoreCommand readFirst(int kind, Origin origin, ByteReader reader)
      throws MalformedException {
    Bytes key = readKey(reader);
    return switch (kind) {
      case PUT -> new StoreCommand.Put(origin, key, readValue(reader));
      case COMPARE_AND_SET ->
          new StoreCommand.CompareAndSet(origin, key, reader.position(), readValue(reader));
      case DELETE -> new StoreCommand.Delete(origin, key);
      default -> throw new MalformedException("a command of unknown kind " + kind);
    };
  }

  private static StoreCommand read(int kind, Origin origin, ByteReader reader)
      throws MalformedException {
    switch (kind) {
      case PUT -> {
        Bytes key = readKey(reader);
        long lease = readLease(reader);
        return new StoreCommand.Put(origin, key, readValue(reader), lease);
      }
      case COMPARE_AND_SET -> {
        Bytes key = readKey(reader);
        long expected = reader.position();
        long lease = readLease(reader);
        return new StoreCommand.CompareAndSet(origin, key, expected, readValue(reader), lease);
      }
      case TXN -> {
        return TxnCodec.read(origin, reader);
      }
      case GRANT -> {
        long ttlMs = reader.position();
        if (ttlMs < StoreLimits.MIN_LEASE_TTL_MS || ttlMs > StoreLimits.MAX_LEASE_TTL_MS) {
          throw new MalformedException("a lease of " + ttlMs + " ms");
        }
        return new StoreCommand.LeaseGrant(origin, ttlMs);
      }
      case REVOKE -> {
        return new StoreCommand.LeaseRevoke(origin, reader.position());
      }
      case EXPIRE -> {
        if (origin.isPresent()) {
          throw new MalformedException("a client that lets a lease expire");
        }
        return new StoreCommand.LeaseExpire(reader.position());
      }
      default -> throw new MalformedException("a command of unknown kind " + kind);
    }
  }

  private static long readLease(ByteReader reader) throws MalformedException {
    long lease = reader.position();
    if (lease == 0) {
      throw new MalformedException("a command of format 2 that says no more than one of format 1");
    }
    return lease;
  }

  private static ByteWriter begin(int kind, StoreCommand command) {
    int capacity = COMMAND_OVERHEAD + (int) Math.min(command.payloadBytes(), 1 << 21);
    ByteWriter writer = new ByteWriter(capacity).u8(formatOf(command)).u8(kind);
    write(command.origin(), writer);
    return writer;
  }

  static Bytes checkedKey(Bytes key) {
    if (key.isEmpty() || key.length() > StoreLimits.MAX_KEY_BYTES) {
      throw new IllegalArgumentException("a key of " + key.length() + " bytes");
    }
    return key;
  }

  static Bytes readKey(ByteReader reader) throws MalformedException {
    Bytes key = reader.bytes(StoreLimits.MAX_KEY_BYTES);
    if (key.isEmpty()) {
      throw new MalformedException("a command with an empty key");
    }
    return key;
  }

  private static void write(Origin origin, ByteWriter writer) {
    writer.bool(origin.isPresent());
    if (origin.isPresent()) {
      if (origin.sequence() == 0) {
        throw new IllegalArgumentException("a sequence of 0: sequences begin with 1");
      }
      writer
          .i64(origin.clientHigh())
          .i64(origin.clientLow())
          .i64(checked(origin.sequence(), "sequence"))
          .i64(checked(origin.acknowledged(), "acknowledged sequence"))
          .bool(origin.retry())
          .i64(checked(origin.since(), "index that a change was sent after"));
    }
  }

  private static Origin readOrigin(ByteReader reader) throws MalformedException {
    if (!reader.bool()) {
      return Origin.NONE;
    }
    Origin origin =
        new Origin(
            reader.i64(),
            reader.i64(),
            reader.position(),
            reader.position(),
            reader.bool(),
            reader.position());
    if (!origin.isPresent()) {
      throw new MalformedException("an origin with client id 0");
    }
    if (origin.sequence() == 0) {
      throw new MalformedException("an origin with sequence 0");
    }
    return origin;
  }

  private static Bytes readValue(ByteReader reader) throws MalformedException {
    return reader.bytes(StoreLimits.MAX_VALUE_BYTES);
  }

  static Bytes checked(Bytes value) {
    if (value.length() > StoreLimits.MAX_VALUE_BYTES) {
      throw new IllegalArgumentException("a value of " + value.length() + " bytes");
    }
    return value;
  }

  static long checked(long number, String name) {
    if (number < 0) {
      throw new IllegalArgumentException("a negative " + name + ": " + number);
    }
    return number;
  }

  static void checkFormat(int format, String what) throws MalformedException {
    if (format > FORMAT) {
      throw new MalformedException(
          what
              + " in format "
              + format
              + ", newer than format "
              + FORMAT
              + " of this program: update the program on this node");
    }
    if (format < FIRST_FORMAT) {
      throw new MalformedException(what + " in unknown format " + format);
    }
  }
}
