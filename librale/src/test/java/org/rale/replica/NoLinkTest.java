package org.rale.replica;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.rale.bytes.Bytes;
import org.rale.dstore.Origin;
import org.rale.dstore.StoreCommand;
import org.rale.request.ErrorCode;
import org.rale.request.Request;
import org.rale.request.Response;
import org.rale.wire.Handshake;
import org.rale.wire.Identity;

/** A node that hears its leader by datagrams, and that nobody lets in. */
final class NoLinkTest {
  private static final String WHY = "node 1 is known with another cluster.db";

  private static HandDriven refused() {
    HandDriven node = HandDriven.inCluster().following();
    node.turn(
        new ReplicaInput.LinkDown(2),
        new ReplicaInput.LinkRefused(
            2,
            new Handshake.Refused(
                new Identity(HandDriven.CLUSTER, 2, 102),
                Handshake.Refusal.OTHER_INCARNATION,
                WHY)));
    return node;
  }

  private static String state(HandDriven node) {
    return node.replica().status().fields().stream()
        .filter(field -> field.name().equals("state"))
        .map(field -> field.value())
        .findFirst()
        .orElseThrow();
  }

  @Test
  void statusDoesNotCallItOk() {
    assertThat(state(HandDriven.inCluster().following())).isEqualTo("ok");
    assertThat(state(HandDriven.inCluster().leading())).isEqualTo("ok");
    assertThat(state(refused())).isEqualTo("no_link");
  }

  @Test
  @DisplayName("a change that found no way to the leader was not made, and the answer says why")
  void aRequestIsToldWhy() {
    HandDriven node = refused();
    long client =
        node.submit(
            new Request.Change(
                new StoreCommand.Put(Origin.NONE, Bytes.utf8("k"), Bytes.utf8("v"))));
    for (int i = 0; i < HandDriven.PATIENCE && node.answer(client) == null; i++) {
      node.hear(2, new org.rale.raft.Message.Heartbeat(2, 10, 0, 1));
      node.ticks(1);
    }
    assertThat(node.answer(client))
        .isEqualTo(
            new Response.Failed(
                ErrorCode.TIMEOUT,
                "node 1 has no link to the leader, node 2",
                WHY,
                "ask another node; nothing was changed",
                0));
  }
}
