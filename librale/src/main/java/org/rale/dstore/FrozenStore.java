package org.rale.dstore;

import java.util.Iterator;
import org.rale.bytes.Bytes;

/** The table at one log index, unmoved by what comes after; may be read by another thread. */
public final class FrozenStore {
  /** The log index up to which commands are in it. */
  public long index() {
    return 0;
  }

  /**
   * The image in pieces of about {@code pieceBytes}, each of which {@link DStore.Loader#add} takes.
   * The same state gives the same pieces on every node.
   */
  public Iterator<Bytes> pieces(int pieceBytes) {
    return java.util.Collections.emptyIterator();
  }
}
