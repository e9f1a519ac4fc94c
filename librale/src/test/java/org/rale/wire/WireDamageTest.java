package org.rale.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.function.Consumer;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.rale.bytes.ByteWriter;
import org.rale.bytes.Bytes;
import org.rale.bytes.MalformedException;
import org.rale.raft.Entry;
import org.rale.raft.Message;
import org.rale.raft.Payload;
import org.rale.raft.SnapshotMeta;
import org.rale.request.Limits;
import org.rale.request.Response;

@DisplayName("S-17 damage and garbage")
class WireDamageTest {
  private static final int FRAME_RAFT = 4;
  private static final int FRAME_FORWARD = 5;
  private static final int FRAME_FORWARD_REPLY = 6;

  private final WireSamples samples = new WireSamples(11);

  @Test
  void everyTruncationIsSeen() throws Exception {
    for (byte[] frame : frames()) {
      for (int length = 0; length < frame.length; length++) {
        assertThat(LinkCodec.wanted(frame, 0, length)).isGreaterThan(length);
        byte[] cut = Arrays.copyOf(frame, length);
        assertThatThrownBy(() -> LinkCodec.decode(cut, 0, cut.length))
            .isInstanceOf(MalformedException.class);
      }
    }
    for (byte[] handshake : handshakes()) {
      for (int length = 0; length < handshake.length; length++) {
        assertThat(HandshakeCodec.wanted(handshake, 0, length)).isGreaterThan(length);
        byte[] cut = Arrays.copyOf(handshake, length);
        assertThatThrownBy(() -> HandshakeCodec.decode(cut, 0, cut.length))
            .isInstanceOf(MalformedException.class);
      }
    }
    for (byte[] datagram : datagrams()) {
      for (int length = 0; length < datagram.length; length++) {
        byte[] cut = Arrays.copyOf(datagram, length);
        assertThatThrownBy(() -> DatagramCodec.decode(cut, 0, cut.length))
            .isInstanceOf(MalformedException.class);
      }
    }
  }

  @Test
  void everyFlippedByteIsSeen() {
    for (byte[] frame : frames()) {
      eachFlip(
          frame,
          flipped ->
              assertThatThrownBy(() -> LinkCodec.decode(flipped, 0, flipped.length))
                  .isInstanceOf(MalformedException.class));
    }
    for (byte[] datagram : datagrams()) {
      eachFlip(
          datagram,
          flipped ->
              assertThatThrownBy(() -> DatagramCodec.decode(flipped, 0, flipped.length))
                  .isInstanceOf(MalformedException.class));
    }
  }

  /**
   * The two version bytes stand outside the checksum: their layout is for ever. What may come of it
   * is that an older version is spoken.
   */
  @Test
  void everyFlippedByteOfAHandshakeIsSeenOrHarmless() throws Exception {
    for (byte[] bytes : handshakes()) {
      eachFlip(
          bytes,
          flipped -> {
            try {
              ByteWriter again = new ByteWriter();
              HandshakeCodec.encode(HandshakeCodec.decode(flipped, 0, flipped.length), again);
              assertThat(again.toBytes().toByteArray()).isEqualTo(bytes);
            } catch (MalformedException | VersionException e) {
              assertThat(e.getMessage()).isNotEmpty();
            }
          });
    }
  }

  @Test
  void garbageIsRefused() {
    Random random = new Random(12);
    for (int i = 0; i < 20_000; i++) {
      byte[] garbage = new byte[random.nextInt(80)];
      random.nextBytes(garbage);
      assertThatThrownBy(() -> LinkCodec.decode(garbage, 0, garbage.length))
          .isInstanceOf(MalformedException.class);
      assertThatThrownBy(() -> HandshakeCodec.decode(garbage, 0, garbage.length))
          .isInstanceOf(MalformedException.class);
      assertThatThrownBy(() -> DatagramCodec.decode(garbage, 0, garbage.length))
          .isInstanceOf(MalformedException.class);
    }
  }

