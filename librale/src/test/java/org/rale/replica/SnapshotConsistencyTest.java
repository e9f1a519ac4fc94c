package org.rale.replica;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.rale.bytes.MalformedException;
import org.rale.dstore.DStore;
import org.rale.dstore.Origin;
import org.rale.raft.Message;

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
}
