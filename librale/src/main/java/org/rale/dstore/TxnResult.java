package org.rale.dstore;

import org.jspecify.annotations.Nullable;
import org.rale.bytes.Bytes;

/** What came of a step of a transaction. */
public sealed interface TxnResult {

  /** Of a put; the revision is the transaction's. */
  record Stored(long createdRevision, long version) implements TxnResult {}

  /**
   * @param count 0 or 1
   */
  record Deleted(int count) implements TxnResult {
    private static final Deleted NONE = new Deleted(0);
    private static final Deleted ONE = new Deleted(1);

    /** One of two that all share: results are remembered, and these are small beside an object. */
    static Deleted of(int count) {
      return count == 0 ? NONE : ONE;
    }
  }

  /**
   * Of a get.
   *
   * @param revision 0: there is no such key, and nothing else is said of it
   * @param value null where the key does not exist, or where the value is left out: beyond {@link
   *     StoreLimits#MAX_TXN_READ_BYTES} of one transaction, and in the answer to a retry where the
   *     key was changed since
   */
  record Got(long revision, long createdRevision, long version, @Nullable Bytes value)
      implements TxnResult {
    static final Got MISSING = new Got(0, 0, 0, null);

    static Got of(Row row, boolean withValue) {
      return new Got(
          row.revision(),
          row.createdRevision(),
          row.version(),
          withValue ? Bytes.wrap(row.value()) : null);
    }

    public boolean found() {
      return revision != 0;
    }
  }
}
