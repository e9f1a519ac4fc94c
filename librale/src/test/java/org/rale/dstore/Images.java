package org.rale.dstore;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

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

  /**
   * Both loaders must come to the same end. What goes on from here is the table of the one or of
   * the other: they are filled in different ways.
   */
  static DStore load(List<Bytes> pieces, SessionBounds bounds) throws MalformedException {
    DStore atOnce;
    try {
      atOnce = load(pieces, new DStore.Loader(bounds, true));
    } catch (MalformedException e) {
      assertThatThrownBy(() -> load(pieces, new DStore.Loader(bounds, false)))
          .isInstanceOf(MalformedException.class)
          .hasMessage(e.getMessage());
      throw e;
    }
    DStore stepwise = load(pieces, new DStore.Loader(bounds, false));
    assertThat(stepwise.stateHash()).isEqualTo(atOnce.stateHash());
    assertThat(pieces(stepwise.freeze(), 100)).isEqualTo(pieces(atOnce.freeze(), 100));
    return pieces.size() % 2 == 0 ? stepwise : atOnce;
  }

  private static DStore load(List<Bytes> pieces, DStore.Loader loader) throws MalformedException {
    for (Bytes piece : pieces) {
      loader.add(piece);
    }
    return loader.finish();
  }
}
