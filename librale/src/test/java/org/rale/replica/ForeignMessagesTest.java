package org.rale.replica;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.rale.raft.Denial;
import org.rale.raft.Entry;
import org.rale.raft.Message;
import org.rale.raft.Payload;
import org.rale.raft.Role;
import org.rale.request.NodeInfo;
import org.rale.request.Request;
import org.rale.request.Response;
import org.rale.wire.Handshake;
import org.rale.wire.HandshakeCodec;
import org.rale.wire.Identity;

/** What nodes say that are linked to this one and belong elsewhere, or are not who they should. */
final class ForeignMessagesTest {
  private static final long OTHER_CLUSTER = 0xc2;

  private static ReplicaInput append(int from, long term) {
    return HandDriven.heard(
        from,
        new Message.AppendRequest(
            term, 1, 0, 0, 0, List.of(new Entry(1, 1, new Payload.Members(HandDriven.THREE)))));
  }

  @Test
  @DisplayName("S-06 of two clusters that take in one node, the second one is not heard any more")
  void enters_one_cluster_only() {
    HandDriven node = HandDriven.inNoCluster();
    node.link(2, HandDriven.CLUSTER);
    node.link(3, OTHER_CLUSTER);

    // The link to node 3 is about to be closed, but this has come over it already.
    node.turn(append(2, 3), append(3, 7));
    node.sync();

    assertThat(node.replica().identity().clusterId()).isEqualTo(HandDriven.CLUSTER);
    assertThat(node.replica().raftStatus().term()).isEqualTo(3);
    assertThat(node.messages(2, Message.AppendResponse.class)).hasSize(1);
    assertThat(node.messages(3, Message.AppendResponse.class)).isEmpty();
  }

  @Test
  @DisplayName("S-06 the vote of a replaced disk does not stand for the one that was replaced")
  void another_disk_elects_nobody() {
    HandDriven node = HandDriven.inCluster();
    node.link(2);
    while (node.messages(2, Message.PreVoteRequest.class).isEmpty()) {
      node.turn(new ReplicaInput.Tick());
    }
    Identity other = new Identity(HandDriven.CLUSTER, 2, 999);

    node.turn(HandDriven.heard(other, new Message.PreVoteResponse(1, 2, Denial.NONE)));
    assertThat(node.replica().raftStatus().term()).isEqualTo(1);

    node.hear(2, new Message.PreVoteResponse(1, 2, Denial.NONE));
    node.sync();
    node.turn(HandDriven.heard(other, new Message.VoteResponse(2, Denial.NONE, 101)));
    assertThat(node.replica().raftStatus().role()).isEqualTo(Role.CANDIDATE);
  }

  @Test
  @DisplayName("S-06 a follower that was away for a replacement follows the replaced node")
  void another_disk_may_lead() {
    HandDriven node = HandDriven.inCluster();
    Identity other = new Identity(HandDriven.CLUSTER, 2, 999);
    node.turn(new ReplicaInput.LinkUp(other, 1, HandshakeCodec.VERSION));

    node.turn(HandDriven.heard(other, new Message.AppendRequest(2, 1, 10, 1, 10, List.of())));
    node.sync();

    assertThat(node.replica().raftStatus().leaderId()).isEqualTo(2);
    assertThat(node.messages(2, Message.AppendResponse.class))
        .singleElement()
        .matches(Message.AppendResponse::accepted);
  }

  @Test
  void a_link_that_stands_outlives_the_refusal_of_another() {
    HandDriven node = HandDriven.inCluster().following();
    node.link(3);

    // Another node answers at the address that the members have for node 3, which dialled itself.
    Identity stranger = new Identity(HandDriven.CLUSTER, 9, 109);
    node.turn(
        new ReplicaInput.LinkRefused(
            3, new Handshake.Refused(stranger, Handshake.Refusal.WRONG_NODE, "not node 3")));

    node.turn(new ReplicaInput.Submit(1, new Request.ListNodes(), 1000));
    Response.Nodes list = (Response.Nodes) node.answers.get(0).response();
    assertThat(list.nodes()).filteredOn(each -> each.id() == 3).allMatch(NodeInfo::online);
  }
}
