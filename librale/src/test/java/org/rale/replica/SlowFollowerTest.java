package org.rale.replica;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.rale.bytes.Bytes;
import org.rale.dstore.Origin;
import org.rale.dstore.StoreCodec;
import org.rale.dstore.StoreCommand;
import org.rale.raft.Entry;
import org.rale.raft.Message;
import org.rale.raft.Payload;
import org.rale.raft.RaftStatus;

/** A follower that takes more in a turn than it applies in one. */
final class SlowFollowerTest {
  private static final int ENTRY_BYTES = 100_000;

  @Test
  @DisplayName("S-16 what is committed and not applied is bounded, however much comes in a turn")
  void backlogIsBounded() {
    HandDriven node = HandDriven.inCluster().following();
    Bytes command =
        StoreCodec.encode(
            new StoreCommand.Put(
                Origin.NONE, Bytes.utf8("k"), Bytes.utf8("v".repeat(ENTRY_BYTES))));
    long last = 10;
    long sequence = 0;
    for (int turn = 0; turn < 60; turn++) {
      // Eight megabytes: what a leader may have under way.
      for (int i = 0; i < 8; i++) {
        List<Entry> entries = new ArrayList<>();
        for (int k = 1; k <= 10; k++) {
          entries.add(new Entry(last + k, 2, new Payload.Command(command)));
        }
        sequence++;
        node.replica()
            .step(
                HandDriven.heard(
                    2,
                    new Message.AppendRequest(
                        2, sequence, last, last == 10 ? 1 : 2, last + 10, entries)));
        last += 10;
      }
      node.turn();
      node.syncAllButCompactions();
    }
    RaftStatus status = node.replica().raftStatus();
    long backlog = (status.commitIndex() - status.appliedIndex()) * ENTRY_BYTES;
    assertThat(backlog).isLessThan(64L << 20);
  }
}
