package org.rale.raled.net;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.rale.bytes.Bytes;
import org.rale.dstore.Origin;
import org.rale.dstore.StoreCommand;
import org.rale.raft.Member;
import org.rale.raft.Membership;
import org.rale.raft.Message;
import org.rale.raft.SnapshotMeta;
import org.rale.raled.net.TestNode.Broke;
import org.rale.raled.net.TestNode.Down;
import org.rale.raled.net.TestNode.Dropped;
import org.rale.raled.net.TestNode.Failed;
import org.rale.raled.net.TestNode.Received;
import org.rale.raled.net.TestNode.RefusedLink;
import org.rale.raled.net.TestNode.Up;
import org.rale.replica.ClusterView;
import org.rale.request.Request;
import org.rale.wire.Handshake;
import org.rale.wire.Handshake.Refusal;
import org.rale.wire.Identity;
import org.rale.wire.PeerMessage;
import org.rale.wire.PeerMessage.StateDigest;

final class LinksTest {
  private static final long CLUSTER = 0xc1;

  @TempDir Path directory;

  private final List<TestNode> nodes = new ArrayList<>();

  @AfterEach
  void closeNodes() {
    nodes.forEach(TestNode::close);
  }

  private static Identity identity(int nodeId) {
    return new Identity(CLUSTER, nodeId, 1_000 + nodeId);
  }

  private TestNode node(int nodeId) throws Exception {
    return node(identity(nodeId));
  }

  private TestNode node(Identity identity) throws Exception {
    TestNode node = new TestNode(directory, identity);
    nodes.add(node);
    return node;
  }

  @Test
  void nodesLinkAndMessagesPassInOrderBothWays() throws Exception {
    TestNode one = node(1);
    TestNode two = node(2);
    one.start(one.member(), two.member());
    two.start(one.member(), two.member());
    assertThat(one.await(Up.class)).isEqualTo(new Up(two.self, 2));
    assertThat(two.await(Up.class)).isEqualTo(new Up(one.self, 1));

    // The second link of the pair may come up meanwhile.
    for (int i = 0; i < 1_000; i++) {
      one.transport.send(2, new StateDigest(i, i));
      if (i % 100 == 99) {
        one.transport.flush();
      }
    }
    two.send(1, new StateDigest(7, 7));
    assertThat(two.awaitMessage(message -> message.equals(new StateDigest(999, 999)))).isNotNull();
    assertThat(one.awaitMessage(message -> message.equals(new StateDigest(7, 7)))).isNotNull();
    assertThat(two.all().stream().filter(Received.class::isInstance).toList())
        .hasSize(1_000)
        .element(500)
        .isEqualTo(new Received(1, new StateDigest(500, 500)));
    assertThat(one.count(Up.class)).isEqualTo(1);
    assertThat(one.count(Down.class)).isZero();
  }

  @Test
  void nodesInNoClusterMayLink() throws Exception {
    TestNode one = node(new Identity(0, 1, 11));
    TestNode two = node(new Identity(0, 2, 12));
    two.start();
    one.start(new ClusterView(one.self, Membership.NONE, List.of(two.member()), -1, 0));
    assertThat(one.await(Up.class).peer()).isEqualTo(two.self);
    assertThat(two.await(Up.class).peer()).isEqualTo(one.self);
  }

  @Test
  @DisplayName("S-06 getting into a cluster greets anew those that were in none")
  void S_06_joiningGreetsAnew() throws Exception {
    TestNode one = node(new Identity(0, 1, 11));
    TestNode two = node(new Identity(0, 2, 12));
    two.start();
    one.start(new ClusterView(one.self, Membership.NONE, List.of(two.member()), -1, 0));
    one.await(Up.class);
    two.await(Up.class);

    Identity joined = one.self.inCluster(CLUSTER);
    one.transport.publish(new ClusterView(joined, Membership.NONE, List.of(two.member()), -1, 0));
    assertThat(two.await(Up.class).peer()).isEqualTo(joined);

    // Node 2 gets into another cluster: now they are strangers.
    two.transport.publish(TestNode.view(two.self.inCluster(0xbad), two.member()));
    RefusedLink refused = one.await(RefusedLink.class);
    assertThat(refused.refused().refusal()).isEqualTo(Refusal.OTHER_CLUSTER);
    two.await(Down.class);
  }

  @Test
  @DisplayName("S-06 nodes of different clusters refuse each other, and say so")
  void S_06_otherCluster() throws Exception {
    TestNode one = node(1);
    TestNode two = node(new Identity(0xbad, 2, 1_002));
    two.start(two.member());
    one.start(one.member(), two.member());
    RefusedLink refused = one.await(RefusedLink.class);
    assertThat(refused.nodeId()).isEqualTo(2);
    assertThat(refused.refused().sender()).isEqualTo(two.self);
    assertThat(refused.refused().refusal()).isEqualTo(Refusal.OTHER_CLUSTER);
    assertThat(refused.refused().reason()).contains("00000000000000c1");
    assertThat(one.count(Up.class)).isZero();
    assertThat(two.count(Up.class)).isZero();
  }

