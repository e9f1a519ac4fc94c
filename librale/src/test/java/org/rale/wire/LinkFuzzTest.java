package org.rale.wire;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.params.provider.MethodSource;
import org.rale.bytes.ByteWriter;
import org.rale.bytes.MalformedException;
import org.rale.fuzz.Cost;

/**
 * A frame of a link. The input is a frame without its length and checksum, which no fuzzer would
 * guess: u8 kind, payload; it is read as bytes off the wire, too. Each message has one form: what
 * is taken is written as the bytes that it was read from.
 */
final class LinkFuzzTest {
  private static final int FIXED_BYTES = 64 << 10;

  static Stream<byte[]> seeds() {
    WireSamples samples = new WireSamples(21);
    return Stream.of(
            samples.messages().values().stream()
                .flatMap(kind -> Stream.generate(kind).limit(3))
                .map(PeerMessage.Raft::new),
            samples.requests().values().stream()
                .flatMap(kind -> Stream.generate(kind).limit(2))
                .map(
                    request ->
                        new PeerMessage.Forward(1, 0, PeerMessage.Forward.UNTOLD, 2, request)),
            samples.responses().values().stream()
                .flatMap(kind -> Stream.generate(kind).limit(2))
                .map(response -> new PeerMessage.ForwardReply(1, response)),
            samples.peerMessages().values().stream()
                .flatMap(kind -> Stream.generate(kind).limit(3)))
        .flatMap(messages -> messages)
        .map(LinkFuzzTest::opened);
  }

  /** Kind and payload of the message's frame. */
  private static byte[] opened(PeerMessage message) {
    byte[] frame = written(message);
    return Arrays.copyOfRange(frame, Frame.HEADER_BYTES - 1, frame.length - Frame.CHECKSUM_BYTES);
  }

  private static byte[] written(PeerMessage message) {
    ByteWriter out = new ByteWriter();
    LinkCodec.encode(message, out);
    return out.toBytes().toByteArray();
  }

  @MethodSource("seeds")
  @FuzzTest
  void frame(byte[] input) throws Exception {
    read(input);
    if (input.length > 0) {
      ByteWriter out = new ByteWriter();
      int start = Frame.begin(out, input[0] & 0xff);
      out.raw(input, 1, input.length - 1);
      Frame.end(out, start, LinkCodec.MAX_PAYLOAD_BYTES);
      read(out.toBytes().toByteArray());
    }
  }

  private static void read(byte[] bytes) throws Exception {
    List<PeerMessage> messages;
    try {
      messages =
          Cost.bounded(
              bytes.length,
              FIXED_BYTES,
              () -> {
                int wanted = LinkCodec.wanted(bytes, 0, bytes.length);
                return wanted > bytes.length
                    ? List.of()
                    : List.of(LinkCodec.decode(bytes, 0, wanted));
              });
    } catch (MalformedException e) {
      assertThat(e.getMessage()).isNotEmpty();
      return;
    }
    for (PeerMessage message : messages) {
      byte[] written = written(message);
      int length = LinkCodec.wanted(bytes, 0, bytes.length);
      // A reason that only a later version has becomes one of this one's.
      if (!(message instanceof PeerMessage.Parting)) {
        assertThat(written).isEqualTo(Arrays.copyOf(bytes, length));
      }
      assertThat(written).hasSize(length);
      assertThat(LinkCodec.decode(written, 0, written.length)).isEqualTo(message);
    }
  }
}
