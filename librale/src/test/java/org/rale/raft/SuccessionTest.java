package org.rale.raft;

import static org.assertj.core.api.Assertions.assertThat;
import static org.rale.raft.Node.STEADY;
import static org.rale.raft.Node.TIMEOUT;
import static org.rale.raft.Node.accepted;
import static org.rale.raft.Node.send;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Leadership goes to the voter of higher priority, once that is steady, and not to and fro. */
class SuccessionTest {
  private static final Message ASKS = new Message.TimeoutNow(1);

  /** Looked at once in a timeout, and for the first time when it was looked at before. */
  private static final int LONG_ENOUGH = STEADY + 3 * TIMEOUT;

  /** Lets so many ticks pass in which the peers answer every append. */
  private static List<Effect> pass(Node leader, int ticks, int... answering) {
    List<Effect> effects = new ArrayList<>();
    for (int tick = 0; tick < ticks; tick++) {
      List<Effect> now = leader.ticks(1);
      effects.addAll(now);
      answer(leader, now, answering);
    }
    return effects;
  }

  private static void answer(Node leader, List<Effect> effects, int... answering) {
    for (Effect.Send send : Node.sends(effects).toList()) {
      for (int peer : answering) {
        if (send.to() == peer && send.message() instanceof Message.AppendRequest request) {
          long index = request.prevIndex() + request.entries().size();
          leader.receive(peer, accepted(request.term(), request.sequence(), index, index));
        }
      }
    }
  }

  private static boolean isAsked(List<Effect> effects, int peer) {
    return effects.contains(send(peer, ASKS));
  }

  /** Its own priority is 10. */
  private static Node leader(int priorityOf2, int priorityOf3) {
    Node leader = ReplicationTest.replicating();
    leader.step(new Input.PeerPriority(2, priorityOf2), new Input.PeerPriority(3, priorityOf3));
    return leader;
  }

  @Test
  void aSteadyNodeOfHigherPriorityIsAsked() {
    Node leader = leader(50, 10);
    assertThat(isAsked(pass(leader, STEADY, 2, 3), 2)).as("not at once").isFalse();
    List<Effect> effects = pass(leader, LONG_ENOUGH - STEADY, 2, 3);
    assertThat(isAsked(effects, 2)).isTrue();
    assertThat(isAsked(effects, 3)).isFalse();
  }

  @Test
  void theHighestIsAsked() {
    assertThat(isAsked(pass(leader(50, 51), LONG_ENOUGH, 2, 3), 3)).isTrue();
  }

  @Test
  void equalsAndLowerOnesAreLeftInPeace() {
    List<Effect> effects = pass(leader(10, 1), 10 * STEADY, 2, 3);
    assertThat(Node.messages(effects, Message.TimeoutNow.class)).isEmpty();
  }

  @Test
  void whoBreaksOffIsWatchedAnew() {
    Node leader = leader(50, 10);
    pass(leader, STEADY, 2, 3);
    leader.step(new Input.Unlinked(2));
    leader.step(new Input.PeerPriority(2, 50));
    assertThat(isAsked(pass(leader, STEADY, 2, 3), 2)).isFalse();
    assertThat(isAsked(pass(leader, LONG_ENOUGH - STEADY, 2, 3), 2)).isTrue();
  }

  @Test
  void whoDoesNotAnswerIsNotSteady() {
    Node leader = leader(50, 10);
    pass(leader, STEADY, 2, 3);
    pass(leader, 2 * TIMEOUT - 2, 3);
    assertThat(isAsked(pass(leader, STEADY, 2, 3), 2)).isFalse();
  }

  @Test
  void whoLagsIsNotAsked() {
    Node leader = leader(50, 10);
    pass(leader, TIMEOUT, 2, 3);
    List<Effect> effects = new ArrayList<>();
    for (int i = 0; i < 2 * LONG_ENOUGH; i++) {
      // Node 2 answers probes of what it has, and takes nothing new.
      List<Effect> now = new ArrayList<>(leader.propose("x"));
      now.addAll(leader.sync());
      answer(leader, now, 3);
      for (Effect.Send sent : Node.sends(leader.ticks(1)).toList()) {
        if (sent.message() instanceof Message.AppendRequest request
            && request.entries().isEmpty()) {
          leader.receive(
              sent.to(), accepted(1, request.sequence(), request.prevIndex(), request.prevIndex()));
        }
        effects.add(sent);
      }
    }
    assertThat(Node.messages(effects, Message.TimeoutNow.class)).isEmpty();
  }

  @Test
  void nothingMovesWhileAMemberIsOnItsWayIn() {
    Membership joining =
        new Membership(
            List.of(
                Node.member(1, true),
                Node.member(2, true),
                Node.member(3, true),
                Node.member(4, false)));
    Node leader = leader(50, 10);
    leader.step(new Input.ChangeMembership(1, joining));
    answer(leader, leader.sync(), 2, 3);
    assertThat(isAsked(pass(leader, 2 * LONG_ENOUGH, 2, 3), 2)).isFalse();
    leader.step(new Input.ChangeMembership(2, Node.voters(1, 2, 3)));
    leader.sync();
    assertThat(isAsked(pass(leader, LONG_ENOUGH, 2, 3), 2)).isTrue();
  }

