package org.rale.raled.net;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.rale.bytes.ByteWriter;
import org.rale.raft.Member;
import org.rale.raft.Message;
import org.rale.raled.net.TestNode.Received;
import org.rale.raled.net.TestNode.Up;
import org.rale.request.PathInfo;
import org.rale.wire.Datagram;
import org.rale.wire.Datagram.Stamps;
import org.rale.wire.DatagramCodec;
import org.rale.wire.Identity;
import org.rale.wire.PeerMessage;
import org.rale.wire.PeerMessage.StateDigest;

/** Two nodes whose datagrams pass through relays. */
final class DatagramsTest {
  private static final long CLUSTER = 0xc1;
  private static final Identity ONE = new Identity(CLUSTER, 1, 11);
  private static final Identity TWO = new Identity(CLUSTER, 2, 12);

  @TempDir Path directory;

  private TestNode one;
  private TestNode two;
  private UdpRelay toOne;
  private UdpRelay toTwo;
  private long round;
  private final List<AutoCloseable> open = new ArrayList<>();

  @BeforeEach
  void bind() throws Exception {
    one = new TestNode(directory, ONE);
    open.add(one);
    two = new TestNode(directory, TWO);
    open.add(two);
    toOne = new UdpRelay(one.ralePort(), true);
    open.add(toOne);
    toTwo = new UdpRelay(two.ralePort(), true);
    open.add(toTwo);
    Member memberOne = one.member(toOne.port(), ONE.incarnation());
    Member memberTwo = two.member(toTwo.port(), TWO.incarnation());
    one.start(memberOne, memberTwo);
    two.start(memberOne, memberTwo);
    one.await(Up.class);
    two.await(Up.class);
  }

  @AfterEach
  void close() throws Exception {
    for (AutoCloseable each : open) {
      each.close();
    }
  }

  private void udp(boolean works) {
    toOne.drop(!works);
    toTwo.drop(!works);
  }

  /** The leader's heartbeat and the follower's answer, as often as needed. */
  private void exchangeUntilUdpWorks() {
    TestNode.until(
        "UDP works both ways",
        () -> {
          exchange();
          return one.path(2).datagrams() && two.path(1).datagrams();
        });
  }

  private void exchange() {
    round++;
    one.heartbeat(2, round);
    two.send(1, new PeerMessage.Raft(new Message.HeartbeatResponse(1, round, -1)));
  }

  private static boolean isHeartbeat(PeerMessage message, long round) {
    return message instanceof PeerMessage.Raft raft
        && raft.message() instanceof Message.Heartbeat heartbeat
        && heartbeat.round() == round;
  }

  @Test
  void whereUdpIsFilteredHeartbeatsPassOverTheLink() {
    one.heartbeat(2, 5);
    two.awaitMessage(message -> isHeartbeat(message, 5));
    assertThat(one.path(2).datagrams()).isFalse();
  }

  @Test
  void whereUdpWorksHeartbeatsComeOnceAndNotOverTheLink() throws Exception {
    udp(true);
    long copies = Long.MAX_VALUE;
    // A slow machine may let the path's time run out between two steps: then once more.
    for (int i = 0; i < 50 && copies != 1; i++) {
      exchangeUntilUdpWorks();
      long alone = ++round;
      one.heartbeat(2, alone);
      one.send(2, new StateDigest(alone, 0));
      two.awaitMessage(message -> message.equals(new StateDigest(alone, 0)));
      TestNode.until("the datagram came", () -> copies(alone) > 0);
      copies = copies(alone);
    }
    assertThat(copies).isEqualTo(1);
  }

  @Test
  void bothSidesMeasureThePathAndTellNothingOfOneThatIsNotInUse() {
    udp(true);
    TestNode.until(
        "both have measured the round trip",
        () -> {
          exchange();
          return measures(one, 2) && measures(two, 1);
        });
    PathInfo path = one.transport.path(2);
    assertThat(path.rttMicros()).isBetween(0L, RoundTrip.LONGEST_MICROS);
    assertThat(path.lastContactMs()).isBetween(0L, TestNode.DEADLINE_S * 1_000);

    udp(false);
    TestNode.until(
        "the link is in use",
        () -> {
          exchange();
          return one.transport.path(2).use() == PathInfo.Use.TCP;
        });
    PathInfo link = one.transport.path(2);
    assertThat(link).isEqualTo(PathInfo.of(PathInfo.Use.TCP, link.lastContactMs()));
    assertThat(link.lastContactMs()).isNotEqualTo(PathInfo.UNKNOWN);
    assertThat(one.transport.path(77)).isEqualTo(PathInfo.NOTHING);
  }

  private static boolean measures(TestNode node, int other) {
    PathInfo path = node.transport.path(other);
    return path.use() == PathInfo.Use.UDP
        && path.rttMicros() != PathInfo.UNKNOWN
        && path.rttDeviationMicros() != PathInfo.UNKNOWN
        && path.jitterMicros() != PathInfo.UNKNOWN;
  }

  private long copies(long wanted) {
    return two.all().stream()
        .filter(
            event -> event instanceof Received received && isHeartbeat(received.message(), wanted))
        .count();
  }

