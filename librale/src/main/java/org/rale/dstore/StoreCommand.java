package org.rale.dstore;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.rale.bytes.Bytes;

/** A change to the table, as it stands in the log. */
public sealed interface StoreCommand {
  Origin origin();

  StoreCommand withOrigin(Origin origin);

  /** The bytes of its keys and values. */
  long payloadBytes();

  /** What its outcome counts for against {@link StoreLimits#MAX_SESSION_OUTCOMES}, at most. */
  default int outcomeUnits() {
    return 1;
  }

  /** A change of one key. */
  sealed interface OfKey extends StoreCommand {
    Bytes key();

    /** What the key shall have; empty for a delete. */
    Bytes value();

    @Override
    OfKey withOrigin(Origin origin);

    @Override
    default long payloadBytes() {
      return (long) key().length() + value().length();
    }
  }

  /**
   * @param lease the key vanishes when this lease ends; 0: it hangs on none
   */
  record Put(Origin origin, Bytes key, Bytes value, long lease) implements OfKey {
    public Put(Origin origin, Bytes key, Bytes value) {
      this(origin, key, value, 0);
    }

    @Override
    public Put withOrigin(Origin other) {
      return new Put(other, key, value, lease);
    }
  }

  /**
   * @param expected the key's revision, 0: the key must not exist
   * @param lease as of {@link Put}
   */
  record CompareAndSet(Origin origin, Bytes key, long expected, Bytes value, long lease)
      implements OfKey {
    public CompareAndSet(Origin origin, Bytes key, long expected, Bytes value) {
      this(origin, key, expected, value, 0);
    }

    @Override
    public CompareAndSet withOrigin(Origin other) {
      return new CompareAndSet(other, key, expected, value, lease);
    }
  }

  record Delete(Origin origin, Bytes key) implements OfKey {
    @Override
    public Delete withOrigin(Origin other) {
      return new Delete(other, key);
    }

    @Override
    public Bytes value() {
      return Bytes.EMPTY;
    }
  }

  /**
   * Where all conditions hold, the one list, else the other one: as one step, with one revision. In
   * a list what stands first is done first, and a get sees what was done before it.
   */
  record Txn(Origin origin, List<Compare> compares, List<TxnOp> then, List<TxnOp> otherwise)
      implements StoreCommand {
    public Txn {
      compares = List.copyOf(compares);
      then = List.copyOf(then);
      otherwise = List.copyOf(otherwise);
    }

    @Override
    public Txn withOrigin(Origin other) {
      return new Txn(other, compares, then, otherwise);
    }

    /** The list for this outcome of the conditions. */
    public List<TxnOp> branch(boolean succeeded) {
      return succeeded ? then : otherwise;
    }

    /** Whether it may change anything. */
    public boolean mayChange() {
      return then.stream().anyMatch(TxnOp::changes) || otherwise.stream().anyMatch(TxnOp::changes);
    }

    @Override
    public long payloadBytes() {
      long bytes = 0;
      for (Compare compare : compares) {
        bytes += StoreLimits.TXN_PART_BYTES + compare.key().length() + compare.value().length();
      }
      for (List<TxnOp> list : List.of(then, otherwise)) {
        for (TxnOp op : list) {
          bytes += StoreLimits.TXN_PART_BYTES + op.key().length() + op.value().length();
        }
      }
      return bytes;
    }

    @Override
    public int outcomeUnits() {
      return OutcomeCodec.units(
          OutcomeCodec.txnBytes(TxnCodec.bytesAtMost(Math.max(then.size(), otherwise.size()))));
    }

    /** What is wrong with it as a whole, in words; null where nothing is. */
    public @Nullable String fault() {
      if (compares.size() > StoreLimits.MAX_TXN_PARTS) {
        return compares.size() + " conditions, more than " + StoreLimits.MAX_TXN_PARTS;
      }
      for (List<TxnOp> list : List.of(then, otherwise)) {
        if (list.size() > StoreLimits.MAX_TXN_PARTS) {
          return list.size() + " steps in a list, more than " + StoreLimits.MAX_TXN_PARTS;
        }
        Set<Bytes> changed = new HashSet<>();
        for (TxnOp op : list) {
          if (op.changes() && !changed.add(op.key())) {
            return "key " + op.key().toText() + " changed twice in a list";
          }
        }
      }
      return payloadBytes() > StoreLimits.MAX_TXN_BYTES
          ? payloadBytes() + " bytes, more than " + StoreLimits.MAX_TXN_BYTES
          : null;
    }

    /** The leases that keys of the list shall hang on. */
    static List<Long> leases(List<TxnOp> list) {
      List<Long> leases = new ArrayList<>();
      for (TxnOp op : list) {
        if (op instanceof TxnOp.Put put && put.lease() != 0 && !leases.contains(put.lease())) {
          leases.add(put.lease());
        }
      }
      return leases;
    }
  }

  /** A new lease; the log index of this command is its id. */
  record LeaseGrant(Origin origin, long ttlMs) implements StoreCommand {
    @Override
    public LeaseGrant withOrigin(Origin other) {
      return new LeaseGrant(other, ttlMs);
    }

    @Override
    public long payloadBytes() {
      return 0;
    }
  }

  /** Ends a lease, as a client wishes. */
  record LeaseRevoke(Origin origin, long lease) implements StoreCommand {
    @Override
    public LeaseRevoke withOrigin(Origin other) {
      return new LeaseRevoke(other, lease);
    }

    @Override
    public long payloadBytes() {
      return 0;
    }
  }

  /** Ends a lease whose time is up by the leader's clock. */
  record LeaseExpire(long lease) implements StoreCommand {
    @Override
    public Origin origin() {
      return Origin.NONE;
    }

    @Override
    public LeaseExpire withOrigin(Origin other) {
      throw new IllegalStateException("no client ends a lease whose time is up");
    }

    @Override
    public long payloadBytes() {
      return 0;
    }
  }
}
