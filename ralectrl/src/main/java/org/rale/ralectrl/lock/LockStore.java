package org.rale.ralectrl.lock;

import java.time.Duration;
import java.util.List;
import org.rale.bytes.Bytes;
import org.rale.dstore.Compare;
import org.rale.dstore.Compare.Relation;
import org.rale.dstore.Compare.Target;
import org.rale.dstore.Origin;
import org.rale.dstore.StoreCommand;
import org.rale.dstore.TxnOp;
import org.rale.dstore.TxnResult;
import org.rale.ralectrl.client.Client;
import org.rale.ralectrl.output.Failure;
import org.rale.request.ErrorCode;
import org.rale.request.Request;
import org.rale.request.Response;

/** What a lock asks of the cluster. Each question is asked of all servers, until one answers. */
final class LockStore {
  private final Client client;

  LockStore(Client client) {
    this.client = client;
  }

  /**
   * The lock as the cluster has it.
   *
   * @param revision of the write that took it, 0: it is free
   * @param holder what the holder wrote; empty where the lock is free
   */
  record State(long revision, Bytes holder) {
    static final State FREE = new State(0, Bytes.EMPTY);

    boolean isFree() {
      return revision == 0;
    }
  }

  /** Linearizable. */
  State read(Bytes key) throws Failure {
    try {
      Response.Value value =
          client.ask(new Request.Get(key, /* local= */ false)).as(Response.Value.class);
      return new State(value.revision(), value.value());
    } catch (Failure e) {
      if (e.code() == ErrorCode.KEY_NOT_FOUND) {
        return State.FREE;
      }
      throw e;
    }
  }

  /** A new lease. */
  long grant(Duration ttl) throws Failure {
    StoreCommand grant = new StoreCommand.LeaseGrant(Origin.NONE, ttl.toMillis());
    return client.ask(new Request.Change(grant)).as(Response.LeaseGranted.class).lease();
  }

  /** Takes the lock where it is free; returns how it is then. */
  State take(Bytes key, Bytes holder, long lease) throws Failure {
    StoreCommand take =
        new StoreCommand.Txn(
            Origin.NONE,
            List.of(Compare.number(key, Target.EXISTS, Relation.EQUAL, 0)),
            List.of(new TxnOp.Put(key, holder, lease)),
            List.of(new TxnOp.Get(key)));
    Response.Txn txn = client.ask(new Request.Change(take)).as(Response.Txn.class);
    if (txn.succeeded()) {
      return new State(txn.revision(), holder);
    }
    TxnResult.Got got = (TxnResult.Got) txn.results().get(0);
    Bytes value = got.value();
    return new State(got.revision(), value == null ? Bytes.EMPTY : value);
  }

  /** The lease shall last its whole time from now on. */
  void keepAlive(long lease, Duration patience) throws Failure {
    client.ask(new Request.LeaseKeepAlive(lease), patience).as(Response.LeaseKept.class);
  }

  /** Ends the lease, and the lock with it. */
  void revoke(long lease) throws Failure {
    StoreCommand revoke = new StoreCommand.LeaseRevoke(Origin.NONE, lease);
    client.ask(new Request.Change(revoke)).as(Response.LeaseRevoked.class);
  }
}
