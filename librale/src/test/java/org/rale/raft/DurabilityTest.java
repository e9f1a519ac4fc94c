package org.rale.raft;

import static org.assertj.core.api.Assertions.assertThat;
import static org.rale.raft.Node.accepted;
import static org.rale.raft.Node.append;
import static org.rale.raft.Node.empty;
import static org.rale.raft.Node.entry;
import static org.rale.raft.Node.node;
import static org.rale.raft.Node.send;

import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** What waits for the disk, and what a finished write may claim ({@link Collector}). */
class DurabilityTest {

  @Test
  @DisplayName(
      "S-01 figure 2, persistent state: term and vote are on disk before the vote goes out")
  void voteWaitsForTheDisk() {
    Node node = node(1, 1, 2, 3).start();
    assertThat(node.receive(2, new Message.VoteRequest(1, 0, 0, false, 0)))
        .containsExactly(
            new Effect.Persist(
                1,
                new HardState(1, 2),
                List.of(),
                0,
                List.of(new Effect.Send(2, new Message.VoteResponse(1, Denial.NONE, 0)))));
  }

  @Test
  @DisplayName("S-01 a vote said again while the first is on its way to the disk waits for it too")
  void repeatedVoteWaitsToo() {
    Node node = node(1, 1, 2, 3).start();
    Message.VoteRequest request = new Message.VoteRequest(1, 0, 0, false, 0);
    node.receive(2, request);
    Effect.Send vote = send(2, new Message.VoteResponse(1, Denial.NONE, 0));
    assertThat(node.receive(2, request)).isEmpty();
    assertThat(node.sync()).containsExactly(vote, vote);
    assertThat(node.receive(2, request)).containsExactly(vote);
  }

  @Test
  @DisplayName("S-02 entries are acknowledged only behind their own write")
  void acknowledgementWaitsForTheDisk() {
    Node node = node(1, 1, 2, 3).term(1).following(2);
    Entry entry = entry(1, 1);
    assertThat(node.receive(2, append(1, 7, 0, 0, 0, entry)))
        .containsExactly(
            new Effect.Persist(
                1, null, List.of(entry), 0, List.of(new Effect.Send(2, accepted(1, 7, 1, 1)))));
  }

  @Test
  @DisplayName("S-02 an entry that is cut before it gets to the disk is not acknowledged")
  void whatIsCutAtOnceIsNotAcknowledged() {
    Node node = node(1, 1, 2, 3).term(1).following(2);
    List<Effect> effects =
        node.step(
            new Input.Received(2, append(1, 7, 0, 0, 0, entry(1, 1))),
            new Input.Received(3, append(2, 8, 0, 0, 0, entry(1, 2))));
    assertThat(effects)
        .contains(
            new Effect.Persist(
                1,
                new HardState(2, 0),
                List.of(entry(1, 2)),
                0,
                List.of(new Effect.Send(3, accepted(2, 8, 1, 1)))));
  }

  @Test
  @DisplayName("S-02 all that was decided between two drains goes to the disk as one batch")
  void oneBatchForAll() {
    Node node = node(1, 1, 2, 3).term(1).following(2);
    List<Effect> effects =
        node.step(
            new Input.Received(2, append(1, 1, 0, 0, 0, entry(1, 1))),
            new Input.Received(2, append(1, 2, 1, 1, 0, entry(2, 1))));
    assertThat(effects)
        .containsExactly(
            new Effect.Persist(
                1,
                null,
                List.of(entry(1, 1), entry(2, 1)),
                0,
                List.of(
                    new Effect.Send(2, accepted(1, 1, 1, 1)),
                    new Effect.Send(2, accepted(1, 2, 2, 2)))));
  }

  @Test
  @DisplayName("S-07 a write that ends after a cut claims nothing, even if the entries came back")
  void lateWriteAfterACutClaimsNothing() {
    Node node = node(1, 1, 2, 3).term(1).following(2);
    Effect.Persist first = persist(node.receive(2, append(1, 1, 0, 0, 0, entry(1, 1))));
    // The leader of term 2 never saw entry 1; the one of term 3 has it.
    Effect.Persist cut = persist(node.receive(3, append(2, 1, 0, 0, 0, empty(1, 2))));
    Effect.Persist back = persist(node.receive(2, append(3, 1, 0, 0, 0, entry(1, 1), empty(2, 3))));

    node.step(new Input.Persisted(first.batch()));
    assertThat(node.status().durableIndex()).isZero();
    node.step(new Input.Persisted(cut.batch()));
    assertThat(node.status().durableIndex()).isZero();
    node.step(new Input.Persisted(back.batch()));
    assertThat(node.status().durableIndex()).isEqualTo(2);
  }

  @Test
  @DisplayName("S-02 committed entries are applied only when they are durable here")
  void appliesWhatIsDurable() {
    Node node = node(1, 1, 2, 3).term(1).following(2);
    Entry entry = entry(1, 1);
    assertThat(Node.only(node.receive(2, append(1, 1, 0, 0, 1, entry)), Effect.Apply.class))
        .isEmpty();
    assertThat(node.status().commitIndex()).isEqualTo(1);
    assertThat(Node.only(node.sync(), Effect.Apply.class))
        .containsExactly(new Effect.Apply(List.of(entry)));
  }

  @Test
  @DisplayName("S-11 a leader whose disk hangs leads no longer than the lease")
  void hangingDiskEndsLeadership() {
    Node node = node(1, 1).leading();
    node.propose("x");
    node.ticks(Node.LEASE);
    assertThat(node.raft().role()).isEqualTo(Role.LEADER);
    node.ticks(1);
    assertThat(node.raft().role()).isEqualTo(Role.FOLLOWER);
  }

  @Test
  @DisplayName("a candidate waits for its vote to be durable, however slow the disk is")
  void candidateWaitsForItsDisk() {
    Node node = node(1, 1, 2, 3).start();
    node.ticks(Node.TIMEOUT);
    node.receive(2, new Message.PreVoteResponse(0, 1, Denial.NONE));
    node.ticks(5 * Node.TIMEOUT_MAX);
    assertThat(node.raft().term()).isEqualTo(1);
    assertThat(node.raft().role()).isEqualTo(Role.CANDIDATE);

    assertThat(Node.messages(node.sync(), Message.VoteRequest.class)).isNotEmpty();
    node.ticks(Node.TIMEOUT - 1);
    assertThat(node.raft().role()).isEqualTo(Role.CANDIDATE);
    node.ticks(1);
    assertThat(node.raft().role()).isEqualTo(Role.PRE_CANDIDATE);
  }

  private static Effect.Persist persist(List<Effect> effects) {
    return Node.only(effects, Effect.Persist.class).get(0);
  }
}
