package org.rale.raft;

import static org.assertj.core.api.Assertions.assertThat;
import static org.rale.raft.Node.accepted;
import static org.rale.raft.Node.append;
import static org.rale.raft.Node.empty;
import static org.rale.raft.Node.member;
import static org.rale.raft.Node.members;
import static org.rale.raft.Node.node;
import static org.rale.raft.Node.voters;

import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** Who belongs to the cluster, and from when on (dissertation chapter 4). */
class MembershipTest {

  @Test
  @DisplayName("S-09, 4.1: a membership counts from the moment it is appended")
  void countsWhenAppended() {
    Node leader = ReplicationTest.replicating();
    List<Effect> effects = change(leader, voters(1, 2));
    assertThat(effects)
        .contains(new Effect.MembershipChanged(voters(1, 2)), new Effect.Accepted(5, 2, 1));
    assertThat(leader.raft().membership()).isEqualTo(voters(1, 2));
    assertThat(leader.status().committedMembership()).isEqualTo(voters(1, 2, 3));
  }

  @Test
  @DisplayName("S-09 a truncated membership goes back to the one before it")
  void goesBackWhenCut() {
    Node follower = node(1, 1, 2, 3).term(1).following(2);
    follower.receive(2, append(1, 1, 0, 0, 0, members(1, 1, voters(1, 2))));
    assertThat(follower.raft().membership()).isEqualTo(voters(1, 2));
    List<Effect> effects = follower.receive(3, append(2, 1, 0, 0, 0, empty(1, 2)));
    assertThat(effects).contains(new Effect.MembershipChanged(voters(1, 2, 3)));
    assertThat(follower.raft().membership()).isEqualTo(voters(1, 2, 3));
  }

  @Test
  @DisplayName("S-08 the 2015 erratum: no change before an entry of the leader's term is committed")
  void noChangeBeforeTheOpeningEntry() {
    Node leader = node(1, 1, 2, 3).leading();
    assertThat(change(leader, voters(1, 2)))
        .containsExactly(new Effect.Refused(5, Refusal.NOT_READY));
  }

  @Test
  @DisplayName("S-09 one change at a time")
  void oneChangeAtATime() {
    Node leader = ReplicationTest.replicating();
    change(leader, voters(1, 2));
    assertThat(change(leader, voters(1, 2, 4)))
        .containsExactly(new Effect.Refused(5, Refusal.CHANGE_PENDING));
  }

  @Test
  @DisplayName("4.1: a change moves one voter, so that majorities meet")
  void oneVoterAtATime() {
    Node leader = ReplicationTest.replicating();
    assertThat(change(leader, voters(1, 2, 3, 4, 5)))
        .containsExactly(new Effect.Refused(5, Refusal.NOT_ONE_STEP));
    assertThat(change(leader, voters(1, 2, 4)))
        .containsExactly(new Effect.Refused(5, Refusal.NOT_ONE_STEP));
    assertThat(change(leader, Membership.NONE))
        .containsExactly(new Effect.Refused(5, Refusal.NOT_ONE_STEP));
  }

  @Test
  @DisplayName("S-06 a voter with another incarnation is another voter")
  void anotherDiskIsAnotherVoter() {
    Node leader = ReplicationTest.replicating();
    Member fresh = new Member(3, "node3", "10.0.0.3", 7400, 7401, 999, true);
    assertThat(change(leader, voters(1, 2).with(fresh)))
        .containsExactly(new Effect.Refused(5, Refusal.NOT_ONE_STEP));
  }

  @Test
  @DisplayName("4.2.1: a learner gets the log and counts for nothing")
  void learnerCountsForNothing() {
    Node leader = ReplicationTest.replicating();
    List<Effect> effects = change(leader, voters(1, 2, 3).with(member(4, false)));
    assertThat(Node.sends(effects).map(Effect.Send::to)).contains(4);
    leader.sync();
    leader.receive(4, accepted(1, 99, 2, 2));
    assertThat(leader.status().commitIndex()).isEqualTo(1);
    leader.receive(2, accepted(1, 99, 2, 2));
    assertThat(leader.status().commitIndex()).isEqualTo(2);
  }

  @Test
  @DisplayName("4.2.2: a leader outside the membership does not count itself")
  void removedLeaderDoesNotCountItself() {
    Node leader = ReplicationTest.replicating();
    change(leader, voters(2, 3));
    leader.sync();
    leader.receive(2, accepted(1, 99, 2, 2));
    assertThat(leader.status().commitIndex()).isEqualTo(1);
    assertThat(leader.raft().role()).isEqualTo(Role.LEADER);
    leader.receive(3, accepted(1, 99, 2, 2));
    assertThat(leader.status().commitIndex()).isEqualTo(2);
  }

  @Test
  @DisplayName("4.2.2: it steps down when its removal is committed")
  void removedLeaderStepsDown() {
    Node leader = ReplicationTest.replicating();
    change(leader, voters(2, 3));
    leader.receive(2, accepted(1, 99, 2, 2));
    leader.receive(3, accepted(1, 99, 2, 2));
    assertThat(leader.raft().role()).isEqualTo(Role.FOLLOWER);
    assertThat(leader.status().removed()).isTrue();
    assertThat(leader.ticks(Node.TIMEOUT_MAX)).isEmpty();
  }