  @Test
  void whenUdpIsFilteredHeartbeatsGoOnOverTheLinkAndReturn() {
    udp(true);
    exchangeUntilUdpWorks();

    udp(false);
    TestNode.until(
        "a heartbeat passes over the link",
        () -> {
          exchange();
          return !one.path(2).datagrams() && copies(round - 1) > 0;
        });

    udp(true);
    exchangeUntilUdpWorks();
    one.heartbeat(2, ++round);
    assertThat(one.all())
        .as("to and fro, and what was measured before counts no more")
        .filteredOn(new TestNode.PathChanged(2)::equals)
        .hasSizeGreaterThanOrEqualTo(3);
  }

  @Test
  void whereOneDirectionIsFilteredBothUseTheLink() {
    udp(true);
    exchangeUntilUdpWorks();
    toOne.drop(true);
    TestNode.until(
        "node 2, whose datagrams are lost, learns of it",
        () -> {
          exchange();
          return !two.path(1).datagrams();
        });
    long answered = ++round;
    two.send(1, new PeerMessage.Raft(new Message.HeartbeatResponse(1, answered, -1)));
    one.awaitMessage(
        message ->
            message.equals(new PeerMessage.Raft(new Message.HeartbeatResponse(1, answered, -1))));
  }

  @Test
  void aReplayedDatagramIsDropped() throws Exception {
    udp(true);
    one.heartbeat(2, 9);
    byte[] datagram = toTwo.take();
    TestNode.until("the datagram came", () -> copies(9) > 0);
    long before = two.transport.counters().datagramReplayed();
    toTwo.send(datagram);
    TestNode.until(
        "the replay is counted", () -> two.transport.counters().datagramReplayed() > before);
    assertThat(copies(9)).isLessThanOrEqualTo(2);
  }

  @Test
  @DisplayName("S-06 datagrams of other clusters, for others or from refused senders are dropped")
  void S_06_foreignDatagrams() throws Exception {
    Message heartbeat = new Message.Heartbeat(1, 0, 77, 1);
    toTwo.send(
        encode(
            new Datagram(
                new Identity(0xbad, 1, 11),
                one.transport.process(),
                2,
                1,
                true,
                Stamps.NONE,
                heartbeat)));
    toTwo.send(
        encode(
            new Datagram(
                ONE.inCluster(0), one.transport.process(), 2, 1, true, Stamps.NONE, heartbeat)));
    toTwo.send(
        encode(new Datagram(ONE, one.transport.process(), 3, 1, true, Stamps.NONE, heartbeat)));
    toTwo.send(
        encode(
            new Datagram(new Identity(CLUSTER, 1, 666), 99, 2, 1, true, Stamps.NONE, heartbeat)));
    toTwo.send(
        encode(new Datagram(TWO, one.transport.process(), 2, 1, true, Stamps.NONE, heartbeat)));
    TestNode.until("all are counted", () -> two.transport.counters().datagramForeign() == 5);
    assertThat(copies(77)).isZero();
  }

  @Test
  @DisplayName("S-06 while a process is linked, datagrams of a twin of it are dropped")
  void S_06_twin() throws Exception {
    long before = two.transport.counters().datagramForeign();
    long twin = one.transport.process() + 2;
    toTwo.send(
        encode(
            new Datagram(
                ONE, twin, 2, 1L << 62, true, Stamps.NONE, new Message.Heartbeat(1, 0, 79, 1))));
    TestNode.until("it is counted", () -> two.transport.counters().datagramForeign() == before + 1);
    assertThat(copies(79)).isZero();
  }

  @Test
  @DisplayName("S-17 garbage on the rale port is dropped")
  void S_17_garbage() throws Exception {
    byte[] good =
        encode(
            new Datagram(
                ONE,
                one.transport.process(),
                2,
                1L << 62,
                true,
                Stamps.NONE,
                new Message.Heartbeat(1, 0, 78, 1)));
    toTwo.send(new byte[0]);
    toTwo.send(new byte[2_000]);
    toTwo.send(Arrays.copyOf(good, good.length - 1));
    byte[] flipped = good.clone();
    flipped[20] ^= 1;
    toTwo.send(flipped);
    TestNode.until("all are counted", () -> two.transport.counters().datagramMalformed() == 4);
    toTwo.send(good);
    two.awaitMessage(message -> isHeartbeat(message, 78));
  }

  @Test
  @DisplayName("S-16 datagrams under ever new node ids take a bounded memory")
  void manySenders() throws Exception {
    int senders = 2 * PeerLinks.MAX_KNOWN;
    for (int i = 0; i < senders; i++) {
      Identity sender = new Identity(CLUSTER, 1_000 + i, 5);
      toTwo.send(
          encode(
              new Datagram(
                  sender,
                  one.transport.process(),
                  2,
                  1,
                  false,
                  Stamps.NONE,
                  new Message.Heartbeat(1, 0, 0, 1))));
    }
    TestNode.until("some are dropped", () -> two.transport.counters().datagramForeign() > 0);
    assertThat(two.transport.paths()).hasSizeLessThanOrEqualTo(PeerLinks.MAX_KNOWN);

    // Those who belong here are heard as ever.
    udp(true);
    exchangeUntilUdpWorks();
  }

  private static byte[] encode(Datagram datagram) {
    ByteWriter writer = new ByteWriter();
    DatagramCodec.encode(datagram, writer);
    return writer.toBytes().toByteArray();
  }
}
