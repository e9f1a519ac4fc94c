package org.rale.replica;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.rale.raft.Member;
import org.rale.raft.Membership;
import org.rale.wire.Handshake;
import org.rale.wire.Handshake.Refusal;
import org.rale.wire.Identity;

/** Who may talk to node 1 of cluster 7. */
final class AdmissionTest {
  private static final long CLUSTER = 7;

  private static Member member(int id, long incarnation) {
    return new Member(id, "node" + id, "10.0.0." + id, 7400, 7401, incarnation, true);
  }

  private static ClusterView view(Member... candidates) {
    return new ClusterView(
        new Identity(CLUSTER, 1, 11),
        new Membership(List.of(member(1, 11), member(2, 22))),
        List.of(candidates),
        1,
        3);
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
  @DisplayName("S-06 a member's id with another disk is refused")
  void anotherDiskIsRefused() {
    assertThat(judged(view(), new Identity(0, 2, 99))).contains(Refusal.OTHER_INCARNATION);
    assertThat(judged(view(), new Identity(CLUSTER, 2, 99))).contains(Refusal.OTHER_INCARNATION);
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
    Handshake.Hello hello = new Handshake.Hello(new Identity(CLUSTER, 2, 22), 3, 1);
    assertThat(Admission.judge(view(), hello).map(Handshake.Refused::refusal))
        .contains(Refusal.WRONG_NODE);
  }
}
