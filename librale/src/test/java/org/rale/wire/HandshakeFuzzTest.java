package org.rale.wire;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.util.Arrays;
import java.util.stream.Stream;
import org.junit.jupiter.params.provider.MethodSource;
import org.rale.bytes.ByteWriter;
import org.rale.bytes.MalformedException;
import org.rale.fuzz.Cost;

/**
 * The first bytes of a link. The input is a handshake without magic, length and checksum: u8
 * version, u8 oldest version, u8 kind, payload; it is read as bytes off the wire, too.
 */
final class HandshakeFuzzTest {
  private static final byte[] MAGIC = {(byte) 0x8e, 'R', 'A', 'L', 'E'};
  private static final int VERSIONS = 2;
  private static final int FIXED_BYTES = 64 << 10;

  static Stream<byte[]> seeds() {
    return new WireSamples(22)
        .handshakes().values().stream()
            .flatMap(kind -> Stream.generate(kind).limit(4))
            .map(HandshakeFuzzTest::opened);
  }

  private static byte[] opened(Handshake handshake) {
    byte[] bytes = written(handshake);
    int kindAt = MAGIC.length + VERSIONS + Frame.HEADER_BYTES - 1;
    byte[] opened =
        Arrays.copyOfRange(bytes, kindAt - VERSIONS, bytes.length - Frame.CHECKSUM_BYTES);
    System.arraycopy(bytes, MAGIC.length, opened, 0, VERSIONS);
    return opened;
  }

  private static byte[] sealed(byte[] opened) {
    ByteWriter out = new ByteWriter();
    out.raw(MAGIC, 0, MAGIC.length).raw(opened, 0, VERSIONS);
    int start = Frame.begin(out, opened[VERSIONS] & 0xff);
    out.raw(opened, VERSIONS + 1, opened.length - VERSIONS - 1);
    Frame.end(out, start, Integer.MAX_VALUE);
    return out.toBytes().toByteArray();
  }

  private static byte[] written(Handshake handshake) {
    ByteWriter out = new ByteWriter();
    HandshakeCodec.encode(handshake, out);
    return out.toBytes().toByteArray();
  }

  @MethodSource("seeds")
  @FuzzTest
  void handshake(byte[] input) throws Exception {
    read(input);
    if (input.length > VERSIONS) {
      read(sealed(input));
    }
  }

  private static void read(byte[] bytes) throws Exception {
    Handshake handshake;
    try {
      handshake =
          Cost.bounded(
              bytes.length,
              FIXED_BYTES,
              () -> {
                int wanted = HandshakeCodec.wanted(bytes, 0, bytes.length);
                return wanted > bytes.length ? null : HandshakeCodec.decode(bytes, 0, wanted);
              });
    } catch (MalformedException | VersionException e) {
      assertThat(e.getMessage()).isNotEmpty();
      return;
    }
    if (handshake != null) {
      byte[] written = written(handshake);
      assertThat(written).hasSize(HandshakeCodec.wanted(bytes, 0, bytes.length));
      // What is written names the versions of this program.
      System.arraycopy(bytes, MAGIC.length, written, MAGIC.length, VERSIONS);
      assertThat(HandshakeCodec.decode(written, 0, written.length)).isEqualTo(handshake);
    }
  }
}
