package org.rale.command;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;
import org.rale.bytes.Bytes;
import org.rale.dstore.Item;
import org.rale.dstore.KeyChange;
import org.rale.dstore.LeaseItem;
import org.rale.dstore.StoreCommand;
import org.rale.dstore.TxnOp;
import org.rale.dstore.TxnResult;
import org.rale.request.ErrorCode;
import org.rale.request.NodeInfo;
import org.rale.request.Request;
import org.rale.request.Response;
import org.rale.request.Response.Field;

/** Words answers as JSON objects. {@link ReplyParser} reads them again. */
final class JsonReplies {
  private static final int BRIEF = 160;

  private JsonReplies() {}

  static byte[] render(Form.Json form, Response response) {
    JsonLine line = begin(form, response);
    Request request = form.request();
    if (response instanceof Response.Pong) {
      line.field("message", "PONG");
    } else if (response instanceof Response.Stopping) {
      line.field("message", "stopping");
    } else if (response instanceof Response.Value value) {
      key(line, request).field("value", value.value());
      revisions(line, value.revision(), value.createdRevision(), value.version());
    } else if (response instanceof Response.Stored stored) {
      key(line, request);
      revisions(line, stored.revision(), stored.createdRevision(), stored.version());
    } else if (response instanceof Response.Deleted deleted) {
      key(line, request).field("deleted", deleted.count()).field("revision", deleted.revision());
    } else if (response instanceof Response.KeyList keys) {
      keys(line, keys);
    } else if (response instanceof Response.Events events) {
      events(line, events);
    } else if (response instanceof Response.Txn txn) {
      txn(line, request, txn);
    } else if (response instanceof Response.LeaseGranted granted) {
      line.field("lease", granted.lease()).field("ttl_ms", granted.ttlMs());
    } else if (response instanceof Response.LeaseKept kept) {
      line.field("lease", kept.lease()).field("ttl_ms", kept.ttlMs());
    } else if (response instanceof Response.LeaseRevoked revoked) {
      line.field("lease", revoked.lease())
          .field("deleted", revoked.deleted())
          .field("revision", revoked.revision());
    } else if (response instanceof Response.LeaseList leases) {
      leases(line, leases);
    } else if (response instanceof Response.BackupBegun begun) {
      backup(line, begun);
    } else if (response instanceof Response.BackupPart part) {
      backup(line, part);
    } else if (response instanceof Response.Added added) {
      line.field("node_id", added.id()).field("already_member", added.already());
      if (added.founded()) {
        line.field("founded", true);
      }
    } else if (response instanceof Response.Removed removed) {
      line.field("node_id", removed.id());
    } else if (response instanceof Response.Transferred transferred) {
      line.field("leader_id", transferred.leaderId());
    } else if (response instanceof Response.Leader leader) {
      leader(line, leader);
    } else if (response instanceof Response.Nodes nodes) {
      nodes(line, nodes, JsonReplies::disk);
    } else if (response instanceof Response.StatusReport status) {
      status(line, status);
    } else if (response instanceof Response.Failed failed) {
      failed(line, failed);
    } else {
      throw new IllegalStateException("no JSON for " + response);
    }
    return line.close('}').toByteArray();
  }

  /** The bare acknowledgement. */
  static String ok(Form.Json form) {
    return text(begin(form, "ok", BRIEF).close('}'));
  }

  static String help(Form.Json form) {
    JsonLine line = begin(form, "ok", BRIEF).name("commands").open('[');
    Verb.names().forEach(line::string);
    return text(line.close(']').close('}'));
  }

  private static String text(JsonLine line) {
    return new String(line.toByteArray(), StandardCharsets.UTF_8);
  }

  private static JsonLine begin(Form.Json form, Response response) {
    return begin(
        form, response instanceof Response.Failed ? "error" : "ok", BRIEF + size(response));
  }

  private static int size(Response response) {
    if (response instanceof Response.BackupPart part) {
      return part.data().length() / 3 * 4;
    }
    return response instanceof Response.Value value
        ? value.value().length()
        : response instanceof Response.Events events ? size(events) : 0;
  }

  /** About how long the answer to WATCH gets. */
  static int size(Response.Events events) {
    int size = 0;
    for (KeyChange change : events.changes()) {
      Item item = change.item();
      size += BRIEF + change.key().length() + (item == null ? 0 : item.value().length());
    }
    return size;
  }

  private static JsonLine begin(Form.Json form, String status, int capacity) {
    JsonLine line = new JsonLine(capacity).open('{').field("status", status);
    return form.id() == null ? line : line.name("id").raw(form.id());
  }

  private static JsonLine key(JsonLine line, @Nullable Request request) {
    Bytes key =
        request instanceof Request.Get get
            ? get.key()
            : request instanceof Request.Wait wait
                ? wait.key()
                : request instanceof Request.Change change
                        && change.command() instanceof StoreCommand.OfKey ofKey
                    ? ofKey.key()
                    : null;
    return key == null ? line : line.field("key", key);
  }

  private static void revisions(JsonLine line, long revision, long created, long version) {
    line.field("revision", revision).field("created_revision", created).field("version", version);
  }

  /** The members of the answer to KEYS, which text replies have as well. */
  static void keys(JsonLine line, Response.KeyList keys) {
    line.name("keys").open('[');
    keys.keys().forEach(key -> line.element("key", key));
    line.close(']').field("count", keys.keys().size()).field("truncated", keys.truncated());
    if (keys.revision() != 0) {
      line.field("revision", keys.revision());
    }
  }

