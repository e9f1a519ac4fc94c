package org.rale.raft;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.rale.raft.Node.accepted;
import static org.rale.raft.Node.append;
import static org.rale.raft.Node.empty;
import static org.rale.raft.Node.entry;
import static org.rale.raft.Node.node;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.rale.bytes.Bytes;

/** S-17: whatever a peer sends, it breaks no invariant here. */
class GarbageTest {

  @Test
  @DisplayName("S-17 entries that no leader can have sent are ignored")
  void unsoundEntries() {
    Node node = node(1, 1, 2, 3).log(1, 1).following(2);
    List<Message.AppendRequest> unsound =
        List.of(
            append(1, 1, 2, 1, 0, entry(4, 1)),
            append(1, 1, 2, 1, 0, entry(3, 2)),
            append(3, 1, 2, 1, 0, entry(3, 3), entry(4, 2)),
            append(3, 1, 2, 3, 0, entry(3, 2)),
            append(3, 1, -1, 0, 0, entry(1, 1)),
            append(3, 1, 9, -1, 0, entry(10, 3)));
    for (Message.AppendRequest request : unsound) {
      node.receive(2, request);
      assertThat(node.status().lastIndex()).isEqualTo(2);
    }
    assertThat(node.notes()).filteredOn(note -> note.level() == Event.Level.ERROR).hasSize(6);
  }

  @Test
  @DisplayName("S-19 a leader that contradicts what is committed is not followed into it")
  void contradictionOfWhatIsCommitted() {
    Node node = node(1, 1, 2, 3).term(2).following(2);
    node.receive(2, append(2, 1, 0, 0, 2, entry(1, 1), entry(2, 2)));
    node.sync();
    node.receive(3, append(3, 1, 0, 0, 3, entry(1, 1), entry(2, 1), empty(3, 3)));
    node.receive(3, append(3, 1, 2, 1, 3, empty(3, 3)));
    assertThat(node.status().lastIndex()).isEqualTo(2);
    assertThat(node.status().commitIndex()).isEqualTo(2);
  }

  @Test
  @DisplayName("S-17 an absurd term moves no term: the next one could not be counted any more")
  void absurdTerms() {
    long absurd = Long.MAX_VALUE;
    List<Message> messages =
        List.of(
            new Message.Heartbeat(absurd, 0, 0, 1),
            new Message.HeartbeatResponse(absurd, 0, -1),
            new Message.VoteRequest(absurd, 9, absurd, true, 0),
            new Message.PreVoteResponse(absurd, 3, Denial.NONE),
            append(absurd, 1, 0, 0, 0, entry(1, 1)));
    for (Message message : messages) {
      Node node = node(1, 1, 2, 3).term(2).following(2);
      node.receive(3, message);
      assertThat(node.status().term()).as(message.toString()).isEqualTo(2);
      assertThat(node.status().leaderId()).isEqualTo(2);
    }
  }

  @Test
  @DisplayName("S-17 random messages break no node, whatever it is doing")
  void randomMessages() {
    for (int seed = 0; seed < 300; seed++) {
      Random random = new Random(seed);
      Node node = someNode(random);
      List<Message> sent = new ArrayList<>();
      assertThatCode(
              () -> {
                for (int i = 0; i < 200; i++) {
                  Message message = message(random);
                  sent.add(message);
                  take(node, node.receive(1 + random.nextInt(5), message));
                  if (random.nextInt(5) == 0) {
                    take(node, node.ticks(random.nextInt(8)));
                    take(node, node.sync());
                    take(node, node.propose("x"));
                  }
                }
              })
          .as("seed %s, the last of %s messages: %s", seed, sent.size(), last(sent))
          .doesNotThrowAnyException();
    }
  }

  private static Object last(List<Message> sent) {
    return sent.isEmpty() ? "none" : sent.get(sent.size() - 1);
  }

  /** Snapshots arrive and are installed at once. */
  private static void take(Node node, List<Effect> effects) {
    for (Effect.Piece piece : Node.only(effects, Effect.Piece.class)) {
      List<Effect> next = node.step(new Input.SnapshotArrived(piece.from(), piece.piece().meta()));
      node.sync();
      for (Effect.Install install : Node.only(next, Effect.Install.class)) {
        node.step(new Input.Installed(install.meta()));
      }
    }
  }

  private static Node someNode(Random random) {
    Node.Disk disk = node(1, 1, 2, 3).log(1, 1, 2, 2, 2);
    return switch (random.nextInt(4)) {
      case 0 -> disk.start();
      case 1 -> disk.following(2);
      case 2 -> disk.candidate();
      default -> {
        Node leader = disk.leading();
        leader.receive(2, accepted(3, 1, 6, 6));
        yield leader;
      }
    };
  }

  private static long number(Random random) {
    return switch (random.nextInt(20)) {
      case 0 -> Long.MAX_VALUE;
      case 1 -> Long.MIN_VALUE;
      case 2 -> -1;
      default -> random.nextInt(12);
    };
  }

  private static long term(Random random) {
    return random.nextInt(30) == 0 ? -1 : random.nextInt(8);
  }

  private static Message message(Random random) {
    return switch (random.nextInt(12)) {
      case 0 ->
          new Message.PreVoteRequest(term(random), number(random), number(random), number(random));
      case 1 -> new Message.PreVoteResponse(term(random), number(random), denial(random));
      case 2 ->
          new Message.VoteRequest(
              term(random), number(random), number(random), random.nextBoolean(), 0);
      case 3 -> new Message.VoteResponse(term(random), denial(random), 0);
      case 4 -> new Message.Heartbeat(term(random), number(random), number(random), 1);
      case 5 -> new Message.HeartbeatResponse(term(random), number(random), -1);
      case 6, 7 -> appendRequest(random);
      case 8 ->
          new Message.AppendResponse(
              term(random),
              number(random),
              random.nextBoolean(),
              number(random),
              number(random),
              number(random),
              number(random));
      case 9 -> {
        SnapshotMeta meta =
            new SnapshotMeta(random.nextInt(12), random.nextInt(3), Node.voters(1, 2, 3));
        yield new Message.SnapshotPiece(
            Math.max(4, term(random)), meta, random.nextInt(3), true, 0, Bytes.EMPTY);
      }
      case 10 ->
          new Message.SnapshotResponse(
              term(random), number(random), random.nextInt(), random.nextBoolean());
      default ->
          random.nextBoolean()
              ? new Message.TimeoutNow(term(random))
              : random.nextBoolean()
                  ? new Message.ReadIndexRequest(term(random), number(random))
                  : new Message.ReadIndexResponse(term(random), number(random), number(random));
    };
  }

  private static Denial denial(Random random) {
    return List.of(Denial.NONE, Denial.LOG_BEHIND, Denial.NOT_MEMBER).get(random.nextInt(3));
  }

  private static Message appendRequest(Random random) {
    List<Entry> entries = new ArrayList<>();
    long prev = number(random);
    for (int i = random.nextInt(4); i > 0; i--) {
      long index = random.nextInt(8) == 0 ? 1 + random.nextInt(12) : prev + entries.size() + 1;
      entries.add(entry(Math.max(1, index), 1 + random.nextInt(4)));
    }
    return new Message.AppendRequest(
        term(random), number(random), prev, random.nextInt(4) - 1, number(random), entries);
  }
}
