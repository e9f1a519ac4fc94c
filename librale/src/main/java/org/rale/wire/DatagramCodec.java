package org.rale.wire;

import org.rale.bytes.ByteReader;
import org.rale.bytes.ByteWriter;
import org.rale.bytes.Bytes;
import org.rale.bytes.MalformedException;
import org.rale.raft.Message;
import org.rale.wire.Datagram.Stamps;

/**
 * Datagrams of the rale port.
 *
 * <pre>
 * 8E 52 44 (0x8E "RD"), u8 version, identity, u64 process, u32 target, u64 sequence, u8 heard,
 * u64 clock, u64 echo, u32 held, message, u32 CRC32C over all
 * </pre>
 *
 * <p>The checksum of UDP has 16 bits and may be missing; a flipped bit in a term would start an
 * election. The bound lies far below what any network carries without cutting it up.
 */
public final class DatagramCodec {
  public static final int MAX_BYTES = 512;

  private static final int VERSION = 1;
  private static final Bytes MAGIC = Bytes.wrap(new byte[] {(byte) 0x8e, 'R', 'D'});

  private DatagramCodec() {}

  /** Whether the message may travel so: short, and worthless when late. All else needs a link. */
  public static boolean carries(Message message) {
    return message instanceof Message.Heartbeat
        || message instanceof Message.HeartbeatResponse
        || message instanceof Message.PreVoteRequest
        || message instanceof Message.PreVoteResponse
        || message instanceof Message.VoteRequest
        || message instanceof Message.VoteResponse
        || message instanceof Message.TimeoutNow;
  }

  /** Appends the datagram to what the writer holds. */
  public static void encode(Datagram datagram, ByteWriter out) {
    if (!carries(datagram.message())) {
      throw new IllegalArgumentException("no datagram carries " + datagram.message());
    }
    int start = out.size();
    out.raw(MAGIC).u8(VERSION);
    IdentityCodec.write(out, datagram.sender());
    out.i64(datagram.process())
        .i32(datagram.target())
        .i64(datagram.sequence())
        .bool(datagram.heard());
    Stamps stamps = datagram.stamps();
    out.i64(stamps.clock()).i64(stamps.echo()).i32(stamps.held());
    MessageCodec.write(out, datagram.message());
    out.i32(Frame.checksum(out.array(), start, out.size() - start));
  }

  public static Datagram decode(byte[] array, int offset, int length) throws MalformedException {
    if (length > MAX_BYTES || length < MAGIC.length() + Frame.CHECKSUM_BYTES) {
      throw new MalformedException("a datagram of " + length + " bytes");
    }
    int end = length - Frame.CHECKSUM_BYTES;
    ByteReader in = new ByteReader(array, offset, end);
    if (!in.raw(MAGIC.length()).equals(MAGIC)) {
      throw new MalformedException("a datagram that begins with other bytes than RALE's");
    }
    int stored = new ByteReader(array, offset + end, Frame.CHECKSUM_BYTES).i32();
    if (stored != Frame.checksum(array, offset, end)) {
      throw new MalformedException("a datagram whose checksum is wrong");
    }
    int version = in.u8();
    if (version != VERSION) {
      throw new MalformedException(
          "a datagram of version " + version + ", this program reads version " + VERSION);
    }
    Datagram datagram =
        new Datagram(
            IdentityCodec.read(in),
            IdentityCodec.process(in),
            IdentityCodec.nodeId(in),
            in.position(),
            in.bool(),
            new Stamps(in.position(), in.position(), in.count(Stamps.MAX_HELD)),
            MessageCodec.read(in));
    in.finish();
    if (!carries(datagram.message())) {
      throw new MalformedException("a datagram with a message that needs a link");
    }
    return datagram;
  }
}