  @Test
  @DisplayName("S-06 a known node id with an emptied disk is refused by whoever is dialled")
  void S_06_emptiedDials() throws Exception {
    TestNode one = node(1);
    TestNode two = node(new Identity(0, 2, 77));
    one.start(one.member(), two.member(two.ralePort(), 666));
    two.start(new ClusterView(two.self, Membership.NONE, List.of(one.member()), -1, 0));
    RefusedLink refused =
        two.await(RefusedLink.class, event -> event.refused().sender().equals(one.self));
    assertThat(refused.refused().refusal()).isEqualTo(Refusal.OTHER_INCARNATION);
  }

  @Test
  @DisplayName("S-06 a known node id with an emptied disk is refused by whoever dials, and is told")
  void S_06_emptiedAnswers() throws Exception {
    TestNode one = node(1);
    TestNode two = node(new Identity(0, 2, 77));
    two.start();
    one.start(one.member(), two.member(two.ralePort(), 666));
    RefusedLink refused = one.await(RefusedLink.class);
    assertThat(refused.refused().sender()).isEqualTo(one.self);
    assertThat(refused.refused().refusal()).isEqualTo(Refusal.OTHER_INCARNATION);
    assertThat(one.count(Up.class)).isZero();

    RefusedLink told = two.await(RefusedLink.class);
    assertThat(told.nodeId()).isEqualTo(1);
    assertThat(told.refused().refusal()).isEqualTo(Refusal.OTHER_INCARNATION);
    assertThat(told.refused().reason()).contains("REMOVE 2");
    two.await(Down.class);
  }

  @Test
  void anotherNodeAtTheAddressIsRefused() throws Exception {
    TestNode one = node(1);
    TestNode three = node(3);
    three.start(three.member());
    Member two = new Member(2, "n2", "127.0.0.1", 1, three.dstorePort(), 1_002, true);
    one.start(one.member(), two);
    RefusedLink refused = one.await(RefusedLink.class);
    assertThat(refused.nodeId()).isEqualTo(2);
    assertThat(refused.refused().refusal()).isEqualTo(Refusal.WRONG_NODE);
  }

  @Test
  @DisplayName("S-06 a second node with this node's id is refused")
  void S_06_sameId() throws Exception {
    TestNode one = node(1).start();
    try (RawPeer twin = new RawPeer(one.dstorePort())) {
      Handshake answer = twin.greet(new Handshake.Hello(new Identity(CLUSTER, 1, 5), 9, 1, 1));
      assertThat(answer).isInstanceOf(Handshake.Refused.class);
      assertThat(((Handshake.Refused) answer).refusal()).isEqualTo(Refusal.SAME_ID);
      twin.awaitEnd();
    }
  }

  @Test
  void aNodeOfAnotherProtocolVersionIsRefused() throws Exception {
    TestNode one = node(1).start();
    try (RawPeer newer = new RawPeer(one.dstorePort())) {
      newer.write(new byte[] {(byte) 0x8e, 'R', 'A', 'L', 'E', 9, 8, 0, 0, 0, 20, 1});
      Handshake answer = newer.readHandshake();
      assertThat(((Handshake.Refused) answer).refusal()).isEqualTo(Refusal.VERSION);
      newer.awaitEnd();
    }
  }

  @Test
  @DisplayName("S-16 links from strangers are bounded; a member always gets in")
  void S_16_linksAreBounded() throws Exception {
    TestNode one = node(1);
    Member two = new Member(2, "n2", "127.0.0.1", 1, 1, 1_002, true);
    one.start(one.member(), two);
    List<RawPeer> strangers = new ArrayList<>();
    try {
      for (int i = 0; i < PeerLinks.MAX_ACCEPTED; i++) {
        strangers.add(RawPeer.linked(one, identity(100 + i)));
      }
      RawPeer tooMany = new RawPeer(one.dstorePort());
      strangers.add(tooMany);
      Handshake answer = tooMany.greet(new Handshake.Hello(identity(99), 9, 1, 1));
      assertThat(((Handshake.Refused) answer).refusal()).isEqualTo(Refusal.OVERLOADED);
      strangers.add(RawPeer.linked(one, identity(2)));
    } finally {
      for (RawPeer stranger : strangers) {
        stranger.close();
      }
    }
  }

