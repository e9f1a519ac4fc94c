package org.rale.command;

import java.util.List;
import java.util.Locale;
import java.util.OptionalInt;
import org.rale.dstore.Compare;
import org.rale.dstore.Origin;
import org.rale.dstore.StoreCommand;
import org.rale.dstore.TxnOp;
import org.rale.request.Request;

/** Writes requests as JSON lines: the client's side of the protocol. */
public final class RequestWriter {
  private RequestWriter() {}

  /**
   * The request as one line, without its end.
   *
   * @param timeoutMs how long the server may take, 1 to 3,600,000; empty: as its setting says
   */
  public static byte[] toJson(Request request, OptionalInt timeoutMs) {
    JsonLine line = new JsonLine(256).open('{').field("command", verb(request).toString());
    if (request instanceof Request.Get get) {
      line.shortField("key", get.key());
      if (get.local()) {
        line.field("local", true);
      }
    } else if (request instanceof Request.Change change) {
      change(line, change.command());
    } else if (request instanceof Request.Keys keys) {
      line.shortField("prefix", keys.prefix()).field("limit", keys.limit());
    } else if (request instanceof Request.Watch watch) {
      line.shortField("prefix", watch.prefix());
      if (watch.from() >= 0) {
        line.field("from", watch.from());
      }
    } else if (request instanceof Request.Wait wait) {
      line.shortField("key", wait.key()).field("revision", wait.revision());
    } else if (request instanceof Request.Add add) {
      line.field("node_id", add.id()).field("name", add.name()).field("ip", add.host());
      line.field("rale_port", add.ralePort()).field("dstore_port", add.dstorePort());
    } else if (request instanceof Request.Remove remove) {
      line.field("node_id", remove.id());
      if (remove.incarnation() != 0) {
        line.field("incarnation", Incarnation.toText(remove.incarnation()));
      }
    } else if (request instanceof Request.Transfer transfer && transfer.id() != 0) {
      line.field("node_id", transfer.id());
    }
    if (request instanceof Request.LeaseKeepAlive keepAlive) {
      line.field("lease", keepAlive.lease());
    }
    if (request instanceof Request.Backup backup && backup.local()) {
      line.field("local", true);
    } else if (request instanceof Request.WatchLeader watch && watch.term() >= 0) {
      line.field("leader_id", watch.leaderId()).field("term", watch.term());
    } else if (request instanceof Request.BackupPiece piece) {
      line.field("backup_id", piece.id()).field("piece", piece.piece());
    }
    if (timeoutMs.isPresent()) {
      line.field("timeout_ms", timeoutMs.getAsInt());
    }
    return line.close('}').toByteArray();
  }

  private static Verb verb(Request request) {
    if (request instanceof Request.Change change) {
      return verb(change.command());
    }
    if (request instanceof Request.ListNodes) {
      return Verb.LIST;
    }
    if (request instanceof Request.WatchLeader) {
      return Verb.WATCH_LEADER;
    }
    if (request instanceof Request.BackupPiece) {
      return Verb.BACKUP;
    }
    if (request instanceof Request.Leases) {
      return Verb.LEASE_LIST;
    }
    if (request instanceof Request.LeaseKeepAlive) {
      return Verb.LEASE_KEEPALIVE;
    }
    // The other requests have the names of their verbs.
    return Verb.valueOf(request.getClass().getSimpleName().toUpperCase(Locale.ROOT));
  }

  private static Verb verb(StoreCommand command) {
    if (command instanceof StoreCommand.Put) {
      return Verb.PUT;
    } else if (command instanceof StoreCommand.CompareAndSet) {
      return Verb.CAS;
    } else if (command instanceof StoreCommand.Delete) {
      return Verb.DELETE;
    } else if (command instanceof StoreCommand.Txn) {
      return Verb.TXN;
    } else if (command instanceof StoreCommand.LeaseGrant) {
      return Verb.LEASE_GRANT;
    } else if (command instanceof StoreCommand.LeaseRevoke) {
      return Verb.LEASE_REVOKE;
    }
    throw new IllegalArgumentException("no request of a client: " + command);
  }

  private static void change(JsonLine line, StoreCommand command) {
    if (command instanceof StoreCommand.CompareAndSet cas) {
      line.shortField("key", cas.key()).field("revision", cas.expected());
      lease(line.shortField("value", cas.value()), cas.lease());
    } else if (command instanceof StoreCommand.Put put) {
      line.shortField("key", put.key()).shortField("value", put.value());
      lease(line, put.lease());
    } else if (command instanceof StoreCommand.Delete delete) {
      line.shortField("key", delete.key());
    } else if (command instanceof StoreCommand.Txn txn) {
      txn(line, txn);
    } else if (command instanceof StoreCommand.LeaseGrant grant) {
      line.field("ttl_ms", grant.ttlMs());
    } else if (command instanceof StoreCommand.LeaseRevoke revoke) {
      line.field("lease", revoke.lease());
    }
    Origin origin = command.origin();
    if (!origin.isPresent()) {
      return;
    }
    line.field("client_id", new ClientId(origin.clientHigh(), origin.clientLow()).toString())
        .field("sequence", origin.sequence())
        .field("acknowledged", origin.acknowledged());
    if (origin.retry()) {
      line.field("retry", true);
    }
    line.field("since", origin.since());
  }

  private static void lease(JsonLine line, long lease) {
    if (lease != 0) {
      line.field("lease", lease);
    }
  }

  private static void txn(JsonLine line, StoreCommand.Txn txn) {
    line.name("compare").open('[');
    for (Compare compare : txn.compares()) {
      line.open('{').shortField("key", compare.key()).field("op", compare.relation().sign());
      switch (compare.target()) {
        case VALUE -> line.shortField("value", compare.value());
        case EXISTS -> line.field("exists", compare.number() == 1);
        default -> line.field(compare.target().name().toLowerCase(Locale.ROOT), compare.number());
      }
      line.close('}');
    }
    line.close(']');
    steps(line.name("then"), txn.then());
    steps(line.name("else"), txn.otherwise());
  }

  private static void steps(JsonLine line, List<TxnOp> steps) {
    line.open('[');
    for (TxnOp step : steps) {
      Verb verb =
          step instanceof TxnOp.Put
              ? Verb.PUT
              : step instanceof TxnOp.Delete ? Verb.DELETE : Verb.GET;
      line.open('{').field("command", verb.toString()).shortField("key", step.key());
      if (step instanceof TxnOp.Put put) {
        lease(line.shortField("value", put.value()), put.lease());
      }
      line.close('}');
    }
    line.close(']');
  }
}
