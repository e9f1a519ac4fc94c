package org.rale.raled.net;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.rale.request.PathInfo;
import org.rale.wire.Identity;
import org.rale.wire.PeerMessage.StateDigest;

/** The parts of the health line that the network gives. */
final class HealthTest {
  @TempDir Path directory;

  @Test
  void aWayIsToldInWords() {
    assertThat(new PeerPath(2, true, "dialled", 0, PathInfo.of(PathInfo.Use.UDP, 3)).words())
        .isEqualTo("node 2: link dialled, 0 bytes wait on it, datagrams pass");
    assertThat(new PeerPath(3, false, "none", 0, PathInfo.NOTHING).words())
        .isEqualTo("node 3: no link, no datagrams");
    PathInfo measured = new PathInfo(PathInfo.Use.UDP, 213, 1_050, 9, 0, 3);
    assertThat(new PeerPath(4, true, "dialled", 9, measured).words())
        .isEqualTo(
            "node 4: link dialled, 9 bytes wait on it, datagrams pass"
                + " (round trip 0.213 ms, +- 1.050)");
  }

  @Test
  void whatWasDroppedIsToldWhereThereIsSomething() {
    TransportCounters counters = new TransportCounters();
    assertThat(counters.snapshot().words()).isEqualTo("nothing dropped");
    counters.noRoute.add(3);
    counters.datagramForeign.increment();
    assertThat(counters.snapshot().words())
        .isEqualTo(
            "dropped since the start: messages to nodes without a link 3, datagrams of others 1");
  }

  @Test
  void aTransportTellsBoth() throws Exception {
    try (TestNode one = new TestNode(directory, new Identity(0xc1, 1, 11))) {
      one.start(one.member());
      assertThat(one.transport.health()).isEqualTo("no other nodes; nothing dropped");
      try (RawPeer two = RawPeer.linked(one, new Identity(0xc1, 2, 12))) {
        one.await(TestNode.Up.class);
        one.send(7, new StateDigest(1, 1));
        assertThat(two.socket.isConnected()).isTrue();
        assertThat(one.transport.health())
            .isEqualTo(
                "node 2: link accepted, 0 bytes wait on it, no datagrams; dropped since the start:"
                    + " messages to nodes without a link 1");
      }
    }
  }
}
