package org.rale.dstore;

import org.rale.bytes.Bytes;
import org.rale.bytes.MalformedException;

/** Commands and outcomes as bytes: a version, a kind, the fields. */
public final class StoreCodec {
  private StoreCodec() {}

  public static Bytes encode(StoreCommand command) {
    throw new UnsupportedOperationException();
  }

  public static StoreCommand decode(Bytes bytes) throws MalformedException {
    throw new UnsupportedOperationException();
  }
}