  /** The members of the answer to WATCH, which text replies have as well. */
  static void events(JsonLine line, Response.Events events) {
    line.name("events").open('[');
    for (KeyChange change : events.changes()) {
      Item item = change.item();
      line.open('{').field("event", item == null ? "DELETE" : "PUT").field("key", change.key());
      if (item == null) {
        line.field("revision", change.revision());
      } else {
        line.field("value", item.value());
        revisions(line, item.revision(), item.createdRevision(), item.version());
      }
      line.close('}');
    }
    line.close(']').field("revision", events.revision());
  }

  /** The members of the answer to LEASE LIST, which text replies have as well. */
  static void leases(JsonLine line, Response.LeaseList list) {
    line.name("leases").open('[');
    for (LeaseItem lease : list.leases()) {
      line.open('{')
          .field("lease", lease.id())
          .field("ttl_ms", lease.ttlMs())
          .field("keys", lease.keys())
          .close('}');
    }
    line.close(']').field("count", list.leases().size());
  }

  private static void txn(JsonLine line, @Nullable Request request, Response.Txn txn) {
    List<TxnOp> steps =
        request instanceof Request.Change change
                && change.command() instanceof StoreCommand.Txn asked
            ? asked.branch(txn.succeeded())
            : List.of();
    line.field("succeeded", txn.succeeded()).field("revision", txn.revision());
    line.name("results").open('[');
    for (int i = 0; i < txn.results().size(); i++) {
      TxnResult result = txn.results().get(i);
      line.open('{');
      // There is one step for each, unless the client gave the number of its change to two.
      Bytes key = i < steps.size() ? steps.get(i).key() : Bytes.EMPTY;
      if (result instanceof TxnResult.Stored stored) {
        line.field("command", "PUT").field("key", key);
        revisions(line, txn.revision(), stored.createdRevision(), stored.version());
      } else if (result instanceof TxnResult.Deleted deleted) {
        line.field("command", "DELETE").field("key", key).field("deleted", deleted.count());
      } else if (result instanceof TxnResult.Got got) {
        got(line.field("command", "GET").field("key", key), got);
      }
      line.close('}');
    }
    line.close(']');
  }

  private static void got(JsonLine line, TxnResult.Got got) {
    line.field("found", got.found());
    Bytes value = got.value();
    if (value != null) {
      line.field("value", value);
    } else if (got.found()) {
      line.field("omitted", true);
    }
    if (got.found()) {
      revisions(line, got.revision(), got.createdRevision(), got.version());
    }
  }

  private static void leader(JsonLine line, Response.Leader leader) {
    line.field("leader_id", leader.leaderId()).field("term", leader.term());
    Response.Address address = leader.address();
    if (address != null) {
      line.field("name", address.name())
          .field("ip", address.host())
          .field("rale_port", address.ralePort())
          .field("dstore_port", address.dstorePort());
    }
  }

  /** What JSON says of a node's disk, and text does not. */
  private static void disk(JsonLine line, NodeInfo node) {
    if (node.incarnation() != 0) {
      line.field("incarnation", Incarnation.toText(node.incarnation()));
    }
    if (node.lost()) {
      line.field("lost", true);
    }
  }

  /**
   * The members of the answer to LIST, which text replies have as well.
   *
   * @param more writes what else is said of a node
   */
  static void nodes(JsonLine line, Response.Nodes nodes, BiConsumer<JsonLine, NodeInfo> more) {
    line.name("nodes").open('[');
    for (NodeInfo node : nodes.nodes()) {
      line.open('{')
          .field("id", node.id())
          .field("name", node.name())
          .field("ip", node.host())
          .field("rale_port", node.ralePort())
          .field("dstore_port", node.dstorePort())
          .field("role", node.role())
          .field("state", node.online() ? "online" : "offline");
      more.accept(line, node);
      node.measured().forEach(field -> field(line, field));
      line.close('}');
    }
    line.close(']');
  }

  /** The members of the answer to BACKUP, which text replies have as well. */
  static void backup(JsonLine line, Response.BackupBegun begun) {
    line.field("backup_id", begun.id())
        .field("cluster_id", String.format(Locale.ROOT, "%016x", begun.clusterId()))
        .field("index", begun.index())
        .field("term", begun.term())
        .field("keys", begun.keys())
        .field("bytes", begun.bytes())
        .base64("meta", begun.meta());
  }

  /** The members of a piece, which text replies have as well. */
  static void backup(JsonLine line, Response.BackupPart part) {
    line.field("piece", part.piece())
        .field("last", part.last())
        .field("checksum", Integer.toUnsignedLong(part.checksum()))
        .base64("data", part.data());
  }

  private static void status(JsonLine line, Response.StatusReport status) {
    status.fields().forEach(field -> field(line, field));
  }

  private static void field(JsonLine line, Field field) {
    line.name(field.name());
    if (field.number()) {
      line.raw(field.value());
    } else {
      line.string(field.value());
    }
  }

  private static void failed(JsonLine line, Response.Failed failed) {
    line.field("code", failed.code().name()).field("message", failed.message());
    if (failed.detail() != null) {
      line.field("detail", failed.detail());
    }
    if (failed.hint() != null) {
      line.field("hint", failed.hint());
    }
    if (failed.revision() != 0 || failed.code() == ErrorCode.REVISION_MISMATCH) {
      line.field("revision", failed.revision());
    }
  }
}
