package org.rale.replica;

import java.util.List;
import org.rale.bytes.Bytes;
import org.rale.dstore.KeyChange;
import org.rale.dstore.Outcome;
import org.rale.dstore.TxnResult;
import org.rale.request.Request;
import org.rale.request.Response;
import org.rale.request.Response.Failed;

/** What the table made of a command, as the answer to who asked for it. */
final class Answers {
  /** A result of a transaction, and a lease of a list: about its memory. */
  private static final int PART_BYTES = 64;

  private Answers() {}

  static Response of(Request request, Outcome outcome) {
    if (outcome instanceof Outcome.Stored stored) {
      return new Response.Stored(stored.revision(), stored.createdRevision(), stored.version());
    }
    if (outcome instanceof Outcome.Deleted deleted) {
      return new Response.Deleted(deleted.count(), deleted.revision());
    }
    if (outcome instanceof Outcome.Mismatch mismatch) {
      return Failed.revisionMismatch(mismatch.revision());
    }
    if (outcome instanceof Outcome.Txn txn) {
      return of(txn);
    }
    if (outcome instanceof Outcome.LeaseGranted granted) {
      return new Response.LeaseGranted(granted.lease(), granted.ttlMs());
    }
    if (outcome instanceof Outcome.LeaseEnded ended) {
      return new Response.LeaseRevoked(ended.lease(), ended.deleted(), ended.revision());
    }
    if (outcome instanceof Outcome.LeaseMissing missing) {
      return Failures.leaseNotFound(missing.lease());
    }
    if (outcome instanceof Outcome.LeaseLimit limit) {
      return Failures.leaseLimit(limit.lease());
    }
    return Failures.unknownOutcome(
        request, "it was sent before, and what became of it has been forgotten");
  }

  static Response.Txn of(Outcome.Txn txn) {
    return new Response.Txn(txn.succeeded(), txn.revision(), txn.results());
  }

  /** What changes say, in bytes. */
  static long bytes(List<KeyChange> changes) {
    long bytes = 0;
    for (KeyChange change : changes) {
      bytes +=
          PART_BYTES
              + change.key().length()
              + (change.item() == null ? 0 : change.item().value().length());
    }
    return bytes;
  }

  /** What a transaction or a list of leases says, in bytes; 0 of other answers. */
  static long bytes(Response response) {
    if (response instanceof Response.LeaseList list) {
      return (long) PART_BYTES * list.leases().size();
    }
    long bytes = 0;
    if (response instanceof Response.Txn txn) {
      for (TxnResult result : txn.results()) {
        Bytes value = result instanceof TxnResult.Got got ? got.value() : null;
        bytes += PART_BYTES + (value == null ? 0 : value.length());
      }
    }
    return bytes;
  }
}
