package org.rale.raled.net;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.embedded.EmbeddedChannel;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.rale.bytes.ByteWriter;
import org.rale.bytes.Bytes;
import org.rale.raft.Message;
import org.rale.raft.SnapshotMeta;
import org.rale.request.PathInfo;
import org.rale.wire.Handshake;
import org.rale.wire.HandshakeCodec;
import org.rale.wire.Identity;
import org.rale.wire.LinkCodec;
import org.rale.wire.PeerMessage;
import org.rale.wire.PeerMessage.KeepAlive;
import org.rale.wire.PeerMessage.StateDigest;

/** One end of a link, under a clock that the test moves. */
final class LinkHandlerTest {
  private static final Identity SELF = new Identity(7, 1, 11);
  private static final Identity OTHER = new Identity(7, 2, 12);
  private static final Handshake.Hello HELLO = new Handshake.Hello(SELF, 8, 2, 1);
  private static final int INTERVAL_MS = 5_000;
  private static final int TIMEOUT_MS = 10_000;

  private final Owner owner = new Owner();
  private long nowNanos = 1;
  private final Contact contact = new Contact(() -> nowNanos);
  private final LinkTiming timing = new LinkTiming(2_000, INTERVAL_MS, TIMEOUT_MS, () -> nowNanos);
  private EmbeddedChannel channel;

  private void dial() {
    open(LinkHandler.dialling(owner, timing, HELLO));
  }

  private void accept() {
    open(LinkHandler.accepting(owner, timing));
  }

  private void open(LinkHandler handler) {
    channel = new EmbeddedChannel();
    channel.freezeTime();
    channel.pipeline().addLast(new LinkDecoder(), handler);
  }

  @Test
  void whateverComesIsAContact() {
    acceptAndStand();
    assertThat(contact.ms()).isEqualTo(PathInfo.UNKNOWN);
    // A piece of a message that is not whole yet.
    channel.writeInbound(Unpooled.wrappedBuffer(new byte[] {0, 0}));
    assertThat(contact.ms()).isZero();
    nowNanos += 7_000_000;
    assertThat(contact.ms()).isEqualTo(7);
  }

  private void acceptAndStand() {
    accept();
    hear(new Handshake.Hello(OTHER, 9, 1, 1));
    stand();
    written();
  }

  private void stand() {
    Link link = new Link(channel, OTHER, 9, 1, 2, false, nowNanos, contact);
    owner.handler.stand(link, new Handshake.Welcome(SELF, 9, 1));
  }

  private void hear(Handshake handshake) {
    ByteWriter writer = new ByteWriter();
    HandshakeCodec.encode(handshake, writer);
    channel.writeInbound(Unpooled.copiedBuffer(writer.toBytes().toByteArray()));
  }

  private void hear(PeerMessage message) {
    channel.writeInbound(Unpooled.copiedBuffer(frame(message)));
  }

  private static byte[] frame(PeerMessage message) {
    ByteWriter writer = new ByteWriter();
    LinkCodec.encode(message, writer);
    return writer.toBytes().toByteArray();
  }

  private byte[] written() {
    ByteBuf all = Unpooled.buffer();
    for (ByteBuf out = channel.readOutbound(); out != null; out = channel.readOutbound()) {
      all.writeBytes(out);
      out.release();
    }
    byte[] bytes = new byte[all.readableBytes()];
    all.readBytes(bytes);
    return bytes;
  }

  private void pass(long ms) {
    nowNanos += TimeUnit.MILLISECONDS.toNanos(ms);
    channel.advanceTimeBy(ms, TimeUnit.MILLISECONDS);
    channel.runScheduledPendingTasks();
    channel.runPendingTasks();
  }

  @Test
  void whoDialsSpeaksFirst() throws Exception {
    dial();
    byte[] bytes = written();
    assertThat(HandshakeCodec.decode(bytes, 0, bytes.length)).isEqualTo(HELLO);
  }

  @Test
  void theAnswerMayComeByteByByte() {
    dial();
    ByteWriter writer = new ByteWriter();
    HandshakeCodec.encode(new Handshake.Welcome(OTHER, 9, 9), writer);
    for (byte b : writer.toBytes().toByteArray()) {
      assertThat(owner.handshakes).isEmpty();
      channel.writeInbound(Unpooled.copiedBuffer(new byte[] {b}));
    }
    assertThat(owner.handshakes).containsExactly(new Handshake.Welcome(OTHER, 9, 9));
  }

