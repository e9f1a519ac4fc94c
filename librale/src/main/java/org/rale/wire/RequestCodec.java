package org.rale.wire;

import org.rale.bytes.ByteReader;
import org.rale.bytes.ByteWriter;
import org.rale.bytes.Bytes;
import org.rale.bytes.MalformedException;
import org.rale.dstore.StoreCodec;
import org.rale.dstore.StoreCommand;
import org.rale.request.Limits;
import org.rale.request.Request;

/** Clients' requests on their way to the leader: u8 kind, the fields. */
final class RequestCodec {
  private static final int PING = 1;
  private static final int STATUS = 2;
  private static final int LIST = 3;
  private static final int CHANGE = 4;
  private static final int GET = 5;
  private static final int KEYS = 6;
  private static final int ADD = 7;
  private static final int REMOVE = 8;
  private static final int TRANSFER = 9;
  private static final int STOP = 10;
  private static final int REMOVE_INCARNATION = 11;
  private static final int LEASE_KEEP_ALIVE = 12;

  private RequestCodec() {}

  static void write(ByteWriter out, Request request) {
    if (request instanceof Request.Change change) {
      out.u8(CHANGE).bytes(StoreCodec.encode(change.command()));
    } else if (request instanceof Request.Get get) {
      out.u8(GET).bytes(get.key()).bool(get.local());
    } else if (request instanceof Request.Keys keys) {
      out.u8(KEYS).bytes(keys.prefix()).i32(keys.limit());
    } else if (request instanceof Request.Add add) {
      out.u8(ADD).i32(add.id());
      WireText.write(out, add.name());
      WireText.write(out, add.host());
      out.u16(add.ralePort()).u16(add.dstorePort());
    } else if (request instanceof Request.Remove remove) {
      writeRemove(out, remove);
    } else if (request instanceof Request.Transfer transfer) {
      out.u8(TRANSFER).i32(transfer.id());
    } else if (request instanceof Request.LeaseKeepAlive keepAlive) {
      out.u8(LEASE_KEEP_ALIVE).i64(keepAlive.lease());
    } else if (request instanceof Request.Ping) {
      out.u8(PING);
    } else if (request instanceof Request.Status) {
      out.u8(STATUS);
    } else if (request instanceof Request.ListNodes) {
      out.u8(LIST);
    } else if (request instanceof Request.Stop) {
      out.u8(STOP);
    } else {
      throw new IllegalStateException(request + " is for the node that was asked alone");
    }
  }

  private static void writeRemove(ByteWriter out, Request.Remove remove) {
    if (remove.incarnation() == 0) {
      out.u8(REMOVE).i32(remove.id());
    } else {
      out.u8(REMOVE_INCARNATION).i32(remove.id()).i64(remove.incarnation());
    }
  }

  static Request read(ByteReader in) throws MalformedException {
    int kind = in.u8();
    return switch (kind) {
      case PING -> new Request.Ping();
      case STATUS -> new Request.Status();
      case LIST -> new Request.ListNodes();
      case CHANGE -> new Request.Change(command(in));
      case GET -> new Request.Get(key(in), in.bool());
      case KEYS -> new Request.Keys(in.bytes(Limits.MAX_KEY_BYTES), limit(in));
      case ADD ->
          new Request.Add(
              IdentityCodec.nodeId(in), WireText.read(in), WireText.read(in), in.u16(), in.u16());
      case REMOVE -> new Request.Remove(IdentityCodec.nodeId(in));
      case REMOVE_INCARNATION -> new Request.Remove(IdentityCodec.nodeId(in), incarnation(in));
      case TRANSFER -> new Request.Transfer(in.count(Limits.MAX_NODE_ID));
      case STOP -> new Request.Stop();
      case LEASE_KEEP_ALIVE -> new Request.LeaseKeepAlive(in.position());
      default -> throw new MalformedException("a request of unknown kind " + kind);
    };
  }

  private static StoreCommand command(ByteReader in) throws MalformedException {
    StoreCommand command = StoreCodec.decode(in.bytes(EntryCodec.MAX_COMMAND_BYTES));
    if (command instanceof StoreCommand.LeaseExpire) {
      throw new MalformedException("a request to let a lease expire, which leaders alone do");
    }
    return command;
  }

  private static long incarnation(ByteReader in) throws MalformedException {
    long incarnation = in.i64();
    if (incarnation == 0) {
      throw new MalformedException("a REMOVE of incarnation 0");
    }
    return incarnation;
  }

  private static Bytes key(ByteReader in) throws MalformedException {
    Bytes key = in.bytes(Limits.MAX_KEY_BYTES);
    if (key.isEmpty()) {
      throw new MalformedException("a request with an empty key");
    }
    return key;
  }

  private static int limit(ByteReader in) throws MalformedException {
    int limit = in.count(Limits.MAX_KEYS);
    if (limit == 0) {
      throw new MalformedException("a request for 0 keys");
    }
    return limit;
  }
}
