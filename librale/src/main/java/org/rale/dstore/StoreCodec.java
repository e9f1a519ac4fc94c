package org.rale.dstore;

import org.rale.bytes.ByteReader;
import org.rale.bytes.ByteWriter;
import org.rale.bytes.Bytes;
import org.rale.bytes.MalformedException;

/**
 * Commands and outcomes as bytes: a version, a kind, the fields.
 *
 * <pre>
 * command   u8 version, u8 kind, origin, u32 key length, key, then by kind
 *             1 put      u32 value length, value
 *             2 cas      u64 expected revision, u32 value length, value
 *             3 delete   nothing
 * origin    u8 0, or u8 1, u64 client high, u64 client low, u64 sequence, u64 acknowledged,
 *             u8 retry, u64 since
 * outcome   u8 version, then the bare outcome: u8 kind, then by kind
 *             1 stored     u64 revision, u64 created revision, u64 version
 *             2 deleted    u8 count, u64 revision
 *             3 mismatch   u64 revision
 *             4 forgotten  nothing
 * </pre>
 *
 * <p>A newer version is refused: a node that does not understand an entry must not go past it, or
 * its state would differ from the others' (S-20).
 */
public final class StoreCodec {
  private static final int VERSION = 1;

  private static final int PUT = 1;
  private static final int COMPARE_AND_SET = 2;
  private static final int DELETE = 3;

  private static final int STORED = 1;
  private static final int DELETED = 2;
  private static final int MISMATCH = 3;
  private static final int FORGOTTEN = 4;

  /** More than version, kind, origin, lengths and the expected revision take. */
  private static final int COMMAND_OVERHEAD = 64;

  private StoreCodec() {}

  /**
   * @throws IllegalArgumentException if a key, a value or a number is out of bounds: whoever takes
   *     commands from outside refuses those before, for what is in the log must be applicable
   */
  public static Bytes encode(StoreCommand command) {
    if (command instanceof StoreCommand.Put put) {
      return begin(PUT, put, put.value().length()).bytes(checked(put.value())).toBytes();
    } else if (command instanceof StoreCommand.CompareAndSet cas) {
      return begin(COMPARE_AND_SET, cas, cas.value().length())
          .i64(checked(cas.expected(), "expected revision"))
          .bytes(checked(cas.value()))
          .toBytes();
    } else {
      return begin(DELETE, command, 0).toBytes();
    }
  }

  /**
   * @throws MalformedException if the bytes are no command, or one of a newer version
   */
  public static StoreCommand decode(Bytes bytes) throws MalformedException {
    ByteReader reader = new ByteReader(bytes);
    checkVersion(reader.u8(), "a command");
    int kind = reader.u8();
    Origin origin = readOrigin(reader);
    Bytes key = reader.bytes(StoreLimits.MAX_KEY_BYTES);
    if (key.isEmpty()) {
      throw new MalformedException("a command with an empty key");
    }
    StoreCommand command =
        switch (kind) {
          case PUT -> new StoreCommand.Put(origin, key, readValue(reader));
          case COMPARE_AND_SET ->
              new StoreCommand.CompareAndSet(origin, key, reader.position(), readValue(reader));
          case DELETE -> new StoreCommand.Delete(origin, key);
          default -> throw new MalformedException("a command of unknown kind " + kind);
        };
    reader.finish();
    return command;
  }

  public static Bytes encode(Outcome outcome) {
    ByteWriter writer = new ByteWriter(32).u8(VERSION);
    write(outcome, writer);
    return writer.toBytes();
  }

  /**
   * @throws MalformedException if the bytes are no outcome, or one of a newer version
   */
  public static Outcome decodeOutcome(Bytes bytes) throws MalformedException {
    ByteReader reader = new ByteReader(bytes);
    checkVersion(reader.u8(), "an outcome");
    Outcome outcome = readOutcome(reader);
    reader.finish();
    return outcome;
  }

  /** A bare outcome: its version is that of what it stands in. */
  static void write(Outcome outcome, ByteWriter writer) {
    if (outcome instanceof Outcome.Stored stored) {
      writer.u8(STORED).i64(stored.revision()).i64(stored.createdRevision()).i64(stored.version());
    } else if (outcome instanceof Outcome.Deleted deleted) {
      writer.u8(DELETED).u8(deleted.count()).i64(deleted.revision());
    } else if (outcome instanceof Outcome.Mismatch mismatch) {
      writer.u8(MISMATCH).i64(mismatch.revision());
    } else {
      writer.u8(FORGOTTEN);
    }
  }

  static Outcome readOutcome(ByteReader reader) throws MalformedException {
    int kind = reader.u8();
    return switch (kind) {
      case STORED -> new Outcome.Stored(reader.position(), reader.position(), reader.position());
      case DELETED -> new Outcome.Deleted(reader.bool() ? 1 : 0, reader.position());
      case MISMATCH -> new Outcome.Mismatch(reader.position());
      case FORGOTTEN -> new Outcome.Forgotten();
      default -> throw new MalformedException("an outcome of unknown kind " + kind);
    };
  }

  /** Bytes of a bare outcome. */
  static int outcomeBytes(Outcome outcome) {
    if (outcome instanceof Outcome.Stored) {
      return 1 + 3 * 8;
    } else if (outcome instanceof Outcome.Deleted) {
      return 1 + 1 + 8;
    } else if (outcome instanceof Outcome.Mismatch) {
      return 1 + 8;
    } else {
      return 1;
    }
  }

  /** Adds an outcome to a hash. */
  static void digest(Outcome outcome, SipHash hash) {
    if (outcome instanceof Outcome.Stored stored) {
      hash.add(STORED).add(stored.revision()).add(stored.createdRevision()).add(stored.version());
    } else if (outcome instanceof Outcome.Deleted deleted) {
      hash.add(DELETED).add(deleted.count()).add(deleted.revision());
    } else if (outcome instanceof Outcome.Mismatch mismatch) {
      hash.add(MISMATCH).add(mismatch.revision());
    } else {
      hash.add(FORGOTTEN);
    }
  }

  private static ByteWriter begin(int kind, StoreCommand command, int valueBytes) {
    Bytes key = command.key();
    if (key.isEmpty() || key.length() > StoreLimits.MAX_KEY_BYTES) {
      throw new IllegalArgumentException("a key of " + key.length() + " bytes");
    }
    ByteWriter writer =
        new ByteWriter(COMMAND_OVERHEAD + key.length() + valueBytes).u8(VERSION).u8(kind);
    write(command.origin(), writer);
    return writer.bytes(key);
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

  private static Bytes checked(Bytes value) {
    if (value.length() > StoreLimits.MAX_VALUE_BYTES) {
      throw new IllegalArgumentException("a value of " + value.length() + " bytes");
    }
    return value;
  }

  private static long checked(long number, String name) {
    if (number < 0) {
      throw new IllegalArgumentException("a negative " + name + ": " + number);
    }
    return number;
  }

  private static void checkVersion(int version, String what) throws MalformedException {
    if (version > VERSION) {
      throw new MalformedException(
          what
              + " in format "
              + version
              + ", newer than format "
              + VERSION
              + " of this program: update the program on this node");
    }
    if (version < VERSION) {
      throw new MalformedException(what + " in unknown format " + version);
    }
  }
}
