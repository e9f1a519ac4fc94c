package org.rale.wire;

import java.util.List;
import org.rale.bytes.Bytes;
import org.rale.dstore.TxnResult;
import org.rale.raft.Entry;
import org.rale.raft.Message;
import org.rale.raft.Payload;
import org.rale.request.Response;

/**
 * About how many bytes a message takes, on the wire and in memory, for the bounds on what waits
 * (S-16). Cheap, never far below the truth: it counts what a client can make long, and adds a lump
 * for the rest.
 */
public final class MessageSize {
  private static final int FIXED = 128;
  private static final int PER_ENTRY = 32;

  /** A member or a node: numbers, a name and a host. */
  private static final int PER_NODE = 384;

  private MessageSize() {}

  public static long of(PeerMessage message) {
    if (message instanceof PeerMessage.Raft raft) {
      return FIXED + of(raft.message());
    }
    if (message instanceof PeerMessage.Forward forward) {
      return FIXED + forward.request().bytes();
    }
    if (message instanceof PeerMessage.ForwardReply reply) {
      return FIXED + of(reply.response());
    }
    if (message instanceof PeerMessage.Members members) {
      return FIXED + (long) PER_NODE * members.membership().size();
    }
    return FIXED;
  }

  private static long of(Message message) {
    if (message instanceof Message.AppendRequest append) {
      long size = 0;
      for (Entry entry : append.entries()) {
        size += PER_ENTRY + of(entry.payload());
      }
      return size;
    }
    if (message instanceof Message.SnapshotPiece piece) {
      return piece.data().length() + (long) PER_NODE * piece.meta().membership().size();
    }
    return 0;
  }

  private static long of(Payload payload) {
    if (payload instanceof Payload.Command command) {
      return command.bytes().length();
    }
    return payload instanceof Payload.Members members
        ? (long) PER_NODE * members.membership().size()
        : 0;
  }

  private static long of(Response response) {
    if (response instanceof Response.Value value) {
      return value.value().length();
    }
    if (response instanceof Response.KeyList list) {
      return lengths(list.keys());
    }
    if (response instanceof Response.Txn txn) {
      return of(txn);
    }
    if (response instanceof Response.Nodes nodes) {
      return (long) PER_NODE * nodes.nodes().size();
    }
    if (response instanceof Response.StatusReport report) {
      return (long) FIXED * report.fields().size();
    }
    return response instanceof Response.Failed failed ? failed.text().length() : 0;
  }

  private static long of(Response.Txn txn) {
    long size = 0;
    for (TxnResult result : txn.results()) {
      Bytes value = result instanceof TxnResult.Got got ? got.value() : null;
      size += PER_ENTRY + (value == null ? 0 : value.length());
    }
    return size;
  }

  private static long lengths(List<Bytes> keys) {
    long size = 0;
    for (Bytes key : keys) {
      size += 4 + key.length();
    }
    return size;
  }
}
