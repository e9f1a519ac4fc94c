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
import org.rale.request.ErrorCode;
import org.rale.request.Request;
import org.rale.request.Response;
import org.rale.wire.Identity;
import org.rale.wire.PeerMessage;
import org.rale.wire.PeerMessage.Forward;
import org.rale.wire.PeerMessage.ForwardLost;
import org.rale.wire.PeerMessage.ForwardReply;

/** A REMOVE whose first attempt was lost sight of, while the node may have been added again. */
final class RetriedRemovalTest {
  /** Of node 3's cluster.db, as the membership has it. */
  private static final long KNOWN = 103;

  private static final long OLDER = 3;

  private static ReplicaInput from(int node, PeerMessage message) {
    return new ReplicaInput.FromPeer(new Identity(HandDriven.CLUSTER, node, 100 + node), message);
  }

  private static int members(HandDriven node) {
    return node.replica().raftStatus().membership().size();
  }

  @Test
  @DisplayName("S-15 a REMOVE that is tried again names the cluster.db that was meant at first")
  void names_what_was_meant() {
    HandDriven node = HandDriven.inCluster().following();
    long client = node.submit(new Request.Remove(3));
    Forward first = node.forwards(2).get(0);
    assertThat(first.request()).isEqualTo(new Request.Remove(3));

    node.turn(from(2, new ForwardLost(first.id())));
    node.ticks(2);

    Forward again = node.forwards(2).get(1);
    assertThat(again.request()).isEqualTo(new Request.Remove(3, KNOWN));
    node.turn(from(2, new ForwardReply(again.id(), new Response.Removed(3))));
    assertThat(node.answer(client)).isEqualTo(new Response.Removed(3));
  }

  @Test
  @DisplayName("S-15 a leader does not remove another cluster.db than was meant, and says so")
  void another_stays() {
    HandDriven leader = HandDriven.inCluster().leading();
    leader.hear(3, leader.refused());

    leader.turn(from(2, new Forward(5, 0, 0, 1_000, new Request.Remove(3, OLDER))));

    HandDriven.Sent last = leader.sent.get(leader.sent.size() - 1);
    assertThat(((ForwardReply) last.message()).response())
        .isInstanceOfSatisfying(
            Response.Failed.class,
            failed -> {
              assertThat(failed.code()).isEqualTo(ErrorCode.MEMBERSHIP_REFUSED);
              assertThat(failed.message()).contains("node 3 has been removed and added again");
            });
    assertThat(members(leader)).isEqualTo(3);
  }

  @Test
  void the_one_that_was_meant_is_removed() {
    HandDriven leader = HandDriven.inCluster().leading();
    leader.hear(3, leader.refused());

    leader.turn(from(2, new Forward(5, 0, 0, 1_000, new Request.Remove(3, KNOWN))));

    assertThat(members(leader)).isEqualTo(2);
  }

  @Test
  @DisplayName("S-15 that it is gone is said when its removal is committed, not before")
  void gone_for_certain() {
    HandDriven node = HandDriven.inCluster().following();
    Entry removal = new Entry(11, 2, new Payload.Members(HandDriven.THREE.without(3)));
    node.hear(2, new Message.AppendRequest(2, 1, 10, 1, 10, List.of(removal)));
    node.sync();
    while (node.messages(2, Message.PreVoteRequest.class).isEmpty()) {
      node.ticks(1);
    }
    node.hear(2, new Message.PreVoteResponse(2, 3, Denial.NONE));
    node.sync();
    node.hear(2, new Message.VoteResponse(3, Denial.NONE, 101));
    node.sync();
    assertThat(node.replica().raftStatus().role()).isEqualTo(Role.LEADER);
    HandDriven.Sent removed = new HandDriven.Sent(2, new ForwardReply(6, new Response.Removed(3)));

    node.turn(from(2, new Forward(6, 0, 0, 1_000, new Request.Remove(3, KNOWN))));
    node.ticks(1);
    assertThat(node.sent).doesNotContain(removed);

    node.hear(2, new Message.AppendResponse(3, node.sequence(2), true, 12, 0, 0, 12));
    assertThat(node.sent).contains(removed);
  }

  /** It lags, and does not know the member yet that was just added. */
  @Test
  @DisplayName("S-15 a REMOVE of whom the asked node did not know is not tried again in doubt")
  void not_tried_again_without_a_name() {
    HandDriven node = HandDriven.inCluster().following();
    long client = node.submit(new Request.Remove(4));
    node.turn(from(2, new ForwardLost(node.forwards(2).get(0).id())));
    node.ticks(2);

    assertThat(node.forwards(2)).hasSize(1);
    assertThat(node.answer(client))
        .isInstanceOfSatisfying(
            Response.Failed.class,
            failed -> assertThat(failed.code()).isEqualTo(ErrorCode.UNKNOWN_OUTCOME));
  }
}
