package org.rale.wire;

import java.util.ArrayList;
import java.util.List;
import org.rale.bytes.ByteReader;
import org.rale.bytes.ByteWriter;
import org.rale.bytes.MalformedException;
import org.rale.raft.Denial;
import org.rale.raft.Entry;
import org.rale.raft.Message;
import org.rale.raft.Message.AppendRequest;
import org.rale.raft.Message.AppendResponse;
import org.rale.raft.Message.Heartbeat;
import org.rale.raft.Message.HeartbeatResponse;
import org.rale.raft.Message.PreVoteRequest;
import org.rale.raft.Message.PreVoteResponse;
import org.rale.raft.Message.ReadIndexRequest;
import org.rale.raft.Message.ReadIndexResponse;
import org.rale.raft.Message.SnapshotPiece;
import org.rale.raft.Message.SnapshotResponse;
import org.rale.raft.Message.TimeoutNow;
import org.rale.raft.Message.VoteRequest;
import org.rale.raft.Message.VoteResponse;

/**
 * The messages of the rules as bytes: u8 kind, u64 term, the fields in the order of the record.
 * docs/PROTOCOL.md has them as tables.
 */
final class MessageCodec {
  private static final int PRE_VOTE_REQUEST = 1;
  private static final int PRE_VOTE_RESPONSE = 2;
  private static final int VOTE_REQUEST = 3;
  private static final int VOTE_RESPONSE = 4;
  private static final int HEARTBEAT = 5;
  private static final int HEARTBEAT_RESPONSE = 6;
  private static final int APPEND_REQUEST = 7;
  private static final int APPEND_RESPONSE = 8;
  private static final int SNAPSHOT_PIECE = 9;
  private static final int SNAPSHOT_RESPONSE = 10;
  private static final int TIMEOUT_NOW = 11;
  private static final int READ_INDEX_REQUEST = 12;
  private static final int READ_INDEX_RESPONSE = 13;

  /** The shortest entry: version, index, term, kind. */
  private static final int MIN_ENTRY_BYTES = 1 + 8 + 8 + 1;

  private static final WireCodes<Denial> DENIALS =
      new WireCodes<>(
          "a denial",
          List.of(
              Denial.NONE,
              Denial.OLD_TERM,
              Denial.VOTED_OTHER,
              Denial.LOG_BEHIND,
              Denial.LEADER_HEARD,
              Denial.NOT_MEMBER));

  private MessageCodec() {}

  static void write(ByteWriter out, Message message) {
    if (message instanceof AppendRequest append) {
      writeAppend(begin(out, APPEND_REQUEST, append), append);
    } else if (message instanceof AppendResponse answer) {
      begin(out, APPEND_RESPONSE, answer)
          .i64(answer.sequence())
          .bool(answer.accepted())
          .i64(answer.index())
          .i64(answer.hintIndex())
          .i64(answer.hintTerm())
          .i64(answer.lastIndex());
    } else if (message instanceof SnapshotPiece piece) {
      begin(out, SNAPSHOT_PIECE, piece);
      EntryCodec.writeSnapshotMeta(out, piece.meta());
      out.i32(piece.piece()).bool(piece.last()).i64(piece.hash()).bytes(piece.data());
    } else if (message instanceof SnapshotResponse answer) {
      begin(out, SNAPSHOT_RESPONSE, answer)
          .i64(answer.index())
          .i32(answer.nextPiece())
          .bool(answer.installed());
    } else if (message instanceof ReadIndexRequest request) {
      begin(out, READ_INDEX_REQUEST, request).i64(request.id());
    } else if (message instanceof ReadIndexResponse answer) {
      begin(out, READ_INDEX_RESPONSE, answer).i64(answer.id()).i64(answer.index());
    } else {
      writeElection(out, message);
    }
  }

  /** The short ones, which datagrams carry. */
  private static void writeElection(ByteWriter out, Message message) {
    if (message instanceof Heartbeat beat) {
      begin(out, HEARTBEAT, beat).i64(beat.commit()).i64(beat.round()).i64(beat.number());
    } else if (message instanceof HeartbeatResponse answer) {
      begin(out, HEARTBEAT_RESPONSE, answer).i64(answer.round()).i32(answer.loss());
    } else if (message instanceof PreVoteRequest request) {
      begin(out, PRE_VOTE_REQUEST, request)
          .i64(request.campaignTerm())
          .i64(request.lastIndex())
          .i64(request.lastTerm());
    } else if (message instanceof PreVoteResponse answer) {
      begin(out, PRE_VOTE_RESPONSE, answer).i64(answer.campaignTerm());
      DENIALS.write(out, answer.denial());
    } else if (message instanceof VoteRequest request) {
      begin(out, VOTE_REQUEST, request)
          .i64(request.lastIndex())
          .i64(request.lastTerm())
          .bool(request.transfer())
          .i64(request.incarnation());
    } else if (message instanceof VoteResponse answer) {
      DENIALS.write(begin(out, VOTE_RESPONSE, answer), answer.denial());
      out.i64(answer.incarnation());
    } else if (message instanceof TimeoutNow) {
      begin(out, TIMEOUT_NOW, message);
    } else {
      throw new IllegalArgumentException("no bytes for " + message);
    }
  }

