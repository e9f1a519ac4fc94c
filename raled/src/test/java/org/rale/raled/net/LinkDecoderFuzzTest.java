package org.rale.raled.net;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.embedded.EmbeddedChannel;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import java.util.zip.CRC32C;
import org.junit.jupiter.params.provider.MethodSource;
import org.rale.bytes.ByteWriter;
import org.rale.bytes.MalformedException;
import org.rale.raft.Message;
import org.rale.wire.Handshake;
import org.rale.wire.HandshakeCodec;
import org.rale.wire.Identity;
import org.rale.wire.LinkCodec;
import org.rale.wire.PeerMessage;
import org.rale.wire.VersionException;

/**
 * What comes in over a link, in pieces of the length in the first byte. The rest of the input is
 * frames without magic, length and checksum: u8 kind of the item (0 bare bytes, 1 a handshake, 2 a
 * frame), u16 length, content. Whatever the pieces, the same messages go up as the codecs take one
 * after the other, then at most one exception, and nothing behind it.
 */
final class LinkDecoderFuzzTest {
  private static final byte[] MAGIC = {(byte) 0x8e, 'R', 'A', 'L', 'E'};
  private static final int VERSIONS = 2;
  private static final int BARE = 0;
  private static final int HANDSHAKE = 1;
  private static final int FRAME = 2;

  static Stream<byte[]> seeds() {
    Identity sender = new Identity(7, 2, 9);
    List<PeerMessage> messages =
        List.of(
            new PeerMessage.KeepAlive(false),
            new PeerMessage.Raft(new Message.Heartbeat(3, 2, 1, 1)),
            new PeerMessage.StateDigest(4, 5));
    return Stream.of(
        seed(1, new Handshake.Hello(sender, 77, 1, 50), messages),
        seed(64, new Handshake.Welcome(sender, 77, 1), messages),
        seed(13, new Handshake.Refused(sender, Handshake.Refusal.SAME_ID, "no"), List.of()));
  }

  private static byte[] seed(int piece, Handshake handshake, List<PeerMessage> messages) {
    ByteWriter seed = new ByteWriter().u8(piece);
    ByteWriter out = new ByteWriter();
    HandshakeCodec.encode(handshake, out);
    // Magic, versions, length and kind in front, a checksum behind.
    int length = out.size() - MAGIC.length - 4 - 4;
    seed.u8(HANDSHAKE).u16(length).raw(out.array(), MAGIC.length, VERSIONS);
    seed.raw(out.array(), MAGIC.length + VERSIONS + 4, length - VERSIONS);
    for (PeerMessage message : messages) {
      out.clear();
      LinkCodec.encode(message, out);
      seed.u8(FRAME).u16(out.size() - 8).raw(out.array(), 4, out.size() - 8);
    }
    return seed.u8(BARE).u16(2).u16(0).toBytes().toByteArray();
  }

  @MethodSource("seeds")
  @FuzzTest
  void stream(byte[] input) {
    if (input.length == 0) {
      return;
    }
    byte[] stream = stream(ByteBuffer.wrap(input, 1, input.length - 1));
    List<Object> events = new ArrayList<>();
    EmbeddedChannel channel = new EmbeddedChannel(new LinkDecoder(), new Witness(events));
    int piece = 1 + (input[0] & 0xff);
    for (int at = 0; at < stream.length; at += piece) {
      channel.writeInbound(Unpooled.copiedBuffer(stream, at, Math.min(piece, stream.length - at)));
    }
    assertThat(events).isEqualTo(expected(stream));
    channel.finishAndReleaseAll();
  }

  private static byte[] stream(ByteBuffer in) {
    ByteWriter out = new ByteWriter();
    while (in.remaining() >= 3) {
      int kind = in.get();
      byte[] content = new byte[Math.min(in.getShort() & 0xffff, in.remaining())];
      in.get(content);
      if (kind == HANDSHAKE && content.length > VERSIONS) {
        out.raw(MAGIC, 0, MAGIC.length).raw(content, 0, VERSIONS);
        frame(Arrays.copyOfRange(content, VERSIONS, content.length), out);
      } else if (kind == FRAME && content.length > 0) {
        frame(content, out);
      } else {
        out.raw(content, 0, content.length);
      }
    }
    return out.toBytes().toByteArray();
  }

  private static void frame(byte[] kindAndPayload, ByteWriter out) {
    int start = out.size();
    out.i32(kindAndPayload.length - 1).raw(kindAndPayload, 0, kindAndPayload.length);
    CRC32C crc = new CRC32C();
    crc.update(out.array(), start, out.size() - start);
    out.i32((int) crc.getValue());
  }

  private static List<Object> expected(byte[] stream) {
    List<Object> events = new ArrayList<>();
    int at = 0;
    try {
      int wanted = HandshakeCodec.wanted(stream, at, stream.length);
      if (wanted <= stream.length) {
        events.add(HandshakeCodec.decode(stream, at, wanted));
        at = wanted;
        wanted = LinkCodec.wanted(stream, at, stream.length - at);
        while (wanted <= stream.length - at) {
          events.add(LinkCodec.decode(stream, at, wanted));
          at += wanted;
          wanted = LinkCodec.wanted(stream, at, stream.length - at);
        }
      }
    } catch (MalformedException | VersionException e) {
      events.add(e.getMessage());
    }
    return events;
  }

  private static final class Witness extends ChannelInboundHandlerAdapter {
    private final List<Object> events;

    Witness(List<Object> events) {
      this.events = events;
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) {
      events.add(message);
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
      assertThat(cause).isInstanceOfAny(MalformedException.class, VersionException.class);
      events.add(cause.getMessage());
    }
  }
}
