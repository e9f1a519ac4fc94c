package org.rale.dstore;

import org.rale.bytes.Bytes;

/** A step of a transaction. */
public sealed interface TxnOp {
  Bytes key();

  /** What the key shall have; empty but for a put. */
  default Bytes value() {
    return Bytes.EMPTY;
  }

  default boolean changes() {
    return true;
  }

  /**
   * @param lease as of {@link StoreCommand.Put}
   */
  record Put(Bytes key, Bytes value, long lease) implements TxnOp {}

  record Delete(Bytes key) implements TxnOp {}

  record Get(Bytes key) implements TxnOp {
    @Override
    public boolean changes() {
      return false;
    }
  }
}
