package org.rale.dstore;

/**
 * The image of a store: pieces, each of which says what it is.
 *
 * <pre>
 * piece     u8 format version, u8 kind, u32 number from 0, then by kind
 *   1 head      u64 applied index, u64 forgotten through, u32 rows, u32 sessions,
 *                 from format 2 on u32 leases, u64 state hash
 *   2 rows      one or more: u16 key length, key, u32 value length, value, u64 revision,
 *                 u64 created revision, u64 version
 *   3 sessions  one or more: u64 client high, u64 client low, u64 forgotten before, u64 last used,
 *                 u64 floor, u32 outcomes, and each: u64 sequence, the bare outcome of OutcomeCodec
 *   5 leases    from format 2 on, one or more: u64 id, u64 ttl in ms, u32 keys,
 *                 and each: u16 length, key
 *   4 end       nothing
 * </pre>
 *
 * <p>The format is the store's ({@link DStore#format}): one that was never changed by a command of
 * format 2 has the image that programs wrote which know no other.
 *
 * <p>One head; rows by key; sessions by last use; leases by id, with their keys in order; one end.
 * All orders are strict, which makes the bytes a function of the state alone (S-20) and shows a row
 * that stands twice. A piece of rows, sessions or leases is filled as far as the wished size allows
 * and has one at least.
 *
 * <p>Rows by key, not by hash: the ordered index is then loaded by appending, without a search or a
 * sort, and no property of the table becomes part of the format.
 */
final class ImageFormat {
  /** The newest one that is read. */
  static final int VERSION = StoreCodec.FORMAT;

  /** From this one on there are leases. */
  static final int LEASES_SINCE_VERSION = 2;

  static final int HEAD = 1;
  static final int ROWS = 2;
  static final int SESSIONS = 3;
  static final int END = 4;
  static final int LEASES = 5;

  /** Version, kind and number. */
  static final int PIECE_HEADER_BYTES = 1 + 1 + 4;

  private ImageFormat() {}

  /** The place of a kind among the others. */
  static int rank(int kind) {
    return kind == END ? LEASES + 1 : kind;
  }
}
