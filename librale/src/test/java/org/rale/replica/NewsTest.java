package org.rale.replica;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.rale.dstore.DStore;
import org.rale.raft.Entry;
import org.rale.raft.Member;
import org.rale.raft.Membership;
import org.rale.raft.Message;
import org.rale.raft.Payload;
import org.rale.raft.SnapshotMeta;
import org.rale.wire.HandshakeCodec;
import org.rale.wire.Identity;
import org.rale.wire.PeerMessage;
import org.rale.wire.PeerMessage.Members;

/** What node 1 does with a membership that it hears of, and whom it tells of its own. */
final class NewsTest {
  /** Node 3 as it came back: with another disk, at another address. */
  private static final Member REPLACED = new Member(3, "node3", "10.9.9.9", 7400, 7401, 999, true);

  private static final Membership NEWER = HandDriven.THREE.with(REPLACED);
  private static final Identity OLD_DISK = new Identity(HandDriven.CLUSTER, 3, 103);
  private static final Identity NEW_DISK = new Identity(HandDriven.CLUSTER, 3, 999);

  private static ReplicaInput from(int node, PeerMessage message) {
    return new ReplicaInput.FromPeer(new Identity(HandDriven.CLUSTER, node, 100 + node), message);
  }

  private static HandDriven linked(int id) {
    HandDriven node = HandDriven.inCluster();
    node.link(id);
    return node;
  }

  private static boolean admits(HandDriven node, Identity peer) {
    return Admission.judge(node.replica().view(), peer).isEmpty();
  }

  @Test
  @DisplayName(
      "S-06 a member that was away lets in whom the others have taken in, and no other disk")
  void aNewerMembershipDecidesWhoIsLetIn() {
    HandDriven node = linked(2);
    assertThat(admits(node, OLD_DISK)).isTrue();
    assertThat(admits(node, NEW_DISK)).isFalse();

    node.turn(from(2, new Members(20, 2, NEWER)));

    assertThat(admits(node, NEW_DISK)).isTrue();
    assertThat(admits(node, OLD_DISK)).isFalse();
    assertThat(node.replica().view().peer(3)).contains(REPLACED);
    assertThat(node.replica().raftStatus().membership())
        .as("the rules go by the log alone (S-09)")
        .isEqualTo(HandDriven.THREE);
  }

  @Test
  void whatComesOverALinkThatIsGoneIsNoNews() {
    HandDriven node = HandDriven.inCluster();
    node.link(2);
    node.turn(new ReplicaInput.LinkDown(2), from(2, new Members(20, 2, NEWER)));
    assertThat(admits(node, NEW_DISK)).isFalse();
  }

  @Test
  void anOlderMembershipIsNoNews() {
    HandDriven node = linked(2);
    node.turn(from(2, new Members(20, 2, NEWER)));
    node.turn(from(2, new Members(19, 2, HandDriven.THREE)));
    assertThat(admits(node, NEW_DISK)).isTrue();

    HandDriven ahead = linked(2);
    ahead.turn(from(2, new Members(10, 1, NEWER)), from(2, new Members(9, 1, NEWER)));
    assertThat(admits(ahead, NEW_DISK)).as("its own log reaches as far").isFalse();
  }

  @Test
  @DisplayName("S-17 a false membership lasts no longer than the link to who told it")
  void whatAStrangerToldGoesWithIt() {
    HandDriven node = linked(2);
    node.link(77);
    node.turn(from(77, new Members(Long.MAX_VALUE, Long.MAX_VALUE, NEWER)));
    node.turn(from(2, new Members(20, 2, NEWER.without(3))));
    assertThat(admits(node, OLD_DISK)).isFalse();

    node.turn(new ReplicaInput.LinkDown(77));
    assertThat(node.replica().view().membership()).isEqualTo(NEWER.without(3));
    node.turn(new ReplicaInput.LinkDown(2));
    assertThat(admits(node, OLD_DISK)).isTrue();
  }

  /**
   * Entries 11 and 12 of term 2 were committed by the leader of term 4 (figure 8); the sender has
   * applied 12 and not yet 13, of term 4. This node's tail is of term 3, and will be cut.
   */
  @Test
  void aTailThatWillBeCutHidesNoFact() {
    HandDriven node = linked(2);
    node.link(2);
    Entry tail = new Entry(11, 3, new Payload.Empty());
    node.hear(2, new Message.AppendRequest(3, 1, 10, 1, 10, List.of(tail)));
    node.sync();
    node.turn(from(2, new Members(12, 2, NEWER)));
    assertThat(admits(node, NEW_DISK)).isTrue();
  }

