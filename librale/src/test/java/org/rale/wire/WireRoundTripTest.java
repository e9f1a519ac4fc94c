package org.rale.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.rale.bytes.ByteReader;
import org.rale.bytes.ByteWriter;
import org.rale.bytes.Bytes;
import org.rale.raft.Message;
import org.rale.request.Request;
import org.rale.request.Response;

/** What is written is read again, for every kind of everything. */
class WireRoundTripTest {
  private static final int ROUNDS = 300;

  private final WireSamples samples = new WireSamples(5);
  private final ByteWriter writer = new ByteWriter();

  @Test
  void handshakes() throws Exception {
    covers(Handshake.class, samples.handshakes());
    for (Handshake handshake : rounds(samples.handshakes())) {
      byte[] bytes = encoded(handshake);
      assertThat(HandshakeCodec.wanted(bytes, 0, bytes.length)).isEqualTo(bytes.length);
      assertThat(HandshakeCodec.decode(bytes, 0, bytes.length)).isEqualTo(handshake);
    }
  }

  @Test
  void peerMessages() throws Exception {
    covers(PeerMessage.class, samples.peerMessages());
    for (PeerMessage message : rounds(samples.peerMessages())) {
      assertThat(overLink(message)).isEqualTo(message);
    }
  }

  @Test
  void messages() throws Exception {
    covers(Message.class, samples.messages());
    for (Message message : rounds(samples.messages())) {
      assertThat(overLink(new PeerMessage.Raft(message))).isEqualTo(new PeerMessage.Raft(message));
    }
  }

  @Test
  void requests() throws Exception {
    covers(Request.class, samples.requests());
    for (Request request : rounds(samples.requests())) {
      PeerMessage message = new PeerMessage.Forward(1, 0, PeerMessage.Forward.UNTOLD, 2, request);
      assertThat(overLink(message)).isEqualTo(message);
    }
  }

  @Test
  void responses() throws Exception {
    covers(Response.class, samples.responses());
    for (Response response : rounds(samples.responses())) {
      PeerMessage message = new PeerMessage.ForwardReply(1, response);
      assertThat(overLink(message)).isEqualTo(message);
    }
  }

  @Test
  void datagrams() throws Exception {
    for (int i = 0; i < ROUNDS; i++) {
      Datagram datagram = samples.datagram();
      writer.clear();
      DatagramCodec.encode(datagram, writer);
      assertThat(writer.size()).isLessThanOrEqualTo(DatagramCodec.MAX_BYTES);
      byte[] bytes = writer.toBytes().toByteArray();
      assertThat(DatagramCodec.decode(bytes, 0, bytes.length)).isEqualTo(datagram);
    }
  }

  @Test
  void framesFollowEachOtherInOneBuffer() throws Exception {
    PeerMessage first = samples.peerMessages().get(PeerMessage.Forward.class).get();
    PeerMessage second = new PeerMessage.KeepAlive(true);
    writer.clear();
    LinkCodec.encode(first, writer);
    int border = writer.size();
    LinkCodec.encode(second, writer);
    byte[] bytes = writer.toBytes().toByteArray();
    assertThat(LinkCodec.wanted(bytes, 0, bytes.length)).isEqualTo(border);
    assertThat(LinkCodec.decode(bytes, 0, border)).isEqualTo(first);
    assertThat(LinkCodec.wanted(bytes, border, bytes.length - border))
        .isEqualTo(bytes.length - border);
    assertThat(LinkCodec.decode(bytes, border, bytes.length - border)).isEqualTo(second);
  }

  @Test
  void messagesForPeopleAreCutAndNeverInsideACharacter() throws Exception {
    String sentence = "x" + "é".repeat(WireText.MAX_BYTES);
    Handshake.Refused refused =
        new Handshake.Refused(samples.identity(), Handshake.Refusal.SAME_ID, sentence);
    byte[] bytes = encoded(refused);
    Handshake.Refused read = (Handshake.Refused) HandshakeCodec.decode(bytes, 0, bytes.length);
    assertThat(read.reason()).isEqualTo(sentence.substring(0, WireText.MAX_BYTES / 2));
    writer.clear();
    WireText.write(writer, "é".repeat(WireText.MAX_BYTES / 2));
    assertThat(WireText.read(new ByteReader(writer.toBytes()))).hasSize(WireText.MAX_BYTES / 2);
  }

  private byte[] encoded(Handshake handshake) {
    writer.clear();
    HandshakeCodec.encode(handshake, writer);
    return writer.toBytes().toByteArray();
  }

  private PeerMessage overLink(PeerMessage message) throws Exception {
    // Not at 0, so that an offset that is left out somewhere is seen.
    writer.clear();
    writer.u16(7);
    LinkCodec.encode(message, writer);
    int length = writer.size() - 2;
    assertThat(LinkCodec.wanted(writer.array(), 2, length)).isEqualTo(length);
    return LinkCodec.decode(writer.array(), 2, length);
  }

  /** What concerns the node alone that was asked, and never goes over a link. */
  private static final Set<Class<?>> ANSWERED_HERE =
      Set.of(
          Request.Backup.class,
          Request.Leases.class,
          Response.LeaseList.class,
          Request.BackupPiece.class,
          Request.WatchLeader.class,
          Request.Watch.class,
          Request.Wait.class,
          Response.Events.class,
          Response.Leader.class,
          Response.BackupBegun.class,
          Response.BackupPart.class);

  @Test
  void whatIsAnsweredHereIsNotPassedOn() {
    for (Request request :
        List.of(
            new Request.Backup(false),
            new Request.BackupPiece(1, 0),
            new Request.WatchLeader(),
            new Request.Watch(Bytes.EMPTY, 3),
            new Request.Wait(Bytes.utf8("k"), 3))) {
      assertThatIllegalStateException()
          .isThrownBy(
              () ->
                  overLink(new PeerMessage.Forward(1, 0, PeerMessage.Forward.UNTOLD, 1, request)));
    }
    Response part = new Response.BackupPart(0, true, 1, Bytes.EMPTY);
    assertThatIllegalStateException()
        .isThrownBy(() -> overLink(new PeerMessage.ForwardReply(1, part)));
  }

  private static <T> Iterable<T> rounds(Map<Class<?>, Supplier<T>> kinds) {
    return kinds.values().stream().flatMap(kind -> Stream.generate(kind).limit(ROUNDS)).toList();
  }

  /** A kind that is new to a sealed type and missing in the samples fails here. */
  private static <T> void covers(Class<T> type, Map<Class<?>, Supplier<T>> kinds) {
    Set<Class<?>> permitted =
        Stream.of(type.getPermittedSubclasses())
            .filter(kind -> !ANSWERED_HERE.contains(kind))
            .collect(Collectors.toSet());
    assertThat(kinds.keySet()).isEqualTo(permitted);
    kinds.forEach((kind, sample) -> assertThat(sample.get()).isInstanceOf(kind));
  }
}
