package org.rale.dstore;

import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import org.rale.bytes.Bytes;
import org.rale.bytes.MalformedException;

/** Stores to pieces and back. */
final class Images {
  private Images() {}

  static List<Bytes> pieces(FrozenStore frozen, int pieceBytes) {
    List<Bytes> pieces = new ArrayList<>();
    for (Iterator<Bytes> i = frozen.pieces(pieceBytes); i.hasNext(); ) {
      pieces.add(i.next());
    }
    return pieces;
  }

  static DStore load(List<Bytes> pieces, SessionBounds bounds) throws MalformedException {
    DStore.Loader loader = new DStore.Loader(bounds);
    for (Bytes piece : pieces) {
      loader.add(piece);
    }
    return loader.finish();
  }
}
