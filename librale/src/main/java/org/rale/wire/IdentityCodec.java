package org.rale.wire;

import org.rale.bytes.ByteReader;
import org.rale.bytes.ByteWriter;
import org.rale.bytes.MalformedException;
import org.rale.request.Limits;

/** Who a node is, as 20 bytes: u64 cluster id, u32 node id, u64 incarnation. */
final class IdentityCodec {
  private IdentityCodec() {}

  static void write(ByteWriter out, Identity identity) {
    out.i64(identity.clusterId()).i32(identity.nodeId()).i64(identity.incarnation());
  }

  static Identity read(ByteReader in) throws MalformedException {
    Identity identity = new Identity(in.i64(), nodeId(in), in.i64());
    if (identity.incarnation() == 0) {
      throw new MalformedException("an identity with incarnation 0");
    }
    return identity;
  }

  /** The number that a process drew when it started. */
  static long process(ByteReader in) throws MalformedException {
    long process = in.i64();
    if (process == 0) {
      throw new MalformedException("a process with number 0");
    }
    return process;
  }

  static int nodeId(ByteReader in) throws MalformedException {
    int id = in.count(Limits.MAX_NODE_ID);
    if (id == 0) {
      throw new MalformedException("a node with id 0");
    }
    return id;
  }
}
