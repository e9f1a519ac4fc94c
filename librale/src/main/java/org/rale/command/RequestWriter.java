package org.rale.command;

import java.util.Locale;
import java.util.OptionalInt;
import org.rale.dstore.Origin;
import org.rale.dstore.StoreCommand;
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
    if (request instanceof Request.Backup backup && backup.local()) {
      line.field("local", true);
    } else if (request instanceof Request.WatchLeader watch && watch.term() >= 0) {
      line.field("leader_id", watch.leaderId()).field("term", watch.term());
    } else if (request instanceof Request.BackupPiece piece) {
      line.field("backup_id", piece.id()).field("piece", piece.piece());
    }
    timeoutMs.ifPresent(ms -> line.field("timeout_ms", ms));
    return line.close('}').toByteArray();
  }

  private static Verb verb(Request request) {
    if (request instanceof Request.Change change) {
      return change.command() instanceof StoreCommand.Put
          ? Verb.PUT
          : change.command() instanceof StoreCommand.Delete ? Verb.DELETE : Verb.CAS;
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
    // The other requests have the names of their verbs.
    return Verb.valueOf(request.getClass().getSimpleName().toUpperCase(Locale.ROOT));
  }

  private static void change(JsonLine line, StoreCommand command) {
    line.shortField("key", command.key());
    if (command instanceof StoreCommand.CompareAndSet cas) {
      line.field("revision", cas.expected()).shortField("value", cas.value());
    } else if (command instanceof StoreCommand.Put put) {
      line.shortField("value", put.value());
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
}
