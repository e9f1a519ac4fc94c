package org.rale.command;

import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.rale.bytes.Bytes;
import org.rale.bytes.MalformedException;
import org.rale.command.JsonTree.Numeral;
import org.rale.dstore.Item;
import org.rale.dstore.KeyChange;
import org.rale.dstore.LeaseItem;
import org.rale.dstore.StoreCommand;
import org.rale.dstore.TxnResult;
import org.rale.request.ErrorCode;
import org.rale.request.NodeInfo;
import org.rale.request.PathInfo;
import org.rale.request.Request;
import org.rale.request.Response;
import org.rale.request.Response.Failed;
import org.rale.request.Response.Field;

/**
 * Reads JSON replies: the client's side of the protocol. Members that it does not know are passed
 * over, so that a newer server may say more.
 */
public final class ReplyParser {
  /** Far more than any time is, and its thousandths are exact. */
  private static final double MOST_MS = 1e9;

  private final JsonTree tree = new JsonTree();

  /**
   * @param request the one that the reply is to
   * @param line without its end
   * @throws MalformedException when it is no answer to this request
   */
  public Response parse(Request request, byte[] line) throws MalformedException {
    Fields fields = new Fields(tree.object(line));
    String status = fields.text("status");
    if (status.equals("error")) {
      return failed(fields);
    }
    if (!status.equals("ok")) {
      throw new MalformedException("a reply with the status '" + Arguments.shown(status) + "'");
    }
    return response(request, fields);
  }

  private static Response response(Request request, Fields fields) throws MalformedException {
    if (request instanceof Request.Get || request instanceof Request.Wait) {
      return new Response.Value(
          fields.bytes("value"),
          fields.number("revision"),
          fields.number("created_revision"),
          fields.number("version"));
    } else if (request instanceof Request.Change change
        && !(change.command() instanceof StoreCommand.OfKey)) {
      return ofStep(change.command(), fields);
    } else if (request instanceof Request.LeaseKeepAlive) {
      return new Response.LeaseKept(fields.number("lease"), fields.number("ttl_ms"));
    } else if (request instanceof Request.Leases) {
      return leases(fields);
    } else if (request instanceof Request.Change change) {
      return change.command() instanceof StoreCommand.Delete
          ? new Response.Deleted((int) fields.number("deleted"), fields.number("revision"))
          : new Response.Stored(
              fields.number("revision"),
              fields.number("created_revision"),
              fields.number("version"));
    } else if (request instanceof Request.Keys) {
      return keys(fields);
    } else if (request instanceof Request.Watch) {
      return events(fields);
    } else if (request instanceof Request.ListNodes) {
      return nodes(fields);
    } else if (request instanceof Request.Status) {
      return status(fields);
    } else if (request instanceof Request.WatchLeader) {
      return leader(fields);
    } else if (request instanceof Request.Backup) {
      return backupBegun(fields);
    } else if (request instanceof Request.BackupPiece) {
      return new Response.BackupPart(
          (int) fields.number("piece"),
          fields.flag("last"),
          (int) fields.number("checksum"),
          fields.bytes("data"));
    } else if (request instanceof Request.Add) {
      return new Response.Added(
          (int) fields.number("node_id"),
          fields.flag("already_member"),
          fields.has("founded") && fields.flag("founded"));
    } else if (request instanceof Request.Remove) {
      return new Response.Removed((int) fields.number("node_id"));
    } else if (request instanceof Request.Transfer) {
      return new Response.Transferred((int) fields.number("leader_id"));
    } else if (request instanceof Request.Ping) {
      return new Response.Pong();
    } else if (request instanceof Request.Stop) {
      return new Response.Stopping();
    }
    throw new IllegalStateException("no reply is known for " + request);
  }

  private static Response ofStep(StoreCommand command, Fields fields) throws MalformedException {
    if (command instanceof StoreCommand.Txn) {
      List<TxnResult> results = new ArrayList<>();
      for (Object element : fields.list("results")) {
        results.add(result(Fields.of(element)));
      }
      return new Response.Txn(fields.flag("succeeded"), fields.number("revision"), results);
    }
    return command instanceof StoreCommand.LeaseGrant
        ? new Response.LeaseGranted(fields.number("lease"), fields.number("ttl_ms"))
        : new Response.LeaseRevoked(
            fields.number("lease"), (int) fields.number("deleted"), fields.number("revision"));
  }

