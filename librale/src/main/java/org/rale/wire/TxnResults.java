package org.rale.wire;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.rale.bytes.ByteReader;
import org.rale.bytes.ByteWriter;
import org.rale.bytes.Bytes;
import org.rale.bytes.MalformedException;
import org.rale.dstore.StoreLimits;
import org.rale.dstore.TxnResult;

/**
 * What came of the steps of a transaction, on its way to who asked: with the values that it read.
 */
final class TxnResults {
  private static final int STORED = 1;
  private static final int DELETED = 2;
  private static final int GOT = 3;

  private TxnResults() {}

  static void write(ByteWriter out, List<TxnResult> results) {
    out.u8(results.size());
    for (TxnResult result : results) {
      if (result instanceof TxnResult.Stored stored) {
        out.u8(STORED).i64(stored.createdRevision()).i64(stored.version());
      } else if (result instanceof TxnResult.Deleted deleted) {
        out.u8(DELETED).u8(deleted.count());
      } else if (result instanceof TxnResult.Got got) {
        out.u8(GOT).i64(got.revision()).i64(got.createdRevision()).i64(got.version());
        Bytes value = got.value();
        out.bool(value != null);
        if (value != null) {
          out.bytes(value);
        }
      }
    }
  }

  static List<TxnResult> read(ByteReader in) throws MalformedException {
    int count = in.u8();
    if (count > StoreLimits.MAX_TXN_PARTS) {
      throw new MalformedException(count + " results of a transaction");
    }
    List<TxnResult> results = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      int kind = in.u8();
      results.add(
          switch (kind) {
            case STORED -> new TxnResult.Stored(in.position(), in.position());
            case DELETED -> new TxnResult.Deleted(in.bool() ? 1 : 0);
            case GOT -> new TxnResult.Got(in.position(), in.position(), in.position(), value(in));
            default -> throw new MalformedException("a result of unknown kind " + kind);
          });
    }
    return results;
  }

  private static @Nullable Bytes value(ByteReader in) throws MalformedException {
    return in.bool() ? in.bytes(StoreLimits.MAX_VALUE_BYTES) : null;
  }
}
