package org.rale.wire;

import java.util.ArrayList;
import java.util.List;
import org.rale.bytes.ByteReader;
import org.rale.bytes.ByteWriter;
import org.rale.bytes.Bytes;
import org.rale.bytes.MalformedException;
import org.rale.dstore.StoreLimits;
import org.rale.request.ErrorCode;
import org.rale.request.Limits;
import org.rale.request.NodeInfo;
import org.rale.request.Response;
import org.rale.request.Response.Field;

/** Answers on their way back from the leader: u8 kind, the fields. */
final class ResponseCodec {
  private static final int PONG = 1;
  private static final int STOPPING = 2;
  private static final int VALUE = 3;
  private static final int STORED = 4;
  private static final int DELETED = 5;
  private static final int KEY_LIST = 6;
  private static final int ADDED = 7;
  private static final int REMOVED = 8;
  private static final int TRANSFERRED = 9;
  private static final int NODES = 10;
  private static final int STATUS_REPORT = 11;
  private static final int FAILED = 12;
  private static final int TXN = 13;
  private static final int LEASE_GRANTED = 14;
  private static final int LEASE_KEPT = 15;
  private static final int LEASE_REVOKED = 16;

  /** More than the members that a cluster may have and the nodes that may be joining. */
  private static final int MAX_NODES = 1024;

  /** Fields of a STATUS. */
  private static final int MAX_FIELDS = 1024;

  /** REVISION_TOO_OLD is said by the node that was asked alone, and has none. */
  private static final WireCodes<ErrorCode> ERROR_CODES =
      new WireCodes<>(
          "an error code",
          List.of(
              ErrorCode.BAD_REQUEST,
              ErrorCode.UNKNOWN_COMMAND,
              ErrorCode.KEY_NOT_FOUND,
              ErrorCode.KEY_TOO_LONG,
              ErrorCode.VALUE_TOO_LARGE,
              ErrorCode.LINE_TOO_LONG,
              ErrorCode.REVISION_MISMATCH,
              ErrorCode.NO_LEADER,
              ErrorCode.TIMEOUT,
              ErrorCode.UNKNOWN_OUTCOME,
              ErrorCode.NOT_MEMBER,
              ErrorCode.MEMBERSHIP_REFUSED,
              ErrorCode.NODE_UNREACHABLE,
              ErrorCode.FORBIDDEN,
              ErrorCode.STORE_FULL,
              ErrorCode.OVERLOADED,
              ErrorCode.SHUTTING_DOWN,
              ErrorCode.INTERNAL,
              ErrorCode.LEASE_NOT_FOUND,
              ErrorCode.LEASE_LIMIT,
              ErrorCode.NOT_SUPPORTED));

  private ResponseCodec() {}

  static void write(ByteWriter out, Response response) {
    if (response instanceof Response.Value value) {
      out.u8(VALUE).bytes(value.value());
      out.i64(value.revision()).i64(value.createdRevision()).i64(value.version());
    } else if (response instanceof Response.Stored stored) {
      out.u8(STORED);
      out.i64(stored.revision()).i64(stored.createdRevision()).i64(stored.version());
    } else if (response instanceof Response.Deleted deleted) {
      out.u8(DELETED).i32(deleted.count()).i64(deleted.revision());
    } else if (response instanceof Response.KeyList list) {
      out.u8(KEY_LIST).bool(list.truncated()).i32(list.keys().size());
      list.keys().forEach(out::bytes);
    } else if (response instanceof Response.Failed failed) {
      ERROR_CODES.write(out.u8(FAILED), failed.code());
      WireText.write(out, failed.message());
      WireText.writeOptional(out, failed.detail());
      WireText.writeOptional(out, failed.hint());
      out.i64(failed.revision());
    } else if (response instanceof Response.Added added) {
      out.u8(ADDED).i32(added.id()).bool(added.already()).bool(added.founded());
    } else if (response instanceof Response.Removed removed) {
      out.u8(REMOVED).i32(removed.id());
    } else if (response instanceof Response.Transferred transferred) {
      out.u8(TRANSFERRED).i32(transferred.leaderId());
    } else if (response instanceof Response.Nodes nodes) {
      out.u8(NODES).i32(nodes.nodes().size());
      nodes.nodes().forEach(node -> write(out, node));
    } else if (response instanceof Response.StatusReport status) {
      out.u8(STATUS_REPORT).i32(status.fields().size());
      status.fields().forEach(field -> write(out, field));
    } else if (response instanceof Response.Txn txn) {
      TxnResults.write(out.u8(TXN).bool(txn.succeeded()).i64(txn.revision()), txn.results());
    } else if (response instanceof Response.LeaseGranted granted) {
      out.u8(LEASE_GRANTED).i64(granted.lease()).i64(granted.ttlMs());
    } else if (response instanceof Response.LeaseKept kept) {
      out.u8(LEASE_KEPT).i64(kept.lease()).i64(kept.ttlMs());
    } else if (response instanceof Response.LeaseRevoked revoked) {
      out.u8(LEASE_REVOKED).i64(revoked.lease()).i32(revoked.deleted()).i64(revoked.revision());
    } else if (response instanceof Response.Pong || response instanceof Response.Stopping) {
      out.u8(response instanceof Response.Pong ? PONG : STOPPING);
    } else {
      throw new IllegalStateException(response + " is given by the node that was asked alone");
    }
  }

