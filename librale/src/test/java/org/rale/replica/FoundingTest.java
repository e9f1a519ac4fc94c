package org.rale.replica;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.rale.dstore.Origin;
import org.rale.raft.Role;
import org.rale.request.Response;

/** The first moments of a cluster that {@code cluster_members} founds. */
final class FoundingTest {
  /** Of the founding, the leader's empty one, and the promotion of node 2. */
  private static final long PROMOTION = 3;

  /** Node 1 has founded the cluster and leads it, the only voter. */
  private static HandDriven founded() {
    HandDriven node = HandDriven.founder();
    node.link(2, 0);
    node.link(3, 0);
    node.sync();
    while (node.replica().raftStatus().role() != Role.LEADER) {
      node.turn(new ReplicaInput.Tick());
      node.sync();
    }
    return node;
  }

  @Test
  void nothingIsFoundedUntilAllAreThere() {
    HandDriven node = HandDriven.founder();
    node.link(2, 0);
    assertThat(node.replica().identity().inCluster()).isFalse();
    node.link(3, 0);
    assertThat(node.replica().identity().inCluster()).isTrue();
  }

  @Test
  @DisplayName("S-02 a founder acknowledges nothing while its disk is the only one that counts")
  void changesWaitForASecondVoter() {
    HandDriven node = founded();
    node.put("k", "v", Origin.NONE);
    node.sync();
    assertThat(node.answers).isEmpty();
    assertThat(node.replica().raftStatus().lastIndex()).isLessThan(PROMOTION);

    // Node 2 holds what there is, so it becomes a voter, and acknowledges that, and the change.
    node.link(2, node.replica().identity().clusterId());
    node.hear(2, node.accepted(PROMOTION - 1));
    node.sync();
    node.turn(new ReplicaInput.Tick());
    assertThat(node.replica().raftStatus().membership().voters()).hasSize(2);
    node.sync();
    assertThat(node.answers).isEmpty();
    node.hear(2, node.accepted(node.replica().raftStatus().lastIndex()));
    assertThat(node.answers)
        .singleElement()
        .extracting(HandDriven.Answer::response)
        .isInstanceOf(Response.Stored.class);
  }
}