  @Test
  void whoDoesNotTakeOverIsAskedEverMoreSeldom() {
    Node leader = leader(50, 10);
    assertThat(isAsked(pass(leader, LONG_ENOUGH, 2, 3), 2)).isTrue();
    pass(leader, Node.LEASE, 2, 3);
    assertThat(Node.only(leader.propose("x"), Effect.Accepted.class)).as("it goes on").hasSize(1);
    leader.sync();
    assertThat(isAsked(pass(leader, LONG_ENOUGH, 2, 3), 2)).as("not after the same time").isFalse();
    assertThat(isAsked(pass(leader, LONG_ENOUGH, 2, 3), 2)).as("after twice").isTrue();
  }

  @Test
  void anOperatorsWishStandsUntilTheOtherWasAway() {
    Node leader = Node.node(1, 1, 2, 3).term(1).following(2);
    leader.step(new Input.PeerPriority(2, 50), new Input.PeerPriority(3, 60));
    leader.receive(2, new Message.TimeoutNow(1));
    leader.sync();
    leader.receive(3, new Message.VoteResponse(2, Denial.NONE, 0));
    answer(leader, leader.sync(), 2, 3);
    assertThat(leader.raft().role()).isEqualTo(Role.LEADER);
    List<Effect> effects = pass(leader, 10 * STEADY, 2, 3);
    assertThat(Node.messages(effects, Message.TimeoutNow.class)).isEmpty();
    leader.step(new Input.Unlinked(2));
    leader.step(new Input.PeerPriority(2, 50));
    effects = pass(leader, LONG_ENOUGH, 2, 3);
    assertThat(effects).contains(send(3, new Message.TimeoutNow(2)));
  }

  @Test
  void eachChangeOfLeaderDoublesThePatience() {
    LeaderChanges changes = new LeaderChanges(Node.settings(1));
    long now = 1;
    changes.leads(1, now);
    assertThat(changes.patience(now)).as("the first is no change").isEqualTo(STEADY);
    changes.leads(2, ++now);
    assertThat(changes.patience(now)).isEqualTo(STEADY);
    changes.leads(2, ++now);
    assertThat(changes.patience(now)).as("another term of the same").isEqualTo(STEADY);
    changes.leads(1, ++now);
    assertThat(changes.patience(now)).isEqualTo(2 * STEADY);
    for (int i = 0; i < 20; i++) {
      changes.leads(2 + i % 2, ++now);
    }
    assertThat(changes.patience(now)).as("an end").isEqualTo(32 * STEADY);
    assertThat(changes.patience(now + 61L * STEADY)).as("forgotten").isEqualTo(STEADY);
  }

  /** Node 2 is linked with this leader alone: with two of five votes it is never elected. */
  @Test
  void aHandOverThatEndsWithTheSameLeaderIsAskedEverMoreSeldom() {
    Node leader = Node.node(1, 1, 2, 3, 4, 5).leading();
    leader.step(new Input.PeerPriority(2, 50));
    assertThat(isAsked(pass(leader, LONG_ENOUGH, 2, 3, 4, 5), 2)).isTrue();

    RaftStatus now = leader.status();
    leader.receive(2, new Message.VoteRequest(2, now.lastIndex(), now.lastTerm(), true, 0));
    leader.sync();
    assertThat(leader.raft().role()).isEqualTo(Role.FOLLOWER);
    for (int tick = 0; tick < Node.LEASE && leader.raft().role() == Role.FOLLOWER; tick++) {
      leader.ticks(1);
    }
    leader.receive(3, new Message.PreVoteResponse(2, 3, Denial.NONE));
    leader.receive(4, new Message.PreVoteResponse(2, 3, Denial.NONE));
    leader.sync();
    leader.receive(3, new Message.VoteResponse(3, Denial.NONE, 0));
    leader.receive(4, new Message.VoteResponse(3, Denial.NONE, 0));
    answer(leader, leader.sync(), 2, 3, 4, 5);
    assertThat(leader.raft().role()).isEqualTo(Role.LEADER);

    List<Effect> effects = pass(leader, LONG_ENOUGH, 2, 3, 4, 5);
    assertThat(Node.messages(effects, Message.TimeoutNow.class))
        .as("not after the same time: the cluster was without a leader for nothing")
        .isEmpty();
  }

  /** Its entries are gone from the leader's memory, so it would get a snapshot if it came back. */
  @Test
  void aMemberThatIsDownForLongKeepsNobodyFromTheLead() {
    Node leader = leader(50, 10);
    leader.step(new Input.Unlinked(3));
    for (int i = 0; i < 20; i++) {
      answer(leader, leader.propose("x" + i), 2);
      answer(leader, leader.sync(), 2);
      pass(leader, Node.TIMEOUT, 2);
    }
    List<Effect> effects = pass(leader, 4 * LONG_ENOUGH, 2);
    assertThat(leader.raft().role()).isEqualTo(Role.LEADER);
    assertThat(leader.status().peers().get(1).mode()).isEqualTo("snapshot");
    assertThat(isAsked(effects, 2)).isTrue();
  }
}
