package org.rale.replica;

import java.util.Collections;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.rale.bytes.ByteWriter;
import org.rale.bytes.Bytes;
import org.rale.dstore.FrozenStore;
import org.rale.dstore.ImageChecksum;
import org.rale.raft.SnapshotMeta;
import org.rale.request.ErrorCode;
import org.rale.request.Request;
import org.rale.request.Response;
import org.rale.request.Response.Failed;
import org.rale.wire.EntryCodec;

/**
 * Backups that clients fetch from this node, piece by piece, each of the table as it was when it
 * was begun. Who asks for a piece sets the pace; whose reply was lost asks for it again, over any
 * connection.
 *
 * <p>Each keeps alive what is overwritten meanwhile, so there are few at once, and one that nobody
 * asks for is let go (S-16).
 */
final class Backups {
  /** Those that are fetched, and those that were, of which the last piece is kept a while. */
  static final int MAX = 4;

  /** How long one is kept for whoever fetches it. */
  static final int IDLE_MS = 60_000;

  /** How long one may take: what it keeps alive grows meanwhile, up to a second table. */
  static final int LONGEST_MS = 3_600_000;

  private static final int PIECE_BYTES = 128 << 10;

  /** About what an image takes for a key beside key and value. */
  private static final long ROW_OVERHEAD = 30;

  private static final String BEGIN_ANEW = "begin a new one with BACKUP";

  private final Unit unit;

  /** By number, the one that was begun first in front. */
  private final Map<Long, Given> given = new LinkedHashMap<>();

  Backups(Unit unit) {
    this.unit = unit;
  }

  /** Whether this node needs nobody else for the answer. */
  static boolean isLocal(Request request) {
    return request instanceof Request.BackupPiece
        || (request instanceof Request.Backup backup && backup.local());
  }

  /** One backup. */
  private static final class Given {
    private final ImageChecksum checksum = new ImageChecksum();
    private Iterator<Bytes> pieces;
    private Response.@Nullable BackupPart last;
    private final long begun;
    private long asked;

    Given(Iterator<Bytes> pieces, long now) {
      this.pieces = pieces;
      this.begun = now;
      this.asked = now;
    }

    /** The number of the piece that was given last, -1: none was. */
    int lastPiece() {
      return last == null ? -1 : last.piece();
    }

    boolean isFetched() {
      return !pieces.hasNext();
    }

    Response.BackupPart next() {
      Bytes data = pieces.next();
      checksum.add(data);
      Response.BackupPart part =
          new Response.BackupPart(lastPiece() + 1, !pieces.hasNext(), checksum.value(), data);
      if (part.last()) {
        // The table is free to go; the piece stays, in case its reply is lost.
        pieces = Collections.emptyIterator();
      }
      last = part;
      return part;
    }
  }

  /** Begins one of the table as it is. */
  Response begin() {
    if (unit.raft().isInstalling()) {
      return Failed.of(
          ErrorCode.OVERLOADED,
          "node " + unit.nodeId() + " is taking over a snapshot",
          "try again in a moment, or ask another node");
    }
    if (given.size() == MAX && !given.values().removeIf(Given::isFetched)) {
      return Failed.of(
          ErrorCode.OVERLOADED,
          MAX + " backups of node " + unit.nodeId() + " are being fetched, and more are not kept",
          "try again when one has ended, or ask another node; one that nobody fetches is dropped"
              + " after "
              + IDLE_MS / 1000
              + " s");
    }
    SnapshotMeta meta = unit.meta();
    FrozenStore table = unit.store().freeze();
    if (table.index() != meta.index()) {
      throw new IllegalStateException(
          "a table as of index " + table.index() + " for a backup at " + meta.index());
    }
    long id;
    do {
      id = unit.random.nextLong() >>> 11;
    } while (id == 0 || given.containsKey(id));
    given.put(id, new Given(table.pieces(PIECE_BYTES), unit.now()));
    ByteWriter encoded = new ByteWriter();
    EntryCodec.writeSnapshotMeta(encoded, meta);
    return new Response.BackupBegun(
        id,
        unit.identity().clusterId(),
        meta.index(),
        unit.raft().term(),
        table.size(),
        table.liveBytes() + ROW_OVERHEAD * table.size(),
        encoded.toBytes());
  }

  /** The next piece, or the one before it once more. */
  Response piece(Request.BackupPiece request) {
    Given backup = given.get(request.id());
    if (backup == null) {
      return Failed.of(
          ErrorCode.BAD_REQUEST,
          "node " + unit.nodeId() + " has no backup " + request.id(),
          "ask the node that began it, and within "
              + IDLE_MS / 1000
              + " s of the piece before, "
              + LONGEST_MS / 60_000
              + " min in all; or "
              + BEGIN_ANEW);
    }
    backup.asked = unit.now();
    Response.BackupPart last = backup.last;
    if (last != null && request.piece() == last.piece()) {
      return last;
    }
    if (request.piece() != backup.lastPiece() + 1 || backup.isFetched()) {
      return Failed.of(
          ErrorCode.BAD_REQUEST,
          "piece "
              + request.piece()
              + " of backup "
              + request.id()
              + " is not to be had: "
              + (backup.isFetched() ? "the last one was " : "the next one is ")
              + (backup.isFetched() ? backup.lastPiece() : backup.lastPiece() + 1),
          "fetch them in order, or " + BEGIN_ANEW);
    }
    return backup.next();
  }

  /** Drops what nobody fetches any more. */
  void tick() {
    long patience = unit.config.ticks(IDLE_MS);
    long longest = unit.config.ticks(LONGEST_MS);
    given
        .values()
        .removeIf(
            backup -> unit.now() - backup.asked > patience || unit.now() - backup.begun > longest);
  }
}
