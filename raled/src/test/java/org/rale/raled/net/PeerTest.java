package org.rale.raled.net;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.channel.ChannelFuture;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.Random;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.rale.raft.Member;
import org.rale.raft.Message;
import org.rale.request.PathInfo;
import org.rale.request.PathInfo.Use;
import org.rale.wire.Datagram;
import org.rale.wire.Datagram.Stamps;
import org.rale.wire.Identity;

/** What is known of the way to a peer, and when it is known no more. */
final class PeerTest {
  private static final int HEARTBEAT_MS = 50;
  private static final long RTT = 400;
  private static final Member MEMBER = new Member(2, "n", "h", 1, 2, 3, true);

  private long micros = 1;
  private long sequence;
  private final Peer peer =
      new Peer(
          2,
          new UdpPath(this::nanos, HEARTBEAT_MS),
          new PathQuality(() -> micros),
          new Contact(this::nanos),
          0);

  private long nanos() {
    return TimeUnit.MICROSECONDS.toNanos(micros);
  }

  private static InetSocketAddress address(int port) {
    return new InetSocketAddress(InetAddress.getLoopbackAddress(), port);
  }

  @BeforeEach
  void speak() {
    assertThat(peer.path()).isEqualTo(PathInfo.of(Use.NONE, PathInfo.UNKNOWN));
    peer.datagramAddress(address(1));
    peer.process(7);
    hear(DatagramLoss.LEAST);
    assertThat(peer.path())
        .isEqualTo(new PathInfo(Use.UDP, RTT, path().rttDeviationMicros(), 0, 0, 0));
  }

  private PathInfo path() {
    return peer.path();
  }

  /** As many datagrams, each of which answers one that left just before. */
  private void hear(int count) {
    for (int i = 0; i < count; i++) {
      Stamps asks = peer.stamps();
      micros += RTT;
      Stamps answers = new Stamps(micros, asks.clock(), 0);
      peer.datagramCame(
          new Datagram(
              new Identity(1, 2, 3), 7, 1, ++sequence, true, answers, new Message.TimeoutNow(1)));
    }
  }

  private void isMeasuredAnew() {
    hear(1);
    assertThat(path().jitterMicros()).isEqualTo(PathInfo.UNKNOWN);
    assertThat(path().lossPermille()).isEqualTo(PathInfo.UNKNOWN);
    assertThat(path().rttDeviationMicros()).isEqualTo(RTT / 2);
  }

  @Test
  void anotherAddressIsMeasuredAnew() {
    peer.datagramAddress(address(1));
    assertThat(path().lossPermille()).isZero();
    peer.datagramAddress(address(2));
    assertThat(path()).isEqualTo(PathInfo.of(Use.UDP, 0));
    isMeasuredAnew();
  }

  @Test
  void anotherProcessIsMeasuredAnew() {
    peer.process(7);
    assertThat(path().lossPermille()).isZero();
    peer.process(8);
    assertThat(path()).isEqualTo(PathInfo.of(Use.UDP, 0));
    isMeasuredAnew();
  }

  @Test
  void whoIsHeardAgainIsDialledAtOnceAndNotWithEachDatagram() {
    AtomicInteger attempts = new AtomicInteger();
    Dialer dialer = new Dialer(MEMBER, new UnknownName(attempts), new Random(1));
    peer.dialer(dialer);
    dialer.wake();
    assertThat(attempts).hasValue(1);
    hear(1);
    assertThat(attempts).hasValue(1);
    micros += TimeUnit.MILLISECONDS.toMicros(UdpPath.HEARTBEATS * HEARTBEAT_MS);
    hear(3);
    assertThat(attempts).hasValue(2);
  }

  /** Each attempt fails at once, and its timer never runs out. */
  private record UnknownName(AtomicInteger attempts) implements Dialer.Line {
    @Override
    public void resolve(String host, Consumer<HostResolver.Answer> answer) {
      attempts.incrementAndGet();
      answer.accept(new HostResolver.Answer.Unknown("no such name"));
    }

    @Override
    public void found(Dialer dialer, InetAddress address) {
      throw new AssertionError("no name is known");
    }

    @Override
    public ChannelFuture connect(Dialer dialer, InetSocketAddress address) {
      throw new AssertionError("no name is known");
    }

    @Override
    public void failed(Dialer dialer, String reason) {}

    @Override
    public @Nullable ScheduledFuture<?> schedule(Runnable work, long delayMs) {
      return null;
    }
  }

  @Test
  void aPathThatWasSilentIsNotToldAndMeasuredAnew() {
    micros += TimeUnit.MILLISECONDS.toMicros(UdpPath.HEARTBEATS * HEARTBEAT_MS);
    assertThat(path()).isEqualTo(PathInfo.of(Use.NONE, UdpPath.HEARTBEATS * HEARTBEAT_MS));
    // What it echoes is from before the silence.
    hear(1);
    assertThat(path()).isEqualTo(PathInfo.of(Use.UDP, 0));
    hear(1);
    assertThat(path().rttDeviationMicros()).isEqualTo(RTT / 2);
    assertThat(path().lossPermille()).isEqualTo(PathInfo.UNKNOWN);
  }
}