  static Response read(ByteReader in) throws MalformedException {
    int kind = in.u8();
    return switch (kind) {
      case PONG -> new Response.Pong();
      case STOPPING -> new Response.Stopping();
      case VALUE ->
          new Response.Value(
              in.bytes(Limits.MAX_VALUE_BYTES), in.position(), in.position(), in.position());
      case STORED -> new Response.Stored(in.position(), in.position(), in.position());
      case DELETED -> new Response.Deleted(in.count(1), in.position());
      case KEY_LIST -> readKeys(in);
      case ADDED -> new Response.Added(IdentityCodec.nodeId(in), in.bool(), in.bool());
      case REMOVED -> new Response.Removed(IdentityCodec.nodeId(in));
      case TRANSFERRED -> new Response.Transferred(IdentityCodec.nodeId(in));
      case NODES -> readNodes(in);
      case STATUS_REPORT -> readStatus(in);
      case FAILED ->
          new Response.Failed(
              ERROR_CODES.read(in),
              WireText.read(in),
              WireText.readOptional(in),
              WireText.readOptional(in),
              in.position());
      case TXN -> new Response.Txn(in.bool(), in.position(), TxnResults.read(in));
      case LEASE_GRANTED -> new Response.LeaseGranted(in.position(), in.position());
      case LEASE_KEPT -> new Response.LeaseKept(in.position(), in.position());
      case LEASE_REVOKED ->
          new Response.LeaseRevoked(
              in.position(), in.count(StoreLimits.MAX_LEASE_KEYS), in.position());
      default -> throw new MalformedException("a response of unknown kind " + kind);
    };
  }

  /** A node reads keys itself; the revision that it read them at never comes here. */
  private static Response readKeys(ByteReader in) throws MalformedException {
    boolean truncated = in.bool();
    int count = in.count(Math.min(Limits.MAX_KEYS, in.remaining() / 4));
    List<Bytes> keys = new ArrayList<>(count);
    for (int i = 0; i < count; i++) {
      keys.add(in.bytes(Limits.MAX_KEY_BYTES));
    }
    return new Response.KeyList(keys, truncated, 0);
  }

  /**
   * LIST is answered by the node that was asked: what only JSON tells of a disk never comes here.
   */
  private static void write(ByteWriter out, NodeInfo node) {
    out.i32(node.id());
    WireText.write(out, node.name());
    WireText.write(out, node.host());
    out.u16(node.ralePort()).u16(node.dstorePort());
    WireText.write(out, node.role());
    out.bool(node.online());
  }

  private static Response readNodes(ByteReader in) throws MalformedException {
    int count = in.count(MAX_NODES);
    List<NodeInfo> nodes = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      nodes.add(
          new NodeInfo(
              IdentityCodec.nodeId(in),
              WireText.read(in),
              WireText.read(in),
              in.u16(),
              in.u16(),
              WireText.read(in),
              in.bool()));
    }
    return new Response.Nodes(nodes);
  }

  private static void write(ByteWriter out, Field field) {
    WireText.write(out, field.name());
    WireText.write(out, field.value());
    out.bool(field.number());
  }

  private static Response readStatus(ByteReader in) throws MalformedException {
    int count = in.count(MAX_FIELDS);
    List<Field> fields = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      fields.add(new Field(WireText.read(in), WireText.read(in), in.bool()));
    }
    return new Response.StatusReport(fields);
  }
}
