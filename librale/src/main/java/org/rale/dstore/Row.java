package org.rale.dstore;

import org.rale.bytes.Bytes;

/**
 * A key and its item, as the table holds them. Immutable: a change makes a new row, so that a
 * frozen image keeps the old one. The key's array is shared by the rows that follow each other and
 * by the ordered index, so a key is in memory once.
 *
 * <p>Plain arrays in place of {@link Bytes}: at a million keys the two wrappers would be 32 MB.
 */
final class Row {
  /** What a row has in an image besides key and value: two lengths and three numbers. */
  static final int HEADER_BYTES = 2 + 4 + 3 * 8;

  private static final byte[] NO_VALUE = {};

  private final byte[] key;
  private final byte[] value;
  private final long revision;
  private final long createdRevision;
  private final long version;
  private final long digest;

  /**
   * Takes both arrays over: nobody may write to them again.
   *
   * @param keyHash {@link SipHash} of the key
   */
  Row(byte[] key, long keyHash, byte[] value, long revision, long createdRevision, long version) {
    this(
        key,
        value,
        revision,
        createdRevision,
        version,
        new SipHash()
            .add(keyHash)
            .add(SipHash.of(value))
            .add(revision)
            .add(createdRevision)
            .add(version)
            .finish());
  }

  private Row(
      byte[] key, byte[] value, long revision, long createdRevision, long version, long digest) {
    this.key = key;
    this.value = value;
    this.revision = revision;
    this.createdRevision = createdRevision;
    this.version = version;
    this.digest = digest;
  }

  /** In place of a row that this revision took out: of no version, and never in a table. */
  static Row gone(byte[] key, long revision) {
    return new Row(key, NO_VALUE, revision, 0, 0, 0);
  }

  boolean isGone() {
    return version == 0;
  }

  byte[] key() {
    return key;
  }

  byte[] value() {
    return value;
  }

  long revision() {
    return revision;
  }

  long createdRevision() {
    return createdRevision;
  }

  long version() {
    return version;
  }

  Item item() {
    return new Item(Bytes.wrap(value), revision, createdRevision, version);
  }

  /** Bytes of the row in an image. */
  int liveBytes() {
    return HEADER_BYTES + key.length + value.length;
  }

  /**
   * The row's part of the state hash. It is kept, for when the row goes: by then its value has long
   * left the processor's caches.
   */
  long digest() {
    return digest;
  }
}
