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
 * A datagram. The input is one without magic and checksum; it is read as bytes off the wire, too.
 * Each datagram has one form: what is taken is written as the bytes that it was read from.
 */
final class DatagramFuzzTest {
  private static final byte[] MAGIC = {(byte) 0x8e, 'R', 'D'};
  private static final int FIXED_BYTES = 64 << 10;

  static Stream<byte[]> seeds() {
    return Stream.generate(new WireSamples(23)::datagram).limit(30).map(DatagramFuzzTest::opened);
  }

  private static byte[] opened(Datagram datagram) {
    byte[] bytes = written(datagram);
    return Arrays.copyOfRange(bytes, MAGIC.length, bytes.length - Frame.CHECKSUM_BYTES);
  }

  private static byte[] written(Datagram datagram) {
    ByteWriter out = new ByteWriter();
    DatagramCodec.encode(datagram, out);
    return out.toBytes().toByteArray();
  }

  private static byte[] sealed(byte[] opened) {
    ByteWriter out = new ByteWriter();
    out.raw(MAGIC, 0, MAGIC.length).raw(opened, 0, opened.length);
    out.i32(Frame.checksum(out.array(), 0, out.size()));
    return out.toBytes().toByteArray();
  }

  @MethodSource("seeds")
  @FuzzTest
  void datagram(byte[] input) throws Exception {
    read(input);
    read(sealed(input));
  }

  private static void read(byte[] bytes) throws Exception {
    Datagram datagram;
    try {
      datagram =
          Cost.bounded(
              bytes.length, FIXED_BYTES, () -> DatagramCodec.decode(bytes, 0, bytes.length));
    } catch (MalformedException e) {
      assertThat(e.getMessage()).isNotEmpty();
      return;
    }
    assertThat(bytes).hasSizeLessThanOrEqualTo(DatagramCodec.MAX_BYTES);
    assertThat(written(datagram)).isEqualTo(bytes);
  }
}