  @Test
  void aHandshakeThatTakesTooLongIsAFailure() {
    dial();
    pass(1_999);
    assertThat(channel.isOpen()).isTrue();
    pass(1);
    assertThat(channel.isOpen()).isFalse();
    assertThat(owner.failures).singleElement().asString().contains("2000 ms");
  }

  @Test
  void aConnectionThatIsClosedInTheHandshakeIsAFailureOnce() {
    dial();
    channel.close();
    assertThat(owner.failures).hasSize(1);
  }

  @Test
  void whoIsDialledAndHearsNothingClosesWithoutAWord() {
    accept();
    pass(2_000);
    assertThat(channel.isOpen()).isFalse();
    assertThat(written()).isEmpty();
    assertThat(owner.failures).isEmpty();
  }

  @Test
  void aMessageBeforeTheWelcomeClosesTheLink() {
    accept();
    hear(new Handshake.Hello(OTHER, 9, 1, 1));
    hear(new StateDigest(1, 1));
    assertThat(channel.isOpen()).isFalse();
    assertThat(owner.messages).isEmpty();
  }

  @Test
  void aWelcomeToWhomNobodyDialledClosesTheLink() {
    accept();
    hear(new Handshake.Welcome(OTHER, 9, 1));
    assertThat(channel.isOpen()).isFalse();
    assertThat(owner.handshakes).isEmpty();
  }

  @Test
  void messagesMayComeInAnyPieces() {
    acceptAndStand();
    ByteBuf all = Unpooled.buffer();
    Bytes data = Bytes.wrap(new byte[700_000]);
    PeerMessage large =
        new PeerMessage.Raft(new Message.SnapshotPiece(1, SnapshotMeta.NONE, 0, false, 0, data));
    for (int i = 0; i < 20; i++) {
      all.writeBytes(frame(new StateDigest(i, i)));
    }
    all.writeBytes(frame(large));
    all.writeBytes(frame(new StateDigest(20, 20)));
    int piece = 1;
    while (all.isReadable()) {
      channel.writeInbound(all.readBytes(Math.min(piece, all.readableBytes())));
      piece = piece % 9_973 + 7;
    }
    assertThat(owner.messages).hasSize(22).element(20).isEqualTo(large);
  }

  @Test
  void aSilentPeerIsAskedAndThenTakenForDead() {
    acceptAndStand();
    pass(INTERVAL_MS);
    assertThat(written()).isEqualTo(frame(new KeepAlive(false)));
    pass(TIMEOUT_MS - INTERVAL_MS - 1);
    assertThat(channel.isOpen()).isTrue();
    pass(1);
    assertThat(channel.isOpen()).isFalse();
  }

  @Test
  void aLookThatComesLateIsNoSilence() {
    acceptAndStand();
    pass(3 * TIMEOUT_MS);
    assertThat(channel.isOpen()).isTrue();
    assertThat(written()).isEqualTo(frame(new KeepAlive(false)));
    pass(INTERVAL_MS);
    assertThat(channel.isOpen()).isFalse();
  }

  @Test
  void aPeerThatAnswersStaysHoweverLong() {
    acceptAndStand();
    for (int i = 0; i < 20; i++) {
      pass(INTERVAL_MS);
      assertThat(written()).isEqualTo(frame(new KeepAlive(false)));
      hear(new KeepAlive(true));
    }
    assertThat(channel.isOpen()).isTrue();
    assertThat(owner.messages).isEmpty();
  }

  @Test
  void aPeerThatSpeaksAnywayIsNotAsked() {
    acceptAndStand();
    for (int i = 0; i < 20; i++) {
      pass(INTERVAL_MS / 2);
      hear(new StateDigest(i, i));
    }
    assertThat(written()).isEmpty();
  }

  @Test
  void whoIsAskedAnswers() {
    acceptAndStand();
    hear(new KeepAlive(false));
    assertThat(written()).isEqualTo(frame(new KeepAlive(true)));
    hear(new KeepAlive(true));
    assertThat(written()).isEmpty();
  }

