package org.rale.dstore;

import org.rale.bytes.Bytes;

/** A change to the table, as it stands in the log. */
public sealed interface StoreCommand {
  Origin origin();

  Bytes key();

  /** What the key shall have; empty for a delete. */
  Bytes value();

  StoreCommand withOrigin(Origin origin);

  record Put(Origin origin, Bytes key, Bytes value) implements StoreCommand {
    @Override
    public Put withOrigin(Origin other) {
      return new Put(other, key, value);
    }
  }

  /**
   * @param expected the key's revision, 0: the key must not exist
   */
  record CompareAndSet(Origin origin, Bytes key, long expected, Bytes value)
      implements StoreCommand {
    @Override
    public CompareAndSet withOrigin(Origin other) {
      return new CompareAndSet(other, key, expected, value);
    }
  }

  record Delete(Origin origin, Bytes key) implements StoreCommand {
    @Override
    public Delete withOrigin(Origin other) {
      return new Delete(other, key);
    }

    @Override
    public Bytes value() {
      return Bytes.EMPTY;
    }
  }
}
