package org.rale.wire;

import org.rale.bytes.ByteReader;
import org.rale.bytes.ByteWriter;
import org.rale.bytes.MalformedException;
import org.rale.request.Limits;
import org.rale.wire.PeerMessage.Forward;
import org.rale.wire.PeerMessage.ForwardLost;
import org.rale.wire.PeerMessage.ForwardReply;
import org.rale.wire.PeerMessage.KeepAlive;
import org.rale.wire.PeerMessage.Members;
import org.rale.wire.PeerMessage.Parting;
import org.rale.wire.PeerMessage.Raft;
import org.rale.wire.PeerMessage.StateDigest;

/**
 * What follows the handshake on a link: one frame a message, see {@link HandshakeCodec} for what
 * comes before. A receiver asks {@link #wanted} until that many bytes are there, and gives them to
 * {@link #decode}.
 */
public final class LinkCodec {
  /**
   * The longest payload of a frame. The longest message is the answer to KEYS, {@link
   * Limits#MAX_KEYS} keys of the longest kind. A request to append is far shorter: at most 1 MiB of
   * entries, or one entry of the longest kind ({@link EntryCodec#MAX_ENTRY_BYTES}); so is a piece
   * of a snapshot.
   */
  public static final int MAX_PAYLOAD_BYTES = Limits.MAX_KEYS * (4 + Limits.MAX_KEY_BYTES) + 1024;

  /** The longest frame, with its header and checksum. */
  public static final int MAX_FRAME_BYTES =
      Frame.HEADER_BYTES + MAX_PAYLOAD_BYTES + Frame.CHECKSUM_BYTES;

  private static final int RAFT = 4;
  private static final int FORWARD = 5;
  private static final int FORWARD_REPLY = 6;
  private static final int STATE_DIGEST = 7;
  private static final int KEEP_ALIVE = 8;
  private static final int PARTING = 9;
  private static final int FORWARD_LOST = 10;
  private static final int MEMBERS = 11;
  private static final int FORWARD_OF_CONNECTION = 12;
  private static final int FORWARD_IN_TURN = 13;

  private LinkCodec() {}

  /** Appends the message to what the writer holds. */
  public static void encode(PeerMessage message, ByteWriter out) {
    int start = Frame.begin(out, kind(message));
    if (message instanceof Raft raft) {
      MessageCodec.write(out, raft.message());
    } else if (message instanceof Forward forward) {
      out.i64(forward.id());
      if (forward.connection() != 0) {
        out.i64(forward.connection());
      }
      if (forward.after() != Forward.UNTOLD) {
        out.i64(forward.after());
      }
      RequestCodec.write(out.i32(forward.timeoutMs()), forward.request());
    } else if (message instanceof ForwardReply reply) {
      ResponseCodec.write(out.i64(reply.id()), reply.response());
    } else if (message instanceof ForwardLost lost) {
      out.i64(lost.id());
    } else if (message instanceof StateDigest digest) {
      out.i64(digest.index()).i64(digest.hash());
    } else if (message instanceof KeepAlive keepAlive) {
      out.bool(keepAlive.answer());
    } else if (message instanceof Members members) {
      out.i64(members.index()).i64(members.term());
      EntryCodec.writeMembership(out, members.membership());
    } else if (message instanceof Parting parting) {
      WireText.write(out.u8(HandshakeCodec.code(parting.refusal())), parting.reason());
    }
    Frame.end(out, start, MAX_PAYLOAD_BYTES);
  }

  private static int kind(PeerMessage message) {
    if (message instanceof Raft) {
      return RAFT;
    }
    if (message instanceof Forward forward) {
      return kind(forward);
    }
    if (message instanceof ForwardReply) {
      return FORWARD_REPLY;
    }
    if (message instanceof ForwardLost) {
      return FORWARD_LOST;
    }
    if (message instanceof Parting) {
      return PARTING;
    }
    if (message instanceof Members) {
      return MEMBERS;
    }
    return message instanceof StateDigest ? STATE_DIGEST : KEEP_ALIVE;
  }

  private static int kind(Forward forward) {
    if (forward.after() != Forward.UNTOLD) {
      return FORWARD_IN_TURN;
    }
    return forward.connection() == 0 ? FORWARD : FORWARD_OF_CONNECTION;
  }

  /**
   * How many bytes the frame takes that begins at the offset, as far as that can be seen yet: with
   * fewer available, wait for more and ask again; with as many, {@link #decode} takes them.
   *
   * @throws MalformedException when no frame is so long
   */
  public static int wanted(byte[] array, int offset, int available) throws MalformedException {
    return Frame.wanted(array, offset, available, MAX_PAYLOAD_BYTES);
  }

  /** Takes a whole frame, as long as {@link #wanted} says. */
  public static PeerMessage decode(byte[] array, int offset, int length) throws MalformedException {
    ByteReader in = Frame.payload(array, offset, length);
    int kind = Frame.kind(array, offset);
    PeerMessage message =
        switch (kind) {
          case RAFT -> new Raft(MessageCodec.read(in));
          case FORWARD -> forward(in, in.i64(), 0, Forward.UNTOLD);
          case FORWARD_OF_CONNECTION -> forward(in, in.i64(), connection(in), Forward.UNTOLD);
          case FORWARD_IN_TURN -> forward(in, in.i64(), connection(in), in.position());
          case FORWARD_REPLY -> new ForwardReply(in.i64(), ResponseCodec.read(in));
          case FORWARD_LOST -> new ForwardLost(in.i64());
          case STATE_DIGEST -> new StateDigest(in.position(), in.i64());
          case KEEP_ALIVE -> new KeepAlive(in.bool());
          case MEMBERS -> new Members(in.position(), in.position(), EntryCodec.readMembership(in));
          case PARTING -> new Parting(HandshakeCodec.refusal(in), WireText.read(in));
          default -> throw new MalformedException("a frame of unknown kind " + kind);
        };
    in.finish();
    return message;
  }

  private static Forward forward(ByteReader in, long id, long connection, long after)
      throws MalformedException {
    return new Forward(id, connection, after, in.count(Integer.MAX_VALUE), RequestCodec.read(in));
  }

  private static long connection(ByteReader in) throws MalformedException {
    long connection = in.i64();
    if (connection <= 0) {
      throw new MalformedException("a connection has the number " + connection);
    }
    return connection;
  }
}
