package org.rale.raled.net;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import io.netty.buffer.Unpooled;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.channel.socket.DatagramPacket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import java.util.zip.CRC32C;
import org.junit.jupiter.params.provider.MethodSource;
import org.rale.bytes.ByteWriter;
import org.rale.raft.Message;
import org.rale.wire.Datagram;
import org.rale.wire.DatagramCodec;
import org.rale.wire.Identity;

/**
 * Datagrams as they arrive, one after the other: u8 (0: as it is, else its checksum is put right),
 * u16 length, bytes. Each is either counted as malformed or handed on; nothing is ever sent back.
 * Of what is handed on, no number is taken twice, and each new one within the window is.
 */
final class DatagramPortFuzzTest {
  private static final InetSocketAddress ADDRESS =
      new InetSocketAddress(InetAddress.getLoopbackAddress(), 7400);

  static Stream<byte[]> seeds() {
    return Stream.of(seed(1, 2, 3, 2), seed(100, 37, 36, 101, 37), seed(Long.MAX_VALUE, 1, 0));
  }

  private static byte[] seed(long... sequences) {
    ByteWriter seed = new ByteWriter();
    for (long sequence : sequences) {
      Message message = new Message.Heartbeat(3, 2, 1, 1);
      ByteWriter out = new ByteWriter();
      DatagramCodec.encode(
          new Datagram(
              new Identity(7, 2, 9), 77, 1, sequence, true, new Datagram.Stamps(5, 4, 3), message),
          out);
      seed.u8(1).u16(out.size()).raw(out.array(), 0, out.size());
    }
    return seed.u8(0).u16(1).u8(0).toBytes().toByteArray();
  }

  @MethodSource("seeds")
  @FuzzTest
  void datagrams(byte[] input) {
    List<Datagram> heard = new ArrayList<>();
    TransportCounters counters = new TransportCounters();
    EmbeddedChannel channel = new EmbeddedChannel(new DatagramPort.Ear(heard::add, counters));
    ByteBuffer in = ByteBuffer.wrap(input);
    int arrived = 0;
    while (in.remaining() >= 3) {
      boolean sealed = in.get() != 0;
      int length = Math.min(in.getShort() & 0xffff, in.remaining());
      byte[] bytes = new byte[Math.min(length, DatagramCodec.MAX_BYTES + 1)];
      in.get(bytes);
      if (sealed && bytes.length >= 4) {
        CRC32C crc = new CRC32C();
        crc.update(bytes, 0, bytes.length - 4);
        ByteBuffer.wrap(bytes).putInt(bytes.length - 4, (int) crc.getValue());
      }
      int before = heard.size();
      channel.writeInbound(new DatagramPacket(Unpooled.wrappedBuffer(bytes), ADDRESS, ADDRESS));
      if (heard.size() > before) {
        assertThat(written(heard.get(before))).isEqualTo(bytes);
      }
      arrived++;
    }
    channel.checkException();
    assertThat(heard.size() + counters.snapshot().datagramMalformed()).isEqualTo(arrived);
    assertThat(channel.outboundMessages()).isEmpty();
    takesEachNumberOnce(heard);
    channel.finishAndReleaseAll();
  }

  private static byte[] written(Datagram datagram) {
    ByteWriter out = new ByteWriter();
    DatagramCodec.encode(datagram, out);
    return Arrays.copyOf(out.array(), out.size());
  }

  private static void takesEachNumberOnce(List<Datagram> heard) {
    ReplayWindow window = new ReplayWindow();
    Set<Long> taken = new HashSet<>();
    long highest = 0;
    for (Datagram datagram : heard) {
      long sequence = datagram.sequence();
      boolean isNew =
          sequence > 0 && highest - sequence < ReplayWindow.SIZE && !taken.contains(sequence);
      assertThat(window.accept(sequence)).isEqualTo(isNew);
      if (isNew) {
        taken.add(sequence);
        highest = Math.max(highest, sequence);
      }
    }
  }
}