  static Message read(ByteReader in) throws MalformedException {
    int kind = in.u8();
    long term = in.position();
    return switch (kind) {
      case PRE_VOTE_REQUEST ->
          new PreVoteRequest(term, in.position(), in.position(), in.position());
      case PRE_VOTE_RESPONSE -> new PreVoteResponse(term, in.position(), DENIALS.read(in));
      case VOTE_REQUEST -> new VoteRequest(term, in.position(), in.position(), in.bool(), in.i64());
      case VOTE_RESPONSE -> new VoteResponse(term, DENIALS.read(in), in.i64());
      case HEARTBEAT -> new Heartbeat(term, in.position(), in.position(), in.position());
      case HEARTBEAT_RESPONSE -> new HeartbeatResponse(term, in.position(), readLoss(in));
      case APPEND_REQUEST -> readAppend(term, in);
      case APPEND_RESPONSE ->
          new AppendResponse(
              term,
              in.position(),
              in.bool(),
              in.position(),
              in.position(),
              in.position(),
              in.position());
      case SNAPSHOT_PIECE ->
          new SnapshotPiece(
              term,
              EntryCodec.readSnapshotMeta(in),
              in.count(Integer.MAX_VALUE),
              in.bool(),
              in.i64(),
              in.bytes(LinkCodec.MAX_PAYLOAD_BYTES));
      case SNAPSHOT_RESPONSE ->
          new SnapshotResponse(term, in.position(), in.count(Integer.MAX_VALUE), in.bool());
      case TIMEOUT_NOW -> new TimeoutNow(term);
      case READ_INDEX_REQUEST -> new ReadIndexRequest(term, in.i64());
      case READ_INDEX_RESPONSE -> new ReadIndexResponse(term, in.i64(), readIndex(in));
      default -> throw new MalformedException("a message of unknown kind " + kind);
    };
  }

  private static ByteWriter begin(ByteWriter out, int kind, Message message) {
    return out.u8(kind).i64(message.term());
  }

  private static void writeAppend(ByteWriter out, AppendRequest append) {
    out.i64(append.sequence())
        .i64(append.prevIndex())
        .i64(append.prevTerm())
        .i64(append.commit())
        .i32(append.entries().size());
    for (Entry entry : append.entries()) {
      EntryCodec.writeEntry(out, entry);
    }
  }

  /** Entries follow each other without a gap, and no entry is of a later term than its sender's. */
  private static AppendRequest readAppend(long term, ByteReader in) throws MalformedException {
    long sequence = in.position();
    long prevIndex = in.position();
    long prevTerm = in.position();
    long commit = in.position();
    int count = in.count(in.remaining() / MIN_ENTRY_BYTES);
    List<Entry> entries = new ArrayList<>(count);
    long lastTerm = prevTerm;
    for (int i = 0; i < count; i++) {
      Entry entry = EntryCodec.readEntry(in);
      if (entry.index() - i - 1 != prevIndex || entry.term() < lastTerm || entry.term() > term) {
        throw new MalformedException(
            "entry "
                + entry.index()
                + " of term "
                + entry.term()
                + " as number "
                + (i + 1)
                + " behind entry "
                + prevIndex
                + " of term "
                + prevTerm
                + " in a request of term "
                + term);
      }
      lastTerm = entry.term();
      entries.add(entry);
    }
    return new AppendRequest(term, sequence, prevIndex, prevTerm, commit, entries);
  }

  private static int readLoss(ByteReader in) throws MalformedException {
    int loss = in.i32();
    if (loss < HeartbeatResponse.LOSS_UNKNOWN || loss > HeartbeatResponse.LOSS_MAX) {
      throw new MalformedException("a loss of " + loss + " thousandths");
    }
    return loss;
  }

  private static long readIndex(ByteReader in) throws MalformedException {
    long index = in.i64();
    if (index < -1) {
      throw new MalformedException("a read index of " + index);
    }
    return index;
  }
}
