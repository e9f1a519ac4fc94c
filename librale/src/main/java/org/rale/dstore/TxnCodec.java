package org.rale.dstore;

import java.util.ArrayList;
import java.util.List;
import org.rale.bytes.ByteReader;
import org.rale.bytes.ByteWriter;
import org.rale.bytes.Bytes;
import org.rale.bytes.MalformedException;

/**
 * What stands in a transaction, and what is remembered of its outcome, as bytes.
 *
 * <pre>
 * txn       u8 count and the conditions, u8 count and the steps of the one list, the same of the other
 * condition u8 target, u8 relation, u32 key length, key, then u64 number, or of a value
 *             u32 length, value
 * step      u8 kind, u32 key length, key, then by kind
 *             1 put     u64 lease, u32 value length, value
 *             2 delete  nothing
 *             3 get     nothing
 * results   u8 count, and each: u8 kind of the step, then by kind
 *             1 stored   u64 created revision, u64 version
 *             2 deleted  u8 count
 *             3 got      u64 revision, u64 created revision, u64 version
 * </pre>
 *
 * <p>Values that were read are no part of what is remembered.
 */
final class TxnCodec {
  private static final int PUT = 1;
  private static final int DELETE = 2;
  private static final int GET = 3;

  private static final List<Compare.Target> TARGETS = List.of(Compare.Target.values());
  private static final List<Compare.Relation> RELATIONS = List.of(Compare.Relation.values());

  private TxnCodec() {}

  static void write(StoreCommand.Txn txn, ByteWriter out) {
    out.u8(txn.compares().size());
    for (Compare compare : txn.compares()) {
      out.u8(TARGETS.indexOf(compare.target())).u8(RELATIONS.indexOf(compare.relation()));
      out.bytes(StoreCodec.checkedKey(compare.key()));
      if (compare.target() == Compare.Target.VALUE) {
        out.bytes(StoreCodec.checked(compare.value()));
      } else {
        out.i64(compare.number());
      }
    }
    for (List<TxnOp> list : List.of(txn.then(), txn.otherwise())) {
      out.u8(list.size());
      for (TxnOp op : list) {
        write(op, out);
      }
    }
  }

  private static void write(TxnOp op, ByteWriter out) {
    out.u8(op instanceof TxnOp.Put ? PUT : op instanceof TxnOp.Delete ? DELETE : GET);
    out.bytes(StoreCodec.checkedKey(op.key()));
    if (op instanceof TxnOp.Put put) {
      out.i64(StoreCodec.checked(put.lease(), "lease")).bytes(StoreCodec.checked(put.value()));
    }
  }

  static StoreCommand.Txn read(Origin origin, ByteReader in) throws MalformedException {
    int count = in.u8();
    List<Compare> compares = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      compares.add(readCompare(in));
    }
    List<TxnOp> then = readOps(in);
    StoreCommand.Txn txn = new StoreCommand.Txn(origin, compares, then, readOps(in));
    String fault = txn.fault();
    if (fault != null) {
      throw new MalformedException("a transaction with " + fault);
    }
    return txn;
  }

  private static Compare readCompare(ByteReader in) throws MalformedException {
    int target = in.u8();
    int relation = in.u8();
    if (target >= TARGETS.size() || relation >= RELATIONS.size()) {
      throw new MalformedException("a condition of unknown kind " + target + ", " + relation);
    }
    Bytes key = StoreCodec.readKey(in);
    boolean ofValue = TARGETS.get(target) == Compare.Target.VALUE;
    try {
      return new Compare(
          key,
          TARGETS.get(target),
          RELATIONS.get(relation),
          ofValue ? 0 : in.position(),
          ofValue ? in.bytes(StoreLimits.MAX_VALUE_BYTES) : Bytes.EMPTY);
    } catch (IllegalArgumentException e) {
      throw new MalformedException(String.valueOf(e.getMessage()));
    }
  }

  private static List<TxnOp> readOps(ByteReader in) throws MalformedException {
    int count = in.u8();
    List<TxnOp> ops = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      int kind = in.u8();
      Bytes key = StoreCodec.readKey(in);
      ops.add(
          switch (kind) {
            case PUT -> {
              long lease = in.position();
              yield new TxnOp.Put(key, in.bytes(StoreLimits.MAX_VALUE_BYTES), lease);
            }
            case DELETE -> new TxnOp.Delete(key);
            case GET -> new TxnOp.Get(key);
            default -> throw new MalformedException("a step of unknown kind " + kind);
          });
    }
    return ops;
  }

  static void write(List<TxnResult> results, ByteWriter out) {
    out.u8(results.size());
    for (TxnResult result : results) {
      if (result instanceof TxnResult.Stored stored) {
        out.u8(PUT).i64(stored.createdRevision()).i64(stored.version());
      } else if (result instanceof TxnResult.Deleted deleted) {
        out.u8(DELETE).u8(deleted.count());
      } else {
        TxnResult.Got got = (TxnResult.Got) result;
        out.u8(GET).i64(got.revision()).i64(got.createdRevision()).i64(got.version());
      }
    }
  }

  static List<TxnResult> readResults(ByteReader in) throws MalformedException {
    int count = in.u8();
    if (count > StoreLimits.MAX_TXN_PARTS) {
      throw new MalformedException(count + " results of a transaction");
    }
    List<TxnResult> results = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      int kind = in.u8();
      results.add(
          switch (kind) {
            case PUT -> new TxnResult.Stored(in.position(), in.position());
            case DELETE -> TxnResult.Deleted.of(in.bool() ? 1 : 0);
            case GET -> new TxnResult.Got(in.position(), in.position(), in.position(), null);
            default -> throw new MalformedException("a result of unknown kind " + kind);
          });
    }
    return results;
  }

  static int bytes(List<TxnResult> results) {
    int bytes = 1;
    for (TxnResult result : results) {
      bytes +=
          result instanceof TxnResult.Stored
              ? 1 + 2 * 8
              : result instanceof TxnResult.Deleted ? 1 + 1 : 1 + 3 * 8;
    }
    return bytes;
  }

  /** Of the results of so many steps: a get that found something is the longest. */
  static int bytesAtMost(int steps) {
    return 1 + steps * (1 + 3 * 8);
  }

  static void digest(List<TxnResult> results, SipHash hash) {
    for (TxnResult result : results) {
      if (result instanceof TxnResult.Stored stored) {
        hash.add(PUT).add(stored.createdRevision()).add(stored.version());
      } else if (result instanceof TxnResult.Deleted deleted) {
        hash.add(DELETE).add(deleted.count());
      } else {
        TxnResult.Got got = (TxnResult.Got) result;
        hash.add(GET).add(got.revision()).add(got.createdRevision()).add(got.version());
      }
    }
  }
}
