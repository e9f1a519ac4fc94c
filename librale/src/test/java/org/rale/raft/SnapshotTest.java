package org.rale.raft;

import static org.assertj.core.api.Assertions.assertThat;
import static org.rale.raft.Node.accepted;
import static org.rale.raft.Node.append;
import static org.rale.raft.Node.entry;
import static org.rale.raft.Node.node;
import static org.rale.raft.Node.refused;
import static org.rale.raft.Node.send;
import static org.rale.raft.Node.voters;

import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.rale.bytes.Bytes;

/** Snapshots in the place of entries (section 7). */
class SnapshotTest {
  private static final SnapshotMeta AT_5 = new SnapshotMeta(5, 2, voters(1, 2, 3));

  @Test
  @DisplayName("section 7: a snapshot takes the place of a log that lacks its last entry")
  void snapshotReplacesTheLog() {
    Node node = node(1, 1, 2, 3).log(1, 1).term(2).following(2);
    assertThat(node.step(new Input.SnapshotArrived(2, AT_5)))
        .containsExactly(new Effect.Install(AT_5, new HardState(2, 0)));
    assertThat(node.step(new Input.Installed(AT_5)))
        .containsExactly(
            send(2, new Message.SnapshotResponse(2, 5, 0, true)),
            new Effect.MembershipChanged(voters(1, 2, 3)));
    assertThat(node.status().appliedIndex()).isEqualTo(5);
    assertThat(node.receive(2, append(2, 9, 5, 2, 5, entry(6, 2))))
        .contains(
            new Effect.Persist(
                1,
                null,
                List.of(entry(6, 2)),
                5,
                List.of(new Effect.Send(2, accepted(2, 9, 6, 6)))));
  }

  @Test
  @DisplayName("section 7: a log that has the snapshot's last entry keeps what follows it")
  void matchingLogIsKept() {
    Node node = node(1, 1, 2, 3).log(1, 1, 1, 1, 2, 2).following(2);
    assertThat(node.step(new Input.SnapshotArrived(2, AT_5)))
        .contains(send(2, new Message.SnapshotResponse(2, 5, 0, true)));
    assertThat(node.status().lastIndex()).isEqualTo(6);
    assertThat(node.status().commitIndex()).isEqualTo(5);
  }

  @Test
  @DisplayName("an older snapshot than what is committed changes nothing")
  void olderSnapshot() {
    Node node = node(1, 1, 2, 3).snapshot(9, 2).following(2);
    assertThat(node.step(new Input.SnapshotArrived(2, AT_5)))
        .containsExactly(send(2, new Message.SnapshotResponse(2, 5, 0, true)));
    assertThat(node.status().appliedIndex()).isEqualTo(9);
  }

  @Test
  @DisplayName("S-09 a snapshot over an uncommitted membership entry brings its own")
  void snapshotReplacesTheMembership() {
    Node node = node(1, 1, 2, 3).term(2).following(2);
    node.receive(2, append(2, 1, 0, 0, 0, Node.members(1, 1, voters(1, 2))));
    node.step(new Input.SnapshotArrived(2, AT_5));
    node.step(new Input.Installed(AT_5));
    assertThat(node.raft().membership()).isEqualTo(voters(1, 2, 3));
  }

  @Test
  @DisplayName(
      "S-01 a vote said again while a snapshot goes to the disk waits for the vote's write")
  void voteBesideAnInstall() {
    Node node = node(1, 1, 2, 3).term(1).start();
    List<Effect> effects =
        node.step(
            new Input.Received(3, new Message.VoteRequest(2, 0, 0, false, 0)),
            new Input.SnapshotArrived(2, AT_5));
    assertThat(effects)
        .containsExactly(
            new Effect.Persist(
                1,
                new HardState(2, 3),
                List.of(),
                0,
                List.of(new Effect.Send(3, new Message.VoteResponse(2, Denial.NONE, 0)))),
            new Effect.Install(AT_5, new HardState(2, 3)));
  }

  @Test
  @DisplayName("while a snapshot goes to the disk, appends and pieces are not answered")
  void installingNodeTakesNothing() {
    Node node = node(1, 1, 2, 3).term(2).following(2);
    node.step(new Input.SnapshotArrived(2, AT_5));
    assertThat(node.receive(2, append(2, 1, 0, 0, 0, entry(1, 1)))).isEmpty();
    assertThat(node.receive(2, new Message.SnapshotPiece(2, AT_5, 0, true, 0, Bytes.EMPTY)))
        .isEmpty();
    assertThat(node.ticks(5 * Node.TIMEOUT_MAX)).isEmpty();
  }

  @Test
  @DisplayName(
      "section 7: a leader sends a snapshot where the entries are gone, and goes on behind it")
  void leaderSendsASnapshot() {
    Node leader = node(1, 1, 2, 3).snapshot(5, 2).leading();
    assertThat(leader.receive(2, refused(3, 1, 5, 1, 1, 1)))
        .containsExactly(new Effect.SendSnapshot(2));
    assertThat(leader.receive(2, new Message.SnapshotResponse(3, 5, 1, false)))
        .containsExactly(new Effect.PieceAnswer(2, new Message.SnapshotResponse(3, 5, 1, false)));
    List<Effect> effects = leader.receive(2, new Message.SnapshotResponse(3, 5, 0, true));
    assertThat(effects).startsWith(new Effect.StopSnapshot(2));
    assertThat(Node.messages(effects, Message.AppendRequest.class))
        .extracting(Message.AppendRequest::prevIndex)
        .containsExactly(5L);
  }

  @Test
  @DisplayName("a snapshot whose pieces get no answer is begun again")
  void lostPieces() {
    Node leader = node(1, 1, 2, 3).snapshot(5, 2).leading();
    leader.receive(3, accepted(3, 2, 6, 6));
    leader.receive(2, refused(3, 1, 5, 1, 1, 1));
    boolean again = false;
    for (int tick = 0; tick < 17 * Node.LEASE; tick++) {
      List<Effect> effects = leader.ticks(1);
      again |= effects.contains(new Effect.SendSnapshot(2));
      for (Effect.Send send : Node.sends(effects).toList()) {
        if (send.to() == 3 && send.message() instanceof Message.AppendRequest request) {
          leader.receive(3, accepted(3, request.sequence(), request.prevIndex(), 6));
        }
      }
    }
    assertThat(again).isTrue();
  }

  @Test
  @DisplayName("a snapshot goes on where it was when the link to the peer is cut and comes back")
  void aCutStopsNoSnapshot() {
    Node leader = node(1, 1, 2, 3).snapshot(5, 2).leading();
    leader.receive(2, refused(3, 1, 5, 1, 1, 1));
    assertThat(leader.step(new Input.LinkBroken(2), new Input.Unlinked(2)))
        .doesNotContain(new Effect.StopSnapshot(2));
    assertThat(leader.receive(2, new Message.SnapshotResponse(3, 5, 1, false)))
        .containsExactly(new Effect.PieceAnswer(2, new Message.SnapshotResponse(3, 5, 1, false)));
  }
}
