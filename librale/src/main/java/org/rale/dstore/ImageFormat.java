package org.rale.dstore;

/**
 * The image of a store: pieces, each of which says what it is.
 *
 * <pre>
 * piece     u8 format version, u8 kind, u32 number from 0, then by kind
 *   1 head      u64 applied index, u64 forgotten through, u32 rows, u32 sessions, u64 state hash
 *   2 rows      one or more: u16 key length, key, u32 value length, value, u64 revision,
 *                 u64 created revision, u64 version
 *   3 sessions  one or more: u64 client high, u64 client low, u64 forgotten before, u64 last used,
 *                 u64 floor, u32 outcomes, and each: u64 sequence, the bare outcome of StoreCodec
 *   4 end       nothing
 * </pre>
 *
 * <p>One head; rows by key; sessions by last use; one end. Both orders are strict, which makes the
 * bytes a function of the state alone (S-20) and shows a row that stands twice. A piece of rows or
 * sessions is filled as far as the wished size allows and has one at least.
 *
 * <p>Rows by key, not by hash: the ordered index is then loaded by appending, without a search or a
 * sort, and no property of the table becomes part of the format.
 */
final class ImageFormat {
  static final int VERSION = 1;

  static final int HEAD = 1;
  static final int ROWS = 2;
  static final int SESSIONS = 3;
  static final int END = 4;

  /** Version, kind and number. */
  static final int PIECE_HEADER_BYTES = 1 + 1 + 4;

  private ImageFormat() {}
}
