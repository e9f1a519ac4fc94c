package org.rale;

import java.util.List;
import org.jspecify.annotations.Nullable;
import org.rale.bytes.Bytes;
import org.rale.dstore.Compare;
import org.rale.dstore.StoreCommand;
import org.rale.dstore.StoreLimits;
import org.rale.dstore.TxnOp;
import org.rale.request.ErrorCode;
import org.rale.request.Limits;
import org.rale.request.Request;
import org.rale.request.Response.Failed;

/**
 * The sizes that a program's own requests must keep; the parsers hold those of the protocol to
 * them.
 */
final class Bounds {
  private Bounds() {}

  /** What is wrong with the request's sizes, or null. */
  static @Nullable Failed refuse(Request request, int maxValueBytes) {
    if (!(request instanceof Request.Change change)) {
      return null;
    }
    StoreCommand command = change.command();
    if (command instanceof StoreCommand.OfKey ofKey) {
      return refuse(ofKey.key(), ofKey.value(), maxValueBytes);
    }
    if (command instanceof StoreCommand.Txn txn) {
      return refuse(txn, maxValueBytes);
    }
    if (command instanceof StoreCommand.LeaseGrant grant
        && (grant.ttlMs() < StoreLimits.MIN_LEASE_TTL_MS
            || grant.ttlMs() > StoreLimits.MAX_LEASE_TTL_MS)) {
      return Failed.of(
          ErrorCode.BAD_REQUEST,
          "the ttl is " + grant.ttlMs() + " ms",
          "it goes from " + StoreLimits.MIN_LEASE_TTL_MS + " to " + StoreLimits.MAX_LEASE_TTL_MS);
    }
    return command instanceof StoreCommand.LeaseExpire
        ? Failed.of(
            ErrorCode.BAD_REQUEST, "leaders alone let leases expire", "revoke the lease instead")
        : null;
  }

  private static @Nullable Failed refuse(StoreCommand.Txn txn, int maxValueBytes) {
    String fault = txn.fault();
    if (fault != null) {
      return Failed.of(
          ErrorCode.BAD_REQUEST, "the transaction has " + fault, "make several transactions");
    }
    Failed failed = null;
    for (Compare compare : txn.compares()) {
      failed = failed == null ? refuse(compare.key(), compare.value(), maxValueBytes) : failed;
    }
    for (List<TxnOp> list : List.of(txn.then(), txn.otherwise())) {
      for (TxnOp op : list) {
        failed = failed == null ? refuse(op.key(), op.value(), maxValueBytes) : failed;
      }
    }
    return failed;
  }

  private static @Nullable Failed refuse(Bytes key, Bytes value, int maxValueBytes) {
    if (key.isEmpty()) {
      return Failed.of(ErrorCode.BAD_REQUEST, "the key is empty", "give the key at least one byte");
    }
    if (key.length() > Limits.MAX_KEY_BYTES) {
      return Failed.of(
          ErrorCode.KEY_TOO_LONG,
          "the key has "
              + key.length()
              + " bytes, at most "
              + Limits.MAX_KEY_BYTES
              + " are allowed",
          "use a shorter key");
    }
    if (value.length() > maxValueBytes) {
      return Failed.of(
          ErrorCode.VALUE_TOO_LARGE,
          "the value has " + value.length() + " bytes, at most " + maxValueBytes + " are allowed",
          "split it, or raise max_value_size on every node");
    }
    return null;
  }
}