  @Test
  @DisplayName("a leader that is made a learner steps down when that is committed")
  void demotedLeaderStepsDown() {
    Node leader = ReplicationTest.replicating();
    change(leader, voters(2, 3).with(member(1, false)));
    leader.receive(2, accepted(1, 99, 2, 2));
    leader.receive(3, accepted(1, 99, 2, 2));
    assertThat(leader.raft().role()).isEqualTo(Role.FOLLOWER);
  }

  /**
   * Found by random clusters: of two voters the leader takes its own vote away, crashes, and is the
   * only one whose log can win. If it asked for nothing, nobody could lead any more.
   */
  @Test
  @DisplayName("4.2.2: outside its own latest membership a server still starts elections")
  void formerVoterStillAsks() {
    Node node = node(1, 1, 2).term(1).following(2);
    node.receive(2, append(1, 1, 0, 0, 0, members(1, 1, voters(2))));
    node.sync();
    node.ticks(Node.TIMEOUT);
    assertThat(node.raft().role()).isEqualTo(Role.PRE_CANDIDATE);
    node.receive(2, new Message.PreVoteResponse(1, 2, Denial.NONE));
    node.sync();
    node.receive(2, new Message.VoteResponse(2, Denial.NONE, 0));
    assertThat(node.raft().role()).isEqualTo(Role.LEADER);
  }

  @Test
  @DisplayName("4.2.2: once it knows that its removal is committed it asks for nothing")
  void removedNodeIsQuiet() {
    Node node = node(1, 1, 2).term(1).following(2);
    node.receive(2, append(1, 1, 0, 0, 1, members(1, 1, voters(2))));
    node.sync();
    assertThat(node.ticks(3 * Node.TIMEOUT_MAX)).isEmpty();
    assertThat(node.raft().isRemoved()).isTrue();
  }

  @Test
  @DisplayName("a removed member gets the entries until it knows, so that it ends by knowledge")
  void departingMemberIsTold() {
    Node leader = ReplicationTest.replicating();
    List<Effect> effects = change(leader, voters(1, 2));
    assertThat(Node.sends(effects).map(Effect.Send::to)).contains(3);
    assertThat(leader.raft().departing()).containsExactly(3);
    leader.sync();
    leader.receive(2, accepted(1, 3, 2, 2));
    leader.receive(3, accepted(1, 4, 2, 2));
    List<Effect> last = leader.ticks(1);
    assertThat(last).contains(Node.send(3, new Message.Heartbeat(1, 2, 0, 2)));
    assertThat(leader.raft().departing()).isEmpty();
  }

  @Test
  @DisplayName("a removed member that does not answer is let go after a while")
  void silentDepartingMemberIsLetGo() {
    Node leader = node(1, 1, 2).leading();
    leader.receive(2, accepted(1, 1, 1, 1));
    change(leader, voters(1));
    leader.sync();
    leader.ticks(2 * Node.LEASE);
    assertThat(leader.raft().departing()).isEmpty();
    assertThat(Node.sends(leader.ticks(Node.HEARTBEAT))).isEmpty();
  }

  @Test
  @DisplayName("a node in no cluster votes for nobody")
  void strangerVotesForNobody() {
    Node node = node(1).start();
    assertThat(node.receive(2, new Message.VoteRequest(5, 9, 5, false, 0))).isEmpty();
    assertThat(node.receive(2, new Message.PreVoteRequest(5, 6, 9, 5))).isEmpty();
    assertThat(node.raft().term()).isZero();
    assertThat(node.ticks(3 * Node.TIMEOUT_MAX)).isEmpty();
  }

  @Test
  @DisplayName(
      "a node learns from its voters that it was removed, and from a leader that it was not")
  void removedNodeLearnsIt() {
    Node node = node(1, 1, 2, 3).term(1).start();
    node.ticks(Node.TIMEOUT);
    node.receive(2, new Message.PreVoteResponse(1, 2, Denial.NOT_MEMBER));
    assertThat(node.raft().isRemoved()).isFalse();
    node.receive(3, new Message.PreVoteResponse(1, 2, Denial.NOT_MEMBER));
    assertThat(node.raft().isRemoved()).isTrue();
    node.receive(2, new Message.Heartbeat(1, 0, 0, 1));
    assertThat(node.raft().isRemoved()).isFalse();
  }

  private static List<Effect> change(Node leader, Membership next) {
    return leader.step(new Input.ChangeMembership(5, next));
  }

  @Test
  @DisplayName("the removed one of two learns it from the other one")
  void removedOneOfTwoIsTold() {
    Node node = node(1, 1, 2).term(1).start();
    node.ticks(Node.TIMEOUT);
    node.receive(2, new Message.PreVoteResponse(1, 2, Denial.NOT_MEMBER));
    assertThat(node.raft().isRemoved()).isTrue();
  }

  @Test
  @DisplayName("a learner that was removed while it was away is told")
  void removedLearnerIsTold() {
    Membership membership = Node.voters(2, 3).with(Node.member(1, false));
    Node node = node(1).membership(membership).term(1).start();
    node.ticks(Node.TIMEOUT);
    node.receive(2, new Message.PreVoteResponse(1, 2, Denial.NOT_MEMBER));
    assertThat(node.raft().isRemoved()).isFalse();
    node.receive(3, new Message.PreVoteResponse(1, 2, Denial.NOT_MEMBER));
    assertThat(node.raft().isRemoved()).isTrue();
  }
}