  private static TxnResult result(Fields fields) throws MalformedException {
    String command = fields.text("command");
    if (command.equals("DELETE")) {
      return new TxnResult.Deleted((int) fields.number("deleted"));
    }
    if (command.equals("PUT")) {
      return new TxnResult.Stored(fields.number("created_revision"), fields.number("version"));
    }
    if (!fields.flag("found")) {
      return new TxnResult.Got(0, 0, 0, null);
    }
    long revision = fields.number("revision");
    if (revision < 1) {
      throw new MalformedException("a reply in which a key was found at revision " + revision);
    }
    boolean omitted = fields.has("omitted") && fields.flag("omitted");
    return new TxnResult.Got(
        revision,
        fields.number("created_revision"),
        fields.number("version"),
        omitted ? null : fields.bytes("value"));
  }

  private static Response leases(Fields fields) throws MalformedException {
    List<LeaseItem> leases = new ArrayList<>();
    for (Object element : fields.list("leases")) {
      Fields lease = Fields.of(element);
      leases.add(
          new LeaseItem(lease.number("lease"), lease.number("ttl_ms"), (int) lease.number("keys")));
    }
    return new Response.LeaseList(leases);
  }

  /** A code that only a newer server knows is shown in the message and counts as INTERNAL. */
  private static Failed failed(Fields fields) throws MalformedException {
    String name = fields.text("code");
    String message = fields.text("message");
    ErrorCode code = ErrorCode.INTERNAL;
    boolean known = false;
    for (ErrorCode candidate : ErrorCode.values()) {
      if (candidate.name().equals(name)) {
        code = candidate;
        known = true;
      }
    }
    return new Failed(
        code,
        known ? message : name + ": " + message,
        fields.optionalText("detail"),
        fields.optionalText("hint"),
        fields.has("revision") ? fields.number("revision") : 0);
  }

  private static Response leader(Fields fields) throws MalformedException {
    Response.Address address =
        fields.has("name")
            ? new Response.Address(
                fields.text("name"),
                fields.text("ip"),
                (int) fields.number("rale_port"),
                (int) fields.number("dstore_port"))
            : null;
    return new Response.Leader((int) fields.number("leader_id"), fields.number("term"), address);
  }

  private static Response backupBegun(Fields fields) throws MalformedException {
    String clusterId = fields.text("cluster_id");
    try {
      return new Response.BackupBegun(
          fields.number("backup_id"),
          Long.parseUnsignedLong(clusterId, 16),
          fields.number("index"),
          fields.number("term"),
          (int) fields.number("keys"),
          fields.number("bytes"),
          fields.bytes("meta"));
    } catch (NumberFormatException e) {
      throw new MalformedException("a reply whose 'cluster_id' is " + Arguments.shown(clusterId));
    }
  }

  private static Response keys(Fields fields) throws MalformedException {
    List<Bytes> keys = new ArrayList<>();
    for (Object element : fields.list("keys")) {
      keys.add(element instanceof String text ? Bytes.utf8(text) : Fields.of(element).bytes("key"));
    }
    // Servers of before do not tell at which revision they read.
    return new Response.KeyList(
        keys, fields.flag("truncated"), fields.has("revision") ? fields.number("revision") : 0);
  }

  private static Response events(Fields fields) throws MalformedException {
    List<KeyChange> changes = new ArrayList<>();
    for (Object element : fields.list("events")) {
      Fields event = Fields.of(element);
      String kind = event.text("event");
      if (!kind.equals("PUT") && !kind.equals("DELETE")) {
        throw new MalformedException("a reply with the event '" + Arguments.shown(kind) + "'");
      }
      long revision = event.number("revision");
      Item item =
          kind.equals("DELETE")
              ? null
              : new Item(
                  event.bytes("value"),
                  revision,
                  event.number("created_revision"),
                  event.number("version"));
      changes.add(new KeyChange(event.bytes("key"), revision, item));
    }
    return new Response.Events(changes, fields.number("revision"));
  }

