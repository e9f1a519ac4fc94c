package org.rale.replica;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.rale.bytes.Bytes;
import org.rale.dstore.Origin;
import org.rale.raft.Event;
import org.rale.raft.Message;
import org.rale.raft.Role;
import org.rale.request.ErrorCode;
import org.rale.request.Request;
import org.rale.request.Response;
import org.rale.wire.Handshake;
import org.rale.wire.Identity;

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

  private static void times(HandDriven node, String detail, String hint) {
    long change = node.put("k", "v", Origin.NONE);
    long read = node.submit(new Request.Keys(Bytes.EMPTY, 10));
    node.ticks(HandDriven.PATIENCE - 1);
    assertThat(node.answers).isEmpty();
    node.ticks(1);
    Response.Failed failed =
        new Response.Failed(
            ErrorCode.NOT_MEMBER,
            "node " + node.replica().identity().nodeId() + " is in no cluster yet",
            detail,
            hint,
            0);
    assertThat(node.answer(change)).isEqualTo(failed);
    assertThat(node.answer(read)).isEqualTo(failed);
  }

  @Test
  @DisplayName("a request that comes before the cluster is there waits for it")
  void requestsWaitForTheCluster() {
    HandDriven node = HandDriven.founder();
    node.link(2, 0);
    long change = node.put("k", "v", Origin.NONE);
    node.link(3, 0);
    node.sync();
    while (node.messages(2, Message.AppendRequest.class).isEmpty()) {
      node.turn(new ReplicaInput.Tick());
      node.sync();
    }
    for (long index = PROMOTION - 1; index <= PROMOTION + 1; index++) {
      node.link(2, node.replica().identity().clusterId());
      node.hear(2, node.accepted(index));
      node.turn(new ReplicaInput.Tick());
      node.sync();
    }
    node.hear(2, node.accepted(node.replica().raftStatus().lastIndex()));
    assertThat(node.answer(change)).isInstanceOf(Response.Stored.class);
  }

  @Test
  @DisplayName("a founder that waits in vain says who is missing, and why")
  void missing() {
    HandDriven node = HandDriven.founder();
    node.link(2, 0);
    node.turn(new ReplicaInput.LinkFailed(3, "connection refused (10.0.0.3:7401)"));
    times(
        node,
        "missing nodes of cluster_members: node 3 at 10.0.0.3 port 7401: connection refused"
            + " (10.0.0.3:7401)",
        "start raled there, or correct the list on every node: all must be there once");
  }

  @Test
  void theFounderIsMissing() {
    times(
        HandDriven.listed(),
        "node 1 at 10.0.0.1 port 7401 founds the cluster of cluster_members, and has not called",
        "start raled there, and compare the list there with the one here");
  }

  @Test
  void theFounderWaitsForOthers() {
    HandDriven node = HandDriven.listed();
    node.link(1, 0);
    times(
        node,
        "node 1 at 10.0.0.1 port 7401 founds the cluster of cluster_members when all nodes of the"
            + " list are there",
        "ask that node: it says who is missing");
  }

  @Test
  @DisplayName("S-06 an emptied node that its cluster does not take back says why")
  void emptied() {
    HandDriven node = HandDriven.listed();
    node.link(1);
    node.turn(
        new ReplicaInput.LinkRefused(
            1,
            new Handshake.Refused(
                new Identity(HandDriven.CLUSTER, 1, 101),
                Handshake.Refusal.OTHER_INCARNATION,
                "node 2 is known with another cluster.db")));
    times(
        node,
        "node 1 is in a cluster, and has not taken this node in: node 2 is known with another"
            + " cluster.db",
        "if this node's disk was emptied, REMOVE 2 there and ADD it again");
  }

  @Test
  @DisplayName("S-06 an emptied founder says at once that there is a cluster without it")
  void emptiedFounder() {
    HandDriven node = HandDriven.founder();
    node.link(2);
    node.link(3, 0);
    long change = node.put("k", "v", Origin.NONE);
    assertThat(((Response.Failed) node.answer(change)).detail())
        .isEqualTo("node 2 is in a cluster, and has not taken this node in");
  }

  @Test
  void localReadsWaitForNoCluster() {
    HandDriven node = HandDriven.listed();
    long read = node.submit(new Request.Get(Bytes.utf8("k"), true));
    assertThat(((Response.Failed) node.answer(read)).code()).isEqualTo(ErrorCode.NOT_MEMBER);
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

  @Test
  @DisplayName("who waits for others says so in the log, now and then")
  void saysWhomItWaitsFor() {
    HandDriven node = HandDriven.founder();
    node.turn(new ReplicaInput.LinkFailed(3, "connection refused"));
    node.link(2, 0);
    node.ticks(600);
    String waits =
        "node 1 is in no cluster yet: missing nodes of cluster_members: node 3 at 10.0.0.3 port"
            + " 7401: connection refused. start raled there, or correct the list on every node: all"
            + " must be there once";
    assertThat(node.notes).extracting(Event::text).containsOnlyOnce(waits);
    node.ticks(6_000);
    assertThat(node.notes).extracting(Event::text).filteredOn(waits::equals).hasSize(2);
  }
}
