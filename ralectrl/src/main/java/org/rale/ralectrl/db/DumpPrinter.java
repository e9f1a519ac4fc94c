package org.rale.ralectrl.db;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.OptionalLong;
import java.util.function.Consumer;
import org.rale.clusterdb.FileRecord;
import org.rale.clusterdb.Survey;
import org.rale.command.JsonLine;
import org.rale.raft.Entry;
import org.rale.raft.HardState;
import org.rale.raft.Payload;

/**
 * A line for each record as it comes, and one for all pieces of the table together.
 *
 * <p>What the output says of itself travels through the reader as an UncheckedIOException.
 */
final class DumpPrinter implements Consumer<FileRecord> {
  private static final String COLUMNS = "%12s %8s  %-8s %10s %8s  %s";

  private final Lines lines;
  private final boolean json;
  private final Commands commands;

  /** Of the last entry that was shown; entries up to it are replaced by one with their index. */
  private long lastIndex;

  /** Of the last record; it may turn out to have no end. */
  private long lastBatch;

  private long piecesAt;
  private long pieces;
  private long pieceBytes;

  DumpPrinter(Lines lines, boolean json, boolean values) throws IOException {
    this.lines = lines;
    this.json = json;
    this.commands = new Commands(values);
    if (!json) {
      lines.add(COLUMNS.formatted("OFFSET", "BATCH", "KIND", "INDEX", "TERM", "WHAT"));
    }
  }

  @Override
  public void accept(FileRecord record) {
    lastBatch = record.batch();
    try {
      if (record instanceof FileRecord.Piece piece) {
        piecesAt = pieces == 0 ? piece.offset() : piecesAt;
        pieces++;
        pieceBytes += piece.bytes();
      } else {
        endOfPieces();
        print(record);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void print(FileRecord record) throws IOException {
    if (record instanceof FileRecord.Snapshot snapshot) {
      lastIndex = snapshot.meta().index();
      line(record, "snapshot", snapshot.meta().index(), snapshot.meta().term());
    } else if (record instanceof FileRecord.TermAndVote state) {
      line(record, "vote", 0, state.hardState().term());
    } else if (record instanceof FileRecord.LogEntry entry) {
      line(record, "entry", entry.entry().index(), entry.entry().term());
      lastIndex = entry.entry().index();
    } else {
      line(record, "again", 0, 0);
    }
  }

  /**
   * @param index 0: it has none, unless it is a snapshot
   */
  private void line(FileRecord record, String kind, long index, long term) throws IOException {
    if (json) {
      JsonLine line = begin(record.offset(), kind).field("batch", record.batch());
      if (index > 0 || record instanceof FileRecord.Snapshot) {
        line.field("index", index);
      }
      if (!(record instanceof FileRecord.Again)) {
        line.field("term", term);
      }
      end(members(line, record));
      return;
    }
    lines.add(
        COLUMNS.formatted(
            record.offset(),
            record.batch(),
            kind,
            index > 0 || record instanceof FileRecord.Snapshot ? index : "-",
            record instanceof FileRecord.Again ? "-" : term,
            words(record)));
  }

  private String words(FileRecord record) {
    if (record instanceof FileRecord.Snapshot snapshot) {
      return "members " + Members.text(snapshot.meta().membership());
    } else if (record instanceof FileRecord.TermAndVote state) {
      HardState hardState = state.hardState();
      return hardState.votedFor() == 0 ? "no vote" : "for node " + hardState.votedFor();
    } else if (record instanceof FileRecord.LogEntry entry) {
      String replaced = replaced(entry.entry());
      return words(entry.entry().payload()) + (replaced.isEmpty() ? "" : "; replaces " + replaced);
    }
    return "batch "
        + record.batch()
        + " is read once more, as raled may be writing it: it does not count as it stands above";
  }

  private String words(Payload payload) {
    if (payload instanceof Payload.Command command) {
      return commands.text(command.bytes());
    } else if (payload instanceof Payload.Members members) {
      return "members " + Members.text(members.membership());
    }
    return "empty";
  }

  private JsonLine members(JsonLine line, FileRecord record) {
    if (record instanceof FileRecord.Snapshot snapshot) {
      return Members.json(line, snapshot.meta().membership());
    } else if (record instanceof FileRecord.TermAndVote state) {
      return line.field("voted_for", state.hardState().votedFor());
    } else if (record instanceof FileRecord.LogEntry entry) {
      Payload payload = entry.entry().payload();
      if (payload instanceof Payload.Command command) {
        commands.json(line, command.bytes());
      } else if (payload instanceof Payload.Members members) {
        Members.json(line.field("command", "MEMBERS"), members.membership());
      } else {
        line.field("command", "EMPTY");
      }
      if (entry.entry().index() <= lastIndex) {
        line.field("replaces_to", lastIndex);
      }
    }
    return line;
  }

  private String replaced(Entry entry) {
    if (entry.index() > lastIndex) {
      return "";
    }
    return entry.index() == lastIndex
        ? "entry " + lastIndex
        : "entries " + entry.index() + " to " + lastIndex;
  }

  private void endOfPieces() throws IOException {
    if (pieces == 0) {
      return;
    }
    if (json) {
      end(
          begin(piecesAt, "table")
              .field("batch", 1)
              .field("pieces", pieces)
              .field("bytes", pieceBytes));
    } else {
      String what = Count.of(pieces, "piece") + ", " + Count.of(pieceBytes, "byte");
      lines.add(COLUMNS.formatted(piecesAt, 1, "table", "-", "-", what));
    }
    pieces = 0;
  }

  /** The file was read to its end. */
  void end(Survey.Reach reach, OptionalLong daemon) throws IOException {
    endOfPieces();
    if (json) {
      end(begin(reach.end(), "end").field("torn_bytes", reach.cutBytes()));
    } else {
      lines.add(
          "The last whole batch, %d, ends at byte %d.%s"
              .formatted(reach.batches(), reach.end(), tornTail(reach, daemon.isPresent())));
    }
    lines.flush();
  }

  /** The file was read up to damage. */
  void stop() throws IOException {
    endOfPieces();
    lines.flush();
  }

  private String tornTail(Survey.Reach reach, boolean inUse) {
    if (reach.cutBytes() == 0) {
      return "";
    }
    return " Behind it %s of a torn tail%s.%s"
        .formatted(
            reach.cutBytes() == 1 ? "stands 1 byte" : "stand " + reach.cutBytes() + " bytes",
            inUse ? ", or of what raled is writing" : ", which a start cuts off",
            lastBatch > reach.batches() ? " Records of batch " + lastBatch + " do not count." : "");
  }

  private static JsonLine begin(long offset, String kind) {
    return new JsonLine(256).open('{').field("offset", offset).field("kind", kind);
  }

  private void end(JsonLine line) throws IOException {
    lines.add(Failures.text(line.close('}')));
  }
}