  /** Garbage with a right checksum: a peer with a bug, not a bad wire. */
  @Test
  void sealedGarbageIsRefusedOrWhole() {
    Random random = new Random(13);
    int refused = 0;
    for (int i = 0; i < 50_000; i++) {
      ByteWriter out = new ByteWriter();
      int start = Frame.begin(out, random.nextInt(10));
      byte[] garbage = new byte[random.nextInt(60)];
      random.nextBytes(garbage);
      if (garbage.length > 0) {
        garbage[0] = (byte) random.nextInt(16);
      }
      out.raw(garbage, 0, garbage.length);
      Frame.end(out, start, LinkCodec.MAX_PAYLOAD_BYTES);
      try {
        assertThat(LinkCodec.decode(out.array(), 0, out.size())).isNotNull();
      } catch (MalformedException e) {
        refused++;
      }
    }
    assertThat(refused).isGreaterThan(45_000);
  }

  @Test
  void absurdLengthsTakeNoMemory() throws Exception {
    ByteWriter header = new ByteWriter().i32(Integer.MAX_VALUE).u8(FRAME_RAFT);
    assertThatThrownBy(() -> LinkCodec.wanted(header.array(), 0, header.size()))
        .isInstanceOf(MalformedException.class);
    ByteWriter negative = new ByteWriter().i32(-1).u8(FRAME_RAFT);
    assertThatThrownBy(() -> LinkCodec.wanted(negative.array(), 0, negative.size()))
        .isInstanceOf(MalformedException.class);

    ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    for (int count : new int[] {-1, 10_000, 1 << 20, Integer.MAX_VALUE}) {
      for (byte[] frame : framesThatClaim(count)) {
        long before = threads.getCurrentThreadAllocatedBytes();
        assertThatThrownBy(() -> LinkCodec.decode(frame, 0, frame.length))
            .isInstanceOf(MalformedException.class);
        assertThat(threads.getCurrentThreadAllocatedBytes() - before).isLessThan(500_000);
      }
    }
  }

  private static List<byte[]> framesThatClaim(int count) {
    return List.of(
        // append request: kind, term, sequence, prevIndex, prevTerm, commit, count
        sealed(FRAME_RAFT, out -> out.u8(7).i64(1).i64(1).i64(1).i64(1).i64(1).i32(count)),
        // snapshot piece: a membership of so many
        sealed(FRAME_RAFT, out -> out.u8(9).i64(1).u8(1).i64(1).i64(1).u8(1).i32(count)),
        // GET with a key of so many bytes
        sealed(FRAME_FORWARD, out -> out.i64(1).i32(1).u8(5).i32(count)),
        // a change of so many bytes
        sealed(FRAME_FORWARD, out -> out.i64(1).i32(1).u8(4).i32(count)),
        // a value, a list of keys, of nodes, of fields
        sealed(FRAME_FORWARD_REPLY, out -> out.i64(1).u8(3).i32(count)),
        sealed(FRAME_FORWARD_REPLY, out -> out.i64(1).u8(6).u8(0).i32(count)),
        sealed(FRAME_FORWARD_REPLY, out -> out.i64(1).u8(10).i32(count)),
        sealed(FRAME_FORWARD_REPLY, out -> out.i64(1).u8(11).i32(count)));
  }

  @Test
  void refusesEntriesThatDoNotFollowEachOther() {
    Entry third = new Entry(3, 2, new Payload.Empty());
    Entry fourth = new Entry(4, 2, new Payload.Empty());
    Entry fifth = new Entry(5, 2, new Payload.Empty());
    Entry older = new Entry(4, 1, new Payload.Empty());
    Entry newer = new Entry(4, 3, new Payload.Empty());
    assertThat(decodes(List.of(third, fourth, fifth))).isTrue();
    assertThat(decodes(List.of(fourth))).isFalse();
    assertThat(decodes(List.of(third, fifth))).isFalse();
    assertThat(decodes(List.of(third, third))).isFalse();
    assertThat(decodes(List.of(third, older))).isFalse();
    assertThat(decodes(List.of(third, newer))).isFalse();
  }