  @Test
  @DisplayName("S-16 a request that found no room on its link is told to be dropped")
  void S_16_droppedRequestsAreTold() throws Exception {
    TestNode one = node(1).start();
    try (RawPeer slow = RawPeer.linked(one, identity(2))) {
      assertThat(slow.socket.isConnected()).isTrue();
      one.await(Up.class);
      Bytes value = Bytes.wrap(new byte[1 << 20]);
      Request put = new Request.Change(new StoreCommand.Put(Origin.NONE, Bytes.utf8("k"), value));
      for (int i = 0; i < 100; i++) {
        one.send(2, new PeerMessage.Forward(i, 0, PeerMessage.Forward.UNTOLD, 1_000, put));
      }
      Dropped first = one.await(Dropped.class);
      assertThat(first.nodeId()).isEqualTo(2);
      assertThat(first.id()).isPositive();
      assertThat(one.count(Dropped.class)).isEqualTo(one.transport.counters().linkQueueFull());
    }
  }

  @Test
  void aNewerLinkFromANodeReplacesTheOlder() throws Exception {
    TestNode one = node(1).start();
    try (RawPeer older = RawPeer.linked(one, identity(2));
        RawPeer newer = RawPeer.linked(one, identity(2))) {
      older.awaitEnd();
      newer.send(new StateDigest(1, 1));
      one.await(Received.class);
      assertThat(one.count(Up.class)).isEqualTo(1);
      assertThat(one.count(Broke.class)).isEqualTo(1);
      assertThat(one.count(Down.class)).isZero();
      newer.socket.close();
      one.await(Down.class);
    }
  }

  @Test
  @DisplayName("S-06 a copied data directory is refused while the other process of it lives")
  void S_06_twin(@TempDir Path elsewhere) throws Exception {
    TestNode one = node(1);
    TestNode two = node(2);
    TestNode twin = new TestNode(elsewhere, two.self);
    nodes.add(twin);
    two.start(one.member(), two.member());
    one.start(one.member(), two.member());
    two.await(Up.class);

    twin.start(one.member(), two.member());

    Handshake.Refused refused = twin.await(RefusedLink.class).refused();
    assertThat(refused.refusal()).isEqualTo(Refusal.SAME_ID);
    assertThat(refused.reason()).contains("node 2").contains("copied");
    assertThat(twin.count(Up.class)).isZero();
    assertThat(two.count(Down.class)).isZero();
    two.send(1, new StateDigest(1, 1));
    one.await(Received.class);
  }

  @Test
  void aNewProcessIsLetInWhenTheLinkOfTheFormerOneIsSilent() throws Exception {
    TestNode one = node(1).start();
    // It reads nothing and answers nothing, like a machine without power.
    try (RawPeer dead = RawPeer.linked(one, identity(2), 5);
        RawPeer next = RawPeer.linked(one, identity(2), 6)) {
      dead.awaitEnd();
      next.send(new StateDigest(1, 1));
      one.await(Received.class);
      assertThat(one.all())
          .containsExactly(
              new Up(identity(2), 1),
              new Down(2),
              new Up(identity(2), 1),
              new Received(2, new StateDigest(1, 1)));
    }
  }

  @Test
  void anotherIncarnationIsAnotherNode() throws Exception {
    TestNode one = node(1).start();
    try (RawPeer older = RawPeer.linked(one, new Identity(CLUSTER, 2, 5));
        RawPeer newer = RawPeer.linked(one, new Identity(CLUSTER, 2, 6))) {
      older.awaitEnd();
      newer.send(new StateDigest(1, 1));
      one.await(Received.class);
      assertThat(one.all())
          .containsExactly(
              new Up(new Identity(CLUSTER, 2, 5), 1),
              new Down(2),
              new Up(new Identity(CLUSTER, 2, 6), 1),
              new Received(2, new StateDigest(1, 1)));
    }
  }

  @Test
  void aNodeThatJoinedIsToldAgain() throws Exception {
    TestNode one = node(1).start();
    try (RawPeer before = RawPeer.linked(one, new Identity(0, 2, 5));
        RawPeer after = RawPeer.linked(one, new Identity(CLUSTER, 2, 5))) {
      before.awaitEnd();
      after.send(new StateDigest(1, 1));
      one.await(Received.class);
      assertThat(one.all())
          .startsWith(
              new Up(new Identity(0, 2, 5), 1),
              new Broke(2),
              new Up(new Identity(CLUSTER, 2, 5), 1));
    }
  }

