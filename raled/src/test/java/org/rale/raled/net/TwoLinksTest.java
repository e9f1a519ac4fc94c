package org.rale.raled.net;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.rale.raft.Member;
import org.rale.raled.net.TestNode.Broke;
import org.rale.raled.net.TestNode.Down;
import org.rale.raled.net.TestNode.Received;
import org.rale.raled.net.TestNode.Up;
import org.rale.wire.Identity;
import org.rale.wire.PeerMessage.StateDigest;

/** The two links between two nodes: the one that this one dialled, and the one it accepted. */
final class TwoLinksTest {
  private static final long CLUSTER = 0xc1;

  @TempDir Path directory;
  private TestNode one;
  private ServerSocket server;
  private RawPeer dialled;
  private RawPeer accepted;

  private static Identity identity(int nodeId) {
    return new Identity(CLUSTER, nodeId, 1_000 + nodeId);
  }

  @BeforeEach
  void open() throws Exception {
    one = new TestNode(directory, identity(1));
    server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
  }

  @AfterEach
  void close() throws Exception {
    if (dialled != null) {
      dialled.close();
    }
    if (accepted != null) {
      accepted.close();
    }
    one.close();
    server.close();
  }

  private Member two() {
    return new Member(
        2, "n2", "127.0.0.1", 1, server.getLocalPort(), identity(2).incarnation(), true);
  }

  /** Both stand, and the dialled one is used. */
  private void dialledFirst() throws Exception {
    one.start(one.member(), two());
    dialled = RawPeer.welcoming(server, identity(2));
    dialled.send(new StateDigest(1, 1));
    one.await(Received.class);
    accepted = RawPeer.linked(one, identity(2));
    accepted.send(new StateDigest(2, 2));
    one.await(Received.class);
  }

  @Test
  void theOneInUseStaysInUseWhileItStands() throws Exception {
    one.start(one.member());
    accepted = RawPeer.linked(one, identity(2));
    one.await(Up.class);
    one.transport.publish(one.view(one.member(), two()));
    dialled = RawPeer.welcoming(server, identity(2));
    dialled.send(new StateDigest(1, 1));
    one.await(Received.class);
    assertThat(one.path(2).link()).isEqualTo("accepted");
    one.send(2, new StateDigest(5, 5));
    assertThat(accepted.awaitDigest()).isEqualTo(5);

    accepted.socket.close();
    one.await(Broke.class);
    one.send(2, new StateDigest(6, 6));
    assertThat(dialled.awaitDigest()).isEqualTo(6);
    assertThat(one.count(Up.class)).isEqualTo(1);
  }

  @Test
  @DisplayName("S-16 that one of them broke is told, since what passed over it may be lost")
  void S_16_oneBreaks() throws Exception {
    dialledFirst();
    dialled.socket.close();
    assertThat(one.await(Broke.class)).isEqualTo(new Broke(2));
    assertThat(one.path(2).link()).isEqualTo("accepted");
    assertThat(one.count(Up.class)).isEqualTo(1);
    assertThat(one.count(Down.class)).isZero();
    assertThat(accepted.socket.isClosed()).isFalse();

    accepted.socket.close();
    one.await(Down.class);
    assertThat(one.count(Broke.class)).isEqualTo(1);
  }
}