  @Test
  void whoIsLinkedIsToldOfAMembershipThatCameInASnapshot() {
    HandDriven node = HandDriven.inCluster().following();
    node.link(3);
    node.sent.clear();
    DStore table = new DStore();
    table.skip(20);
    SnapshotSender sender =
        new SnapshotSender(new SnapshotMeta(20, 2, NEWER), table.freeze(), 1_000, 0);
    Message.SnapshotPiece piece = sender.next(2);
    while (piece != null) {
      node.hear(2, piece);
      piece = sender.next(2);
    }
    node.sync();
    assertThat(told(node)).contains(new Told(3, new Members(20, 2, NEWER)));
  }

  @Test
  void theOwnLogDecidesAsSoonAsItReachesAsFar() {
    HandDriven node = HandDriven.inCluster().following();
    node.turn(from(2, new Members(12, 2, NEWER)));
    Membership next = HandDriven.THREE.without(3);
    List<Entry> entries =
        List.of(
            new Entry(11, 2, new Payload.Empty()),
            new Entry(12, 2, new Payload.Members(NEWER)),
            new Entry(13, 2, new Payload.Members(next)));

    node.hear(2, new Message.AppendRequest(2, 1, 10, 1, 10, entries.subList(0, 1)));
    assertThat(node.replica().view().membership()).isEqualTo(NEWER);
    node.hear(2, new Message.AppendRequest(2, 2, 11, 2, 10, entries.subList(1, 3)));
    assertThat(node.replica().view().membership()).isEqualTo(next);
  }

  @Test
  @DisplayName("S-06 a node that was removed knows the others by the disks they have by now")
  void aMembershipWithoutThisNodeRenewsTheOthers() {
    HandDriven node = linked(2);
    node.turn(from(2, new Members(20, 2, NEWER.without(1))));
    assertThat(node.replica().view().membership()).isEqualTo(NEWER);
    assertThat(admits(node, NEW_DISK)).isTrue();

    Member other = new Member(1, "node1", "10.0.0.1", 7400, 7401, 555, true);
    node.turn(from(2, new Members(21, 2, NEWER.with(other))));
    assertThat(node.replica().view().membership()).isEqualTo(NEWER);
  }

  @Test
  void whoIsLinkedIsToldTheMembershipInForce() {
    HandDriven node = HandDriven.inCluster();
    node.link(2);
    node.turn(new ReplicaInput.LinkUp(new Identity(0, 4, 104), 1, HandshakeCodec.VERSION));
    assertThat(told(node)).containsExactly(new Told(2, new Members(10, 1, HandDriven.THREE)));
  }

  @Test
  void whoseLinkBrokeIsToldAgainOverTheOtherOne() {
    HandDriven node = linked(2);
    node.link(2);
    node.sent.clear();
    node.turn(new ReplicaInput.LinkBroke(2));
    assertThat(told(node)).containsExactly(new Told(2, new Members(10, 1, HandDriven.THREE)));
  }

  @Test
  void allWhoAreLinkedAreToldOfAChangeThatIsApplied() {
    HandDriven node = HandDriven.inCluster().following();
    node.link(3);
    node.sent.clear();
    List<Entry> entries =
        List.of(
            new Entry(11, 2, new Payload.Empty()), new Entry(12, 2, new Payload.Members(NEWER)));
    node.hear(2, new Message.AppendRequest(2, 1, 10, 1, 11, entries));
    node.sync();
    assertThat(told(node)).as("not committed yet").isEmpty();
    node.hear(2, new Message.Heartbeat(2, 12, 0, 1));
    assertThat(told(node))
        .containsExactlyInAnyOrder(
            new Told(2, new Members(12, 2, NEWER)), new Told(3, new Members(12, 2, NEWER)));
  }

  private record Told(int node, Members members) {}

  private static List<Told> told(HandDriven node) {
    return node.sent.stream()
        .filter(each -> each.message() instanceof Members)
        .map(each -> new Told(each.to(), (Members) each.message()))
        .toList();
  }
}