  @Test
  void anOlderLinkThatDoesNotShowThatItLivesIsClosed() {
    acceptAndStand();
    owner.handler.probe();
    assertThat(written()).isEqualTo(frame(new KeepAlive(false)));
    pass(LinkTiming.PROBE_TIMEOUT_MS);
    assertThat(channel.isOpen()).isFalse();
  }

  @Test
  void anOlderLinkThatAnswersStays() {
    acceptAndStand();
    owner.handler.probe();
    pass(LinkTiming.PROBE_TIMEOUT_MS / 2);
    hear(new KeepAlive(true));
    pass(LinkTiming.PROBE_TIMEOUT_MS);
    assertThat(channel.isOpen()).isTrue();
  }

  @Test
  void aRefusalIsSaidBeforeTheEnd() throws Exception {
    accept();
    hear(new Handshake.Hello(OTHER, 9, 1, 1));
    Handshake.Refused refused =
        new Handshake.Refused(SELF, Handshake.Refusal.OVERLOADED, "not now");
    owner.handler.refuse(refused);
    byte[] bytes = written();
    assertThat(HandshakeCodec.decode(bytes, 0, bytes.length)).isEqualTo(refused);
    assertThat(channel.isOpen()).isFalse();
  }

  @Test
  void whatIsSentBeforeTheWelcomeLeavesBehindIt() throws Exception {
    accept();
    hear(new Handshake.Hello(OTHER, 9, 1, 1));
    Link link = new Link(channel, OTHER, 9, 1, 2, false, nowNanos, contact);
    link.offer(new StateDigest(5, 5));
    link.flush();
    assertThat(written()).isEmpty();
    stand();
    byte[] bytes = written();
    int welcome = HandshakeCodec.wanted(bytes, 0, bytes.length);
    assertThat(HandshakeCodec.decode(bytes, 0, welcome))
        .isEqualTo(new Handshake.Welcome(SELF, 9, 1));
    assertThat(Arrays.copyOfRange(bytes, welcome, bytes.length))
        .isEqualTo(frame(new StateDigest(5, 5)));
    assertThat(link.queuedBytes()).isZero();
  }

  @Test
  void whatIsSentBeforeARefusalIsForgotten() {
    accept();
    hear(new Handshake.Hello(OTHER, 9, 1, 1));
    Link link = new Link(channel, OTHER, 9, 1, 2, false, nowNanos, contact);
    link.offer(new StateDigest(5, 5));
    link.flush();
    channel.close();
    assertThat(link.queuedBytes()).isZero();
  }

  @Test
  void aBatchIsWrittenWholeAndInOrder() {
    acceptAndStand();
    Link link = new Link(channel, OTHER, 9, 1, 2, false, nowNanos, contact);
    ByteBuf expected = Unpooled.buffer();
    for (int i = 0; i < 30_000; i++) {
      assertThat(link.offer(new StateDigest(i, -i))).isTrue();
      expected.writeBytes(frame(new StateDigest(i, -i)));
    }
    assertThat(written()).isEmpty();
    link.flush();
    byte[] bytes = new byte[expected.readableBytes()];
    expected.readBytes(bytes);
    assertThat(written()).isEqualTo(bytes);
    assertThat(link.queuedBytes()).isZero();
  }

  private static final class Owner implements LinkOwner {
    private LinkHandler handler;
    private final List<Handshake> handshakes = new ArrayList<>();
    private final List<String> failures = new ArrayList<>();
    private final List<PeerMessage> messages = new ArrayList<>();

    @Override
    public void greeted(LinkHandler from, Handshake.Hello hello) {
      handler = from;
      handshakes.add(hello);
    }

    @Override
    public void answered(LinkHandler from, Handshake answer) {
      handler = from;
      handshakes.add(answer);
    }

    @Override
    public void notAnswered(LinkHandler from, String reason) {
      failures.add(reason);
    }

    @Override
    public void otherVersion(LinkHandler from, String sentence) {
      failures.add(sentence);
    }

    @Override
    public void parted(Link link, PeerMessage.Parting parting) {
      failures.add(parting.reason());
    }

    @Override
    public void received(Link link, PeerMessage message) {
      messages.add(message);
    }
  }
}