  @Test
  void aLostNodeIsDialledUntilItIsBack() throws Exception {
    TestNode one = node(1);
    TestNode two = node(2);
    Member memberTwo = two.member();
    two.start(one.member(), memberTwo);
    one.start(one.member(), memberTwo);
    one.await(Up.class);
    int ralePort = two.ralePort();
    int dstorePort = two.dstorePort();
    nodes.remove(two);
    two.close();
    one.await(Down.class);
    one.await(Failed.class);

    TestNode again = new TestNode(directory, two.self, ralePort, dstorePort);
    nodes.add(again);
    again.start(one.member(), memberTwo);
    assertThat(one.await(Up.class).peer()).isEqualTo(two.self);
    again.await(Up.class);
  }

  @Test
  void whatCanNotBeReachedIsSaid() throws Exception {
    TestNode one = node(1);
    int nobody;
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      nobody = socket.getLocalPort();
    }
    Member closed = new Member(2, "n2", "127.0.0.1", 1, nobody, 5, true);
    Member unknown = new Member(3, "n3", "no-such-host.invalid", 1, 1, 5, true);
    one.start(one.member(), closed, unknown);
    assertThat(one.await(Failed.class, event -> event.nodeId() == 2).reason())
        .contains("refused")
        .contains(String.valueOf(nobody));
    assertThat(one.await(Failed.class, event -> event.nodeId() == 3).reason())
        .contains("no-such-host.invalid");
  }

  @Test
  void aNodeThatAcceptsAndSaysNothingIsAFailure() throws Exception {
    TestNode one = node(1);
    try (ServerSocket mute = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      one.start(one.member(), new Member(2, "n2", "127.0.0.1", 1, mute.getLocalPort(), 5, true));
      assertThat(one.await(Failed.class).reason()).contains("no handshake within 2000 ms");
    }
  }

  @Test
  void aNodeThatIsNoPeerAnyMoreIsHungUpOn() throws Exception {
    TestNode one = node(1);
    TestNode two = node(2);
    two.start(two.member());
    one.start(one.member(), two.member());
    one.await(Up.class);
    two.await(Up.class);
    one.transport.publish(one.view(one.member()));
    one.await(Down.class);
    two.await(Down.class);
    assertThat(one.transport.paths()).isEmpty();
  }

  @Test
  @DisplayName("S-06 a leader closes the link of a node that its membership knows by another disk")
  void S_06_linksAreJudgedAgain() throws Exception {
    TestNode one = node(1).start();
    try (RawPeer peer = RawPeer.linked(one, new Identity(CLUSTER, 2, 5))) {
      Membership known =
          new Membership(List.of(one.member(), new Member(2, "n2", "127.0.0.1", 1, 1, 6, true)));
      one.transport.publish(new ClusterView(one.self, known, List.of(), 1, 1));
      peer.awaitEnd();
      one.await(Down.class);
    }
  }

  @Test
  @DisplayName("S-17 garbage on a link closes it and hurts nobody else")
  void S_17_garbage() throws Exception {
    TestNode one = node(1).start();
    try (RawPeer good = RawPeer.linked(one, identity(2));
        RawPeer bad = RawPeer.linked(one, identity(3));
        RawPeer worse = new RawPeer(one.dstorePort());
        RawPeer early = new RawPeer(one.dstorePort())) {
      bad.write(new byte[] {0x7f, -1, -1, -1, 4, 0, 0});
      bad.awaitEnd();
      worse.write(new byte[] {(byte) 0x8e, 'R', 'A', 'L', 'F'});
      worse.awaitEnd();
      early.write(new byte[] {(byte) 0x8e});
      early.awaitEnd();
      assertThat(one.await(Down.class).nodeId()).isEqualTo(3);
      good.send(new StateDigest(1, 1));
      assertThat(one.await(Received.class).nodeId()).isEqualTo(2);
    }
  }

  @Test
  @DisplayName("S-16 a peer that reads nothing holds a bounded amount and never blocks the sender")
  void S_16_aSlowPeerIsBounded() throws Exception {
    TestNode one = node(1).start();
    try (RawPeer slow = RawPeer.linked(one, identity(2))) {
      assertThat(slow.socket.isConnected()).isTrue();
      one.await(Up.class);
      Bytes data = Bytes.wrap(new byte[1 << 20]);
      PeerMessage piece =
          new PeerMessage.Raft(new Message.SnapshotPiece(1, SnapshotMeta.NONE, 0, false, 0, data));
      for (int i = 0; i < 200; i++) {
        one.send(2, piece);
      }
      assertThat(one.transport.counters().linkQueueFull()).isGreaterThan(100);
      assertThat(one.path(2).queuedBytes())
          .isBetween(1L << 20, Link.MAX_QUEUED_BYTES + (1 << 20) + 1_024);

      // The leader's heartbeats still have room.
      long full = one.transport.counters().linkQueueFull();
      one.heartbeat(2, 1);
      assertThat(one.transport.counters().linkQueueFull()).isEqualTo(full);
    }
  }
}
