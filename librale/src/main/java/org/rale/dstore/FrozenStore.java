package org.rale.dstore;

import java.util.Iterator;
import org.rale.bytes.Bytes;

/**
 * The table at one log index, unmoved by what comes after; may be read by another thread.
 *
 * <p>It shares rows, keys and sessions with the table it was taken of: as long as it is reachable,
 * what was overwritten or deleted since stays in memory.
 */
public final class FrozenStore {
  private final long index;
  private final int format;
  private final long stateHash;
  private final long liveBytes;
  private final long forgottenThrough;
  private final FrozenTable table;
  private final Session[] sessions;

  FrozenStore(
      long index,
      int format,
      long stateHash,
      long liveBytes,
      long forgottenThrough,
      FrozenTable table,
      Session[] sessions) {
    this.index = index;
    this.format = format;
    this.stateHash = stateHash;
    this.liveBytes = liveBytes;
    this.forgottenThrough = forgottenThrough;
    this.table = table;
    this.sessions = sessions;
  }

  /** The log index up to which commands are in it. */
  public long index() {
    return index;
  }

  /** {@link DStore#format} at that index. */
  public int format() {
    return format;
  }

  /** {@link DStore#stateHash} at that index. */
  public long stateHash() {
    return stateHash;
  }

  /** {@link DStore#liveBytes} at that index. */
  public long liveBytes() {
    return liveBytes;
  }

  /** The number of keys. */
  public int size() {
    return table.size();
  }

  /**
   * The image in pieces of about {@code pieceBytes}, each of which {@link DStore.Loader#add} takes.
   * The same state gives the same pieces on every node.
   *
   * <p>A piece is longer than {@code pieceBytes} only when a single item, session or lease is; it
   * never is longer than {@code pieceBytes} + {@link StoreLimits#MAX_VALUE_BYTES} + 2,048. Pieces
   * are made as they are asked for. Each call gives an iterator of its own, for one thread.
   *
   * @param pieceBytes at least 1
   */
  public Iterator<Bytes> pieces(int pieceBytes) {
    ImagePieces pieces = image(pieceBytes);
    return new Iterator<>() {
      @Override
      public boolean hasNext() {
        return pieces.hasNext();
      }

      @Override
      public Bytes next() {
        return pieces.next().toBytes();
      }
    };
  }

  /** The same, for one who is done with a piece before asking for the next one. */
  public ImagePieces image(int pieceBytes) {
    return new ImagePieces(this, pieceBytes);
  }

  long forgottenThrough() {
    return forgottenThrough;
  }

  /** In the order of their keys. */
  RowCursor rows() {
    return new RowCursor(table);
  }

  Session[] sessions() {
    return sessions;
  }

  /** By id. */
  Lease[] leases() {
    return table.leases();
  }
}
