package org.rale.raft;

import static org.assertj.core.api.Assertions.assertThat;
import static org.rale.raft.Node.accepted;
import static org.rale.raft.Node.node;
import static org.rale.raft.Node.send;

import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** Handing leadership over (dissertation 3.10). */
class TransferTest {

  @Test
  @DisplayName("3.10: an up-to-date target is asked at once")
  void targetIsAsked() {
    Node leader = ReplicationTest.replicating();
    assertThat(leader.step(new Input.Transfer(7, 2)))
        .containsExactly(send(2, new Message.TimeoutNow(1)));
  }

  @Test
  @DisplayName("3.10 steps 1 and 2: proposals stop, and the target first gets everything")
  void targetCatchesUpFirst() {
    Node leader = ReplicationTest.replicating();
    leader.propose("x");
    assertThat(leader.step(new Input.Transfer(7, 2))).isEmpty();
    assertThat(leader.propose("y")).containsExactly(new Effect.Refused(1, Refusal.TRANSFERRING));
    assertThat(leader.receive(2, accepted(1, 3, 2, 2)))
        .contains(send(2, new Message.TimeoutNow(1)));
  }

  @Test
  @DisplayName(
      "3.10 step 3, S-10: the target campaigns at once, and its voters do not mind the leader")
  void targetCampaigns() {
    Node target = node(2, 1, 2, 3).term(1).following(1);
    target.receive(1, new Message.TimeoutNow(1));
    List<Message.VoteRequest> requests = Node.messages(target.sync(), Message.VoteRequest.class);
    assertThat(requests).containsOnly(new Message.VoteRequest(2, 0, 0, true, 0));

    Node voter = node(3, 1, 2, 3).term(1).following(1);
    assertThat(Node.messages(voter.receive(2, requests.get(0)), Message.VoteResponse.class))
        .containsExactly(new Message.VoteResponse(2, Denial.NONE, 0));
  }

  @Test
  @DisplayName("3.10: a transfer that does not happen ends, and proposals go on")
  void transferEnds() {
    Node leader = ReplicationTest.replicating();
    leader.step(new Input.Transfer(7, 2));
    boolean refused = false;
    for (int tick = 0; tick < Node.LEASE; tick++) {
      List<Effect> effects = leader.ticks(1);
      refused |= effects.contains(new Effect.Refused(7, Refusal.BAD_TARGET));
      Node.sends(effects)
          .filter(send -> send.message() instanceof Message.AppendRequest)
          .forEach(
              send ->
                  leader.receive(
                      send.to(),
                      accepted(1, ((Message.AppendRequest) send.message()).sequence(), 1, 1)));
    }
    assertThat(refused).isTrue();
    assertThat(Node.only(leader.propose("x"), Effect.Accepted.class)).hasSize(1);
  }

  @Test
  @DisplayName("a node that is no voter, is unknown or is the leader itself is a bad target")
  void badTargets() {
    Node leader = ReplicationTest.replicating();
    for (int target : new int[] {1, 9}) {
      assertThat(leader.step(new Input.Transfer(7, target)))
          .containsExactly(new Effect.Refused(7, Refusal.BAD_TARGET));
    }
  }

  @Test
  @DisplayName("without a wish the most up-to-date follower is chosen, then the higher priority")
  void bestSuccessor() {
    Node leader = ReplicationTest.replicating();
    leader.step(new Input.PeerPriority(3, 50));
    assertThat(leader.step(new Input.Transfer(7, 0)))
        .containsExactly(send(3, new Message.TimeoutNow(1)));
    Node other = ReplicationTest.replicating();
    other.step(new Input.PeerPriority(3, 50));
    other.propose("x");
    other.receive(2, accepted(1, 3, 2, 2));
    assertThat(other.step(new Input.Transfer(7, 0)))
        .containsExactly(send(2, new Message.TimeoutNow(1)));
  }

  @Test
  @DisplayName("only the leader that is followed can ask a node to take over")
  void onlyTheLeaderAsks() {
    Node node = node(1, 1, 2, 3).term(1).following(2);
    assertThat(node.receive(3, new Message.TimeoutNow(1))).isEmpty();
    assertThat(node.raft().role()).isEqualTo(Role.FOLLOWER);
  }
}