  private static Response nodes(Fields fields) throws MalformedException {
    List<NodeInfo> nodes = new ArrayList<>();
    for (Object element : fields.list("nodes")) {
      Fields node = Fields.of(element);
      nodes.add(
          new NodeInfo(
              (int) node.number("id"),
              node.text("name"),
              node.text("ip"),
              (int) node.number("rale_port"),
              (int) node.number("dstore_port"),
              node.text("role"),
              node.text("state").equals("online"),
              node.has("incarnation") ? Incarnation.parse(node.text("incarnation")) : 0,
              node.has("lost") && node.flag("lost"),
              path(node),
              node.has("match_index") ? node.number("match_index") : NodeInfo.UNKNOWN,
              node.has("lag") ? node.number("lag") : NodeInfo.UNKNOWN));
    }
    return new Response.Nodes(nodes);
  }

  private static PathInfo path(Fields node) throws MalformedException {
    return new PathInfo(
        node.has("path") ? PathInfo.Use.of(node.text("path")) : PathInfo.Use.UNKNOWN,
        node.thousandths("rtt_ms", MOST_MS),
        PathInfo.UNKNOWN,
        node.thousandths("jitter_ms", MOST_MS),
        (int) node.thousandths("loss", 1),
        node.has("last_contact_ms") ? node.number("last_contact_ms") : PathInfo.UNKNOWN);
  }

  private static Response status(Fields fields) {
    List<Field> shown = new ArrayList<>();
    for (Map.Entry<String, Object> member : fields.members.entrySet()) {
      String name = member.getKey();
      if (member.getValue() instanceof Numeral numeral) {
        shown.add(new Field(name, numeral.text(), true));
      } else if (member.getValue() instanceof String text
          && !name.equals("status")
          && !name.equals("id")) {
        shown.add(new Field(name, text, false));
      }
    }
    return new Response.StatusReport(shown);
  }

  /** The members of an object, taken by type. */
  private record Fields(Map<String, Object> members) {

    @SuppressWarnings("unchecked") // JsonTree makes no other map
    static Fields of(Object value) throws MalformedException {
      if (value instanceof Map<?, ?> map) {
        return new Fields((Map<String, Object>) map);
      }
      throw new MalformedException("an element that is no object");
    }

    boolean has(String name) {
      return members.containsKey(name);
    }

    String text(String name) throws MalformedException {
      return member(name, String.class);
    }

    @Nullable String optionalText(String name) throws MalformedException {
      return has(name) ? text(name) : null;
    }

    boolean flag(String name) throws MalformedException {
      return member(name, Boolean.class);
    }

    List<?> list(String name) throws MalformedException {
      return member(name, List.class);
    }

    long number(String name) throws MalformedException {
      String digits = member(name, Numeral.class).text();
      try {
        return Long.parseLong(digits);
      } catch (NumberFormatException e) {
        throw new MalformedException("a reply whose '" + name + "' is " + digits);
      }
    }

    /** Of a decimal number from 0 to {@code most}, or {@link PathInfo#UNKNOWN}. */
    long thousandths(String name, double most) throws MalformedException {
      if (!has(name)) {
        return PathInfo.UNKNOWN;
      }
      String digits = member(name, Numeral.class).text();
      double value = Double.parseDouble(digits);
      if (!(value >= 0 && value <= most)) {
        throw new MalformedException("a reply whose '" + name + "' is " + digits);
      }
      return Math.round(value * 1000);
    }

    Bytes bytes(String name) throws MalformedException {
      String base64 = name + "_base64";
      if (!has(base64)) {
        return Bytes.utf8(text(name));
      }
      try {
        return Bytes.wrap(Base64.getDecoder().decode(text(base64)));
      } catch (IllegalArgumentException e) {
        throw new MalformedException("a reply whose '" + base64 + "' is no base64");
      }
    }

    private <T> T member(String name, Class<T> type) throws MalformedException {
      Object value = members.get(name);
      if (!type.isInstance(value)) {
        throw new MalformedException(
            value == null
                ? "a reply without '" + name + "'"
                : "a reply whose '" + name + "' has the wrong type");
      }
      return type.cast(value);
    }
  }
}
