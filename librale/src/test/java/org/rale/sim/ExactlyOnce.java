package org.rale.sim;

import org.jspecify.annotations.Nullable;
import org.rale.bytes.Bytes;
import org.rale.dstore.Item;
import org.rale.dstore.Outcome;
import org.rale.dstore.TxnResult;
import org.rale.request.Response;

/**
 * A change is applied once, however often it is sent (S-15): what anybody is told of it is what the
 * {@link Reference} made of it, which applies each change once.
 */
final class ExactlyOnce {
  private final Reference reference;

  ExactlyOnce(Reference reference) {
    this.reference = reference;
  }

  /** Some node told somebody that the value stands, or stood, there. */
  void told(String key, String value, long revision, long created, long version) {
    Item now = new Item(Bytes.utf8(value), revision, created, version);
    Item right = reference.at(Bytes.utf8(key), revision);
    if (!now.equals(right)) {
      throw new SimFailure(key + " is said to be " + now + ", and should be " + right);
    }
  }

  /** Some node told somebody what its transaction came to; values may be left out. */
  void transacted(Response.Txn txn) {
    boolean right =
        reference.outcome(txn.revision()) instanceof Outcome.Txn outcome
            && outcome.succeeded() == txn.succeeded()
            && outcome.results().size() == txn.results().size();
    for (int i = 0; right && i < txn.results().size(); i++) {
      TxnResult made = ((Outcome.Txn) reference.outcome(txn.revision())).results().get(i);
      TxnResult told = txn.results().get(i);
      if (told instanceof TxnResult.Got got && made instanceof TxnResult.Got was) {
        right =
            got.revision() == was.revision()
                && got.createdRevision() == was.createdRevision()
                && got.version() == was.version()
                && (got.value() == null || got.value().equals(was.value()));
      } else {
        right = told.equals(made);
      }
    }
    if (!right) {
      throw new SimFailure(
          "a transaction is said to be " + txn + ", and is " + reference.outcome(txn.revision()));
    }
  }

  /** Some node told somebody that its LEASE REVOKE was done. */
  void revoked(Response.LeaseRevoked done) {
    @Nullable Outcome right = reference.outcome(done.revision());
    if (!new Outcome.LeaseEnded(done.lease(), done.deleted(), done.revision()).equals(right)) {
      throw new SimFailure("a lease is said to be " + done + ", where there is " + right);
    }
  }

  /** Some node told somebody that its DELETE was done. */
  void deleted(String key, int count, long revision) {
    @Nullable Outcome right = reference.outcome(revision);
    if (!new Outcome.Deleted(count, revision).equals(right)) {
      throw new SimFailure(
          "a DELETE of "
              + key
              + " is said to have deleted "
              + count
              + " at revision "
              + revision
              + ", where there is "
              + right);
    }
  }
}
