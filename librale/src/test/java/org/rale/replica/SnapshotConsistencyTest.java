package org.rale.replica;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.rale.bytes.Bytes;
import org.rale.bytes.MalformedException;
import org.rale.dstore.DStore;
import org.rale.dstore.Origin;
import org.rale.raft.Entry;
import org.rale.raft.Message;
import org.rale.raft.Payload;
import org.rale.raft.SnapshotMeta;

/** A snapshot says of itself what it holds. */
final class SnapshotConsistencyTest {
  @Test
  @DisplayName("S-14 a snapshot begun in the turn of a commit holds the table of its index")
  void table_and_index_belong_together() throws MalformedException {
    HandDriven node = HandDriven.inCluster().leading();
    node.put("k", "v", Origin.NONE);
    node.sync();

    // Node 3 needs what is gone, and node 2's answer commits: both in one turn.
    node.turn(HandDriven.heard(3, node.refused()), HandDriven.heard(2, node.accepted(12)));

    List<Message.SnapshotPiece> pieces = node.messages(3, Message.SnapshotPiece.class);
    assertThat(pieces).isNotEmpty();
    DStore.Loader loader = DStore.loader();
    for (Message.SnapshotPiece piece : pieces) {
      loader.add(piece.data());
    }
    assertThat(loader.finish().appliedIndex()).isEqualTo(pieces.get(0).meta().index());
  }

  /** All of a table without keys, as the leader of the term sends it. */
  private static List<Message.SnapshotPiece> snapshot(long index, long term) {
    DStore table = new DStore();
    table.skip(index);
    SnapshotMeta meta = new SnapshotMeta(index, term, HandDriven.THREE);
    SnapshotSender sender = new SnapshotSender(meta, table.freeze(), 1_000, 0);
    List<Message.SnapshotPiece> pieces = new ArrayList<>();
    for (var piece = sender.next(term); piece != null; piece = sender.next(term)) {
      pieces.add(piece);
    }
    assertThat(pieces.get(pieces.size() - 1).last()).isTrue();
    return pieces;
  }

  @Test
  @DisplayName("S-14 the first piece of another snapshot leaves the one that is installed alone")
  void aSnapshotThatIsBeingInstalledIsKept() {
    HandDriven node = HandDriven.inCluster().following();
    node.link(3);
    List<ReplicaInput> turn = new ArrayList<>();
    snapshot(20, 2).forEach(piece -> turn.add(HandDriven.heard(2, piece)));
    turn.add(HandDriven.heard(3, snapshot(30, 3).get(0)));

    node.turn(turn.toArray(ReplicaInput[]::new));
    node.sync();

    assertThat(node.replica().raftStatus().appliedIndex()).isEqualTo(20);
    assertThat(node.replica().raftStatus().leaderId()).isEqualTo(3);
  }

  @Test
  @DisplayName("S-11 a node whose disk hangs does not answer for pieces of a snapshot")
  void piecesAreAnsweredWhenTheDiskOwesNothing() {
    HandDriven node = HandDriven.inCluster().following();
    SnapshotMeta meta = new SnapshotMeta(20, 2, HandDriven.THREE);
    Message.SnapshotPiece second = new Message.SnapshotPiece(2, meta, 1, false, 0, Bytes.EMPTY);
    Message.SnapshotResponse wantsFirst = new Message.SnapshotResponse(2, 20, 0, false);
    node.hear(2, second);
    assertThat(node.messages(2, Message.SnapshotResponse.class)).containsExactly(wantsFirst);

    node.hear(
        2,
        new Message.AppendRequest(2, 1, 10, 1, 10, List.of(new Entry(11, 2, new Payload.Empty()))));
    node.hear(2, second);
    assertThat(node.messages(2, Message.SnapshotResponse.class)).hasSize(1);
    node.sync();
    assertThat(node.messages(2, Message.SnapshotResponse.class))
        .containsExactly(wantsFirst, wantsFirst);
  }

  @Test
  @DisplayName("S-14 a byte that flips between two nodes never becomes state: it is sent anew")
  void aDamagedPieceBeginsAnew() {
    HandDriven node = HandDriven.inCluster().following();
    List<Message.SnapshotPiece> pieces = snapshot(20, 2);
    Message.SnapshotPiece first = pieces.get(0);
    byte[] flipped = first.data().toByteArray();
    flipped[flipped.length / 2] ^= 1;

    node.hear(
        2,
        new Message.SnapshotPiece(
            2, first.meta(), 0, first.last(), first.hash(), Bytes.wrap(flipped)));
    node.sync();
    assertThat(node.messages(2, Message.SnapshotResponse.class))
        .containsExactly(new Message.SnapshotResponse(2, 20, 0, false));
    assertThat(node.notes).anyMatch(note -> note.text().contains("came damaged and begins anew"));
    assertThat(node.replica().raftStatus().appliedIndex()).isEqualTo(10);

    pieces.forEach(piece -> node.hear(2, piece));
    node.sync();
    assertThat(node.replica().raftStatus().appliedIndex()).isEqualTo(20);
  }
}