  private static boolean decodes(List<Entry> entries) {
    ByteWriter out = new ByteWriter();
    LinkCodec.encode(new PeerMessage.Raft(new Message.AppendRequest(2, 1, 2, 1, 0, entries)), out);
    try {
      return LinkCodec.decode(out.array(), 0, out.size()) != null;
    } catch (MalformedException e) {
      return false;
    }
  }

  @Test
  void theLongestAnswerFitsAFrame() throws Exception {
    Bytes key = Bytes.wrap(new byte[Limits.MAX_KEY_BYTES]);
    PeerMessage longest =
        new PeerMessage.ForwardReply(
            1, new Response.KeyList(Collections.nCopies(Limits.MAX_KEYS, key), true, 0));
    ByteWriter out = new ByteWriter();
    LinkCodec.encode(longest, out);
    assertThat(out.size()).isLessThanOrEqualTo(LinkCodec.MAX_FRAME_BYTES);
    assertThat(LinkCodec.decode(out.array(), 0, out.size())).isEqualTo(longest);
    Bytes tooLong = Bytes.wrap(new byte[LinkCodec.MAX_PAYLOAD_BYTES]);
    PeerMessage piece =
        new PeerMessage.Raft(new Message.SnapshotPiece(1, SnapshotMeta.NONE, 0, true, 0, tooLong));
    assertThatThrownBy(() -> LinkCodec.encode(piece, new ByteWriter()))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void datagramsCarryOnlyWhatMayBeLost() {
    Message append = new Message.AppendRequest(1, 1, 0, 0, 0, List.of());
    Datagram datagram =
        new Datagram(samples.identity(), 1, 1, 1, true, Datagram.Stamps.NONE, append);
    assertThatThrownBy(() -> DatagramCodec.encode(datagram, new ByteWriter()))
        .isInstanceOf(IllegalArgumentException.class);
    ByteWriter out = new ByteWriter();
    out.u8(0x8e).u8('R').u8('D').u8(1);
    IdentityCodec.write(out, samples.identity());
    out.i64(1).i32(1).i64(1).bool(true).i64(0).i64(0).i32(0);
    MessageCodec.write(out, append);
    out.i32(Frame.checksum(out.array(), 0, out.size()));
    assertThatThrownBy(() -> DatagramCodec.decode(out.array(), 0, out.size()))
        .isInstanceOf(MalformedException.class)
        .hasMessageContaining("needs a link");
  }

  private List<byte[]> frames() {
    List<byte[]> frames = new ArrayList<>();
    samples
        .peerMessages()
        .values()
        .forEach(kind -> frames.add(written(out -> LinkCodec.encode(kind.get(), out))));
    samples
        .messages()
        .values()
        .forEach(
            kind ->
                frames.add(
                    written(out -> LinkCodec.encode(new PeerMessage.Raft(kind.get()), out))));
    return frames;
  }

  private List<byte[]> handshakes() {
    return samples.handshakes().values().stream()
        .map(kind -> written(out -> HandshakeCodec.encode(kind.get(), out)))
        .toList();
  }

  private List<byte[]> datagrams() {
    List<byte[]> datagrams = new ArrayList<>();
    for (int i = 0; i < 20; i++) {
      datagrams.add(written(out -> DatagramCodec.encode(samples.datagram(), out)));
    }
    return datagrams;
  }

  private static byte[] sealed(int kind, Consumer<ByteWriter> payload) {
    return written(
        out -> {
          int start = Frame.begin(out, kind);
          payload.accept(out);
          Frame.end(out, start, LinkCodec.MAX_PAYLOAD_BYTES);
        });
  }

  private static byte[] written(Consumer<ByteWriter> content) {
    ByteWriter out = new ByteWriter();
    content.accept(out);
    return out.toBytes().toByteArray();
  }

  private static void eachFlip(byte[] bytes, Consumer<byte[]> check) {
    for (int i = 0; i < bytes.length; i++) {
      for (int mask : new int[] {0x01, 0x80, 0xff}) {
        byte[] flipped = bytes.clone();
        flipped[i] ^= (byte) mask;
        check.accept(flipped);
      }
    }
  }
}
