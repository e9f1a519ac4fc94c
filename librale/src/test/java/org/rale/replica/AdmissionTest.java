package org.rale.replica;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.rale.raft.Denial;
import org.rale.raft.Member;
import org.rale.raft.Membership;
import org.rale.raft.Message;
import org.rale.wire.Handshake;
import org.rale.wire.Handshake.Refusal;
import org.rale.wire.Identity;
import org.rale.wire.PeerMessage;

/** Who may talk to node 1 of cluster 7. */
final class AdmissionTest {
  private static final long CLUSTER = 7;

  private static Member member(int id, long incarnation) {
    return new Member(id, "node" + id, "10.0.0." + id, 7400, 7401, incarnation, true);
  }

  private static final Membership MEMBERS = new Membership(List.of(member(1, 11), member(2, 22)));

  /** Node 1 leads. */
  private static ClusterView view(Member... candidates) {
    return new ClusterView(new Identity(CLUSTER, 1, 11), MEMBERS, List.of(candidates), 1, 3);
  }

  /** Node 2 leads, as far as node 1 knows. */
  private static ClusterView following() {
    return new ClusterView(new Identity(CLUSTER, 1, 11), MEMBERS, List.of(), 2, 3);
  }

  private static Optional<Refusal> judged(ClusterView view, Identity peer) {
    return Admission.judge(view, peer).map(Handshake.Refused::refusal);
  }

  @Test
  void aMemberIsLetIn() {
    assertThat(judged(view(), new Identity(CLUSTER, 2, 22))).isEmpty();
  }

  @Test
  void aNodeOfTheSameClusterThatIsNoMemberHereIsLetIn() {
    assertThat(judged(view(), new Identity(CLUSTER, 3, 33))).isEmpty();
  }

  @Test
  void aNodeThatIsAskedToJoinIsLetInWithAnyDisk() {
    assertThat(judged(view(member(3, 0)), new Identity(0, 3, 33))).isEmpty();
  }

  @Test
  @DisplayName("S-06 a member's id with an emptied disk is refused")
  void anEmptiedDiskIsRefused() {
    assertThat(judged(view(), new Identity(0, 2, 99))).contains(Refusal.OTHER_INCARNATION);
    assertThat(judged(following(), new Identity(0, 2, 99))).contains(Refusal.OTHER_INCARNATION);
  }

  @Test
  @DisplayName("S-06 every disk but the one that the membership names is refused")
  void anotherDiskOfTheClusterIsRefused() {
    assertThat(judged(view(), new Identity(CLUSTER, 2, 99))).contains(Refusal.OTHER_INCARNATION);
    assertThat(judged(following(), new Identity(CLUSTER, 2, 99)))
        .contains(Refusal.OTHER_INCARNATION);
  }

  @Test
  @DisplayName("S-06 what another disk answers counts for no majority, what it asks is heard")
  void anotherDiskAnswersForNobody() {
    Identity known = new Identity(CLUSTER, 2, 22);
    Identity other = new Identity(CLUSTER, 2, 99);
    for (Message answer :
        List.of(
            new Message.PreVoteResponse(1, 2, Denial.NONE),
            new Message.VoteResponse(2, Denial.NONE, 101),
            new Message.AppendResponse(2, 1, true, 1, 0, 0, 1),
            new Message.HeartbeatResponse(2, 1, -1),
            new Message.SnapshotResponse(2, 1, 0, true))) {
      assertThat(takes(known, answer)).isTrue();
      assertThat(takes(other, answer)).isFalse();
    }
    for (Message request :
        List.of(
            new Message.PreVoteRequest(1, 2, 1, 1),
            new Message.VoteRequest(2, 1, 1, false, 101),
            new Message.AppendRequest(2, 1, 0, 0, 0, List.of()),
            new Message.Heartbeat(2, 0, 0, 1),
            new Message.TimeoutNow(2),
            new Message.ReadIndexResponse(2, 1, 1))) {
      assertThat(takes(other, request)).isTrue();
    }
  }

  private static boolean takes(Identity sender, Message message) {
    return Admission.takes(MEMBERS, sender, new PeerMessage.Raft(message));
  }

  @Test
  @DisplayName("S-06 an empty disk does not hear what a removed node has still to be told")
  void anotherDiskOfARemovedNodeIsRefused() {
    assertThat(judged(view(member(3, 33)), new Identity(CLUSTER, 3, 33))).isEmpty();
    assertThat(judged(view(member(3, 33)), new Identity(0, 3, 99)))
        .contains(Refusal.OTHER_INCARNATION);
  }

  @Test
  void anotherClusterAndTheOwnIdAreRefused() {
    assertThat(judged(view(), new Identity(8, 2, 22))).contains(Refusal.OTHER_CLUSTER);
    assertThat(judged(view(), new Identity(CLUSTER, 1, 11))).contains(Refusal.SAME_ID);
  }

  @Test
  void aHandshakeForAnotherNodeIsRefused() {
    Handshake.Hello hello = new Handshake.Hello(new Identity(CLUSTER, 2, 22), 1, 3, 1);
    assertThat(Admission.judge(view(), hello).map(Handshake.Refused::refusal))
        .contains(Refusal.WRONG_NODE);
  }
}
