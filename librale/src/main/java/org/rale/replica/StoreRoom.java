package org.rale.replica;

import java.util.List;
import org.jspecify.annotations.Nullable;
import org.rale.bytes.Bytes;
import org.rale.dstore.Item;
import org.rale.dstore.StoreCommand;
import org.rale.dstore.TxnOp;
import org.rale.request.Response;

/**
 * Whether the leader takes a change into its log: the live data shall never be longer than {@code
 * max_size}, whatever is under way.
 *
 * <p>What is in the log and not applied counts with all its bytes. That is more than it may add (it
 * may overwrite, or delete), and so the bound holds without a look at each: what a shrinking write
 * gives back counts only when it is applied. Near the limit a write may be refused that would have
 * found room a moment later. Of a transaction the list that adds more counts, without what its
 * deletes give back.
 */
final class StoreRoom {
  /** What an item takes beside its key and value; see {@code DStore.liveBytes}. */
  private static final long ITEM_OVERHEAD = 30;

  /** What a lease takes, and a key that hangs on one beside its bytes. */
  private static final long LEASE_BYTES = 20;

  private static final long LEASE_KEY_OVERHEAD = 2;

  private final Unit unit;

  StoreRoom(Unit unit) {
    this.unit = unit;
  }

  /** STORE_FULL, or null. Only writes that add are refused: deletes must still work. */
  @Nullable Response refusal(StoreCommand command) {
    long max = unit.config.maxSizeBytes();
    if (max == 0) {
      return null;
    }
    long more = more(command);
    long used = unit.store().liveBytes();
    long underWay = unit.raft().unappliedBytes();
    if (more <= 0 || used + underWay + more <= max) {
      return null;
    }
    return Failures.storeFull(what(command), more, used, underWay, max);
  }

  private long more(StoreCommand command) {
    if (command instanceof StoreCommand.Put put) {
      return more(put.key(), put.value(), put.lease());
    }
    if (command instanceof StoreCommand.CompareAndSet cas) {
      return more(cas.key(), cas.value(), cas.lease());
    }
    if (command instanceof StoreCommand.Txn txn) {
      return Math.max(more(txn.then()), more(txn.otherwise()));
    }
    return command instanceof StoreCommand.LeaseGrant ? LEASE_BYTES : 0;
  }

  private long more(List<TxnOp> steps) {
    long more = 0;
    for (TxnOp step : steps) {
      if (step instanceof TxnOp.Put put) {
        more += more(put.key(), put.value(), put.lease());
      }
    }
    return more;
  }

  private long more(Bytes key, Bytes value, long lease) {
    Item old = unit.store().get(key);
    long hanging = lease == 0 ? 0 : LEASE_KEY_OVERHEAD + key.length();
    return hanging
        + (old == null
            ? ITEM_OVERHEAD + key.length() + value.length()
            : (long) value.length() - old.value().length());
  }

  private static String what(StoreCommand command) {
    if (command instanceof StoreCommand.OfKey ofKey) {
      return ofKey.key().toText();
    }
    return command instanceof StoreCommand.Txn ? "the transaction" : "a lease";
  }
}
