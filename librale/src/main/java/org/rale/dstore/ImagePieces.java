package org.rale.dstore;

import java.util.NoSuchElementException;
import org.rale.bytes.ByteWriter;
import org.rale.bytes.Bytes;

/**
 * Writes the pieces of a frozen store one after the other, as they are asked for; {@link
 * ImageFormat} says what is in them. For one thread.
 */
public final class ImagePieces {
  private final FrozenStore store;
  private final int pieceBytes;
  private final RowCursor rows;
  private final ByteWriter piece;
  private int session;
  private int lease;
  private int number;
  private boolean ended;

  ImagePieces(FrozenStore store, int pieceBytes) {
    if (pieceBytes < 1) {
      throw new IllegalArgumentException("pieces of " + pieceBytes + " bytes");
    }
    this.store = store;
    this.pieceBytes = pieceBytes;
    this.rows = store.rows();
    this.piece = new ByteWriter();
  }

  public boolean hasNext() {
    return !ended;
  }

  /**
   * The next piece, in a buffer that is the caller's until the call after: a rewrite of the file
   * needs no copy of it.
   *
   * @throws NoSuchElementException after the last one
   */
  public ByteWriter next() {
    if (ended) {
      throw new NoSuchElementException("the last piece was given");
    }
    if (number == 0) {
      writeHead();
    } else if (rows.hasNext()) {
      writeRows();
    } else if (session < store.sessions().length) {
      writeSessions();
    } else if (lease < store.leases().length) {
      writeLeases();
    } else {
      begin(ImageFormat.END);
      ended = true;
    }
    number++;
    return piece;
  }

  private void writeHead() {
    begin(ImageFormat.HEAD)
        .i64(store.index())
        .i64(store.forgottenThrough())
        .i32(store.size())
        .i32(store.sessions().length);
    if (store.format() >= ImageFormat.LEASES_SINCE_VERSION) {
      piece.i32(store.leases().length);
    }
    piece.i64(store.stateHash());
  }

  private void writeRows() {
    begin(ImageFormat.ROWS);
    do {
      write(rows.next());
    } while (rows.hasNext() && fits(rows.bytes()));
  }

  private void write(Row written) {
    piece
        .u16(written.key().length)
        .raw(written.key(), 0, written.key().length)
        .i32(written.value().length)
        .raw(written.value(), 0, written.value().length)
        .i64(written.revision())
        .i64(written.createdRevision())
        .i64(written.version());
  }

  private void writeSessions() {
    Session[] sessions = store.sessions();
    begin(ImageFormat.SESSIONS);
    do {
      write(sessions[session++]);
    } while (session < sessions.length && fits(sessions[session].liveBytes()));
  }

  private void write(Session written) {
    piece
        .i64(written.client().high())
        .i64(written.client().low())
        .i64(written.forgottenBefore())
        .i64(written.lastUsed())
        .i64(written.floor())
        .i32(written.size());
    for (int i = 0; i < written.size(); i++) {
      piece.i64(written.sequence(i));
      OutcomeCodec.write(written.outcome(i), piece);
    }
  }

  private void writeLeases() {
    Lease[] leases = store.leases();
    begin(ImageFormat.LEASES);
    do {
      write(leases[lease++]);
    } while (lease < leases.length && fits(leases[lease].liveBytes()));
  }

  private void write(Lease written) {
    piece.i64(written.id()).i64(written.ttlMs()).i32(written.keys().size());
    for (Bytes key : written.keys()) {
      piece.u16(key.length()).raw(key);
    }
  }

  private ByteWriter begin(int kind) {
    piece.clear();
    return piece.u8(store.format()).u8(kind).i32(number);
  }

  private boolean fits(int more) {
    return more <= pieceBytes - piece.size();
  }
}
