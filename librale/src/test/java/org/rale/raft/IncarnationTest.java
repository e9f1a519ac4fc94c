package org.rale.raft;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** A membership speaks of disks, not only of ids (S-06). */
final class IncarnationTest {
  private static final long OLD_DISK = 5;
  private static final long NEW_DISK = 6;

  /** A node whose log begins with the founding of its cluster, by the node on its old disk. */
  private static Raft node(long incarnation) {
    Member founder = new Member(1, "node1", "10.0.0.1", 7400, 7401, OLD_DISK, true);
    Payload founding = new Payload.Members(new Membership(List.of(founder)));
    Restored restored =
        new Restored(new HardState(1, 0), SnapshotMeta.NONE, List.of(new Entry(1, 1, founding)), 0);
    return new Raft(
        RaftSettings.of(10, 1, 1, 10, 20, 3), incarnation, restored, new SplittableRandom(1));
  }

  private static Role afterSilence(Raft raft) {
    for (int i = 0; i < 100; i++) {
      raft.step(new Input.Tick());
      raft.drain();
    }
    return raft.role();
  }

  @Test
  @DisplayName("S-06 a node with an emptied disk is not the voter that an old membership names")
  void anotherDiskIsNoVoter() {
    assertThat(afterSilence(node(NEW_DISK))).isEqualTo(Role.FOLLOWER);
  }

  @Test
  void theSameDiskIs() {
    assertThat(afterSilence(node(OLD_DISK))).isEqualTo(Role.CANDIDATE);
  }

  private static Member three(long disk) {
    return new Member(3, "node3", "10.0.0.3", 7400, 7401, disk, true);
  }

  /** Node 3 of three on the disk, following node 2 in term 1 with these memberships in its log. */
  private static Raft third(long disk, Membership... memberships) {
    Membership first = Node.voters(1, 2).with(three(OLD_DISK));
    Restored restored =
        new Restored(
            new HardState(1, 0),
            new SnapshotMeta(1, 1, first),
            IntStream.range(0, memberships.length)
                .mapToObj(i -> Node.members(2 + i, 1, memberships[i]))
                .toList(),
            1);
    return new Raft(RaftSettings.of(10, 3, 1, 10, 20, 3), disk, restored, new SplittableRandom(1));
  }

  private static List<Effect> step(Raft raft, Input input) {
    raft.step(input);
    List<Effect> effects = new ArrayList<>(raft.drain());
    for (Effect effect : List.copyOf(effects)) {
      if (effect instanceof Effect.Persist persist) {
        effects.addAll(persist.then());
        raft.step(new Input.Persisted(persist.batch()));
        effects.addAll(raft.drain());
      }
    }
    return effects;
  }

  @Test
  @DisplayName("S-06 a vote for one disk elects no other one under the same id")
  void aVoteIsForOneDisk() {
    Raft raft = third(OLD_DISK);
    while (raft.role() != Role.PRE_CANDIDATE) {
      step(raft, new Input.Tick());
    }
    step(raft, new Input.Received(2, new Message.PreVoteResponse(1, 2, Denial.NONE)));
    assertThat(raft.role()).isEqualTo(Role.CANDIDATE);

    step(raft, new Input.Received(2, new Message.VoteResponse(2, Denial.NONE, NEW_DISK)));
    assertThat(raft.role()).isEqualTo(Role.CANDIDATE);
    step(raft, new Input.Received(2, new Message.VoteResponse(2, Denial.NONE, OLD_DISK)));
    assertThat(raft.role()).isEqualTo(Role.LEADER);
  }

  @Test
  void anAnswerNamesTheDiskThatAsked() {
    Node node = Node.node(1, 1, 2, 3).start();
    node.receive(3, new Message.VoteRequest(1, 0, 0, false, NEW_DISK));
    assertThat(Node.sends(node.sync()).map(Effect.Send::message))
        .contains(new Message.VoteResponse(1, Denial.NONE, NEW_DISK));
    assertThat(Node.sends(node.receive(3, new Message.VoteRequest(0, 0, 0, false, OLD_DISK))))
        .extracting(Effect.Send::message)
        .containsExactly(new Message.VoteResponse(1, Denial.OLD_TERM, OLD_DISK));
  }

  @Test
  @DisplayName("S-06 who has seen its place given to another disk asks for nothing")
  void theReplacedDiskIsQuiet() {
    Membership removed = Node.voters(1, 2);
    assertThat(afterSilence(third(OLD_DISK, removed)))
        .as("its removal may not be committed")
        .isEqualTo(Role.PRE_CANDIDATE);
    Member learner = new Member(3, "node3", "10.0.0.3", 7400, 7401, NEW_DISK, false);
    assertThat(afterSilence(third(OLD_DISK, removed, removed.with(learner))))
        .isEqualTo(Role.FOLLOWER);
    assertThat(
            afterSilence(
                third(OLD_DISK, removed, removed.with(learner), removed.with(three(NEW_DISK)))))
        .isEqualTo(Role.FOLLOWER);
  }
}
