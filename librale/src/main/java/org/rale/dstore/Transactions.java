package org.rale.dstore;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.rale.bytes.Bytes;

/** Carries out transactions: all of one, or nothing of it. */
final class Transactions {
  private final Table table;

  Transactions(Table table) {
    this.table = table;
  }

  /**
   * @param index the revision of all that it changes
   */
  Outcome apply(long index, StoreCommand.Txn txn) {
    boolean succeeded =
        txn.compares().stream().allMatch(compare -> compare.holds(table.get(compare.key())));
    List<TxnOp> steps = txn.branch(succeeded);
    Outcome refusal = refusal(steps);
    if (refusal != null) {
      return refusal;
    }
    List<TxnResult> results = new ArrayList<>(steps.size());
    int room = StoreLimits.MAX_TXN_READ_BYTES;
    for (TxnOp step : steps) {
      if (step instanceof TxnOp.Put put) {
        Row row = table.put(index, put.key(), put.value(), put.lease());
        results.add(new TxnResult.Stored(row.createdRevision(), row.version()));
      } else if (step instanceof TxnOp.Delete) {
        results.add(TxnResult.Deleted.of(table.delete(index, step.key())));
      } else {
        TxnResult.Got got = get(step.key(), room);
        room -= got.value() == null ? 0 : got.value().length();
        results.add(got);
      }
    }
    return new Outcome.Txn(succeeded, index, results);
  }

  /**
   * The outcome of its first application, with those values that the keys still have. A revision
   * has one value, so they are the values of then.
   */
  Outcome recall(StoreCommand.Txn txn, Outcome.Txn first) {
    List<TxnOp> steps = txn.branch(first.succeeded());
    if (steps.size() != first.results().size()) {
      return first; // The client used the number of its change for two.
    }
    List<TxnResult> results = new ArrayList<>(steps.size());
    int room = StoreLimits.MAX_TXN_READ_BYTES;
    for (int i = 0; i < steps.size(); i++) {
      TxnResult result = first.results().get(i);
      if (result instanceof TxnResult.Got got && got.found()) {
        TxnResult.Got now = get(steps.get(i).key(), room);
        if (now.revision() == got.revision()) {
          room -= now.value() == null ? 0 : now.value().length();
          result = now;
        }
      }
      results.add(result);
    }
    return new Outcome.Txn(first.succeeded(), first.revision(), results);
  }

  private TxnResult.Got get(Bytes key, int room) {
    Row row = table.get(key);
    return row == null
        ? TxnResult.Got.MISSING
        : TxnResult.Got.of(row, /* withValue= */ row.value().length <= room);
  }

  /** Why the list can't be carried out: a lease that is none, or has no room for all its keys. */
  private @Nullable Outcome refusal(List<TxnOp> steps) {
    for (long lease : StoreCommand.Txn.leases(steps)) {
      List<Bytes> hanging = new ArrayList<>();
      for (TxnOp step : steps) {
        if (step instanceof TxnOp.Put put && put.lease() == lease) {
          hanging.add(put.key());
        }
      }
      Outcome refusal = table.refusal(lease, hanging);
      if (refusal != null) {
        return refusal;
      }
    }
    return null;
  }
}
