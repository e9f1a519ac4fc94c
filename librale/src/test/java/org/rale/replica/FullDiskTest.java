package org.rale.replica;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.rale.dstore.Origin;
import org.rale.raft.Event;
import org.rale.raft.Membership;
import org.rale.request.ErrorCode;
import org.rale.request.Response.Failed;

/** A leader whose disk has no room for a second file. */
final class FullDiskTest {
  /** A tick of 10 ms. */
  private static final int TICKS_A_SECOND = 100;

  private HandDriven node;
  private long last = 11;

  @BeforeEach
  void begin() {
    node = HandDriven.inCluster().leading();
  }

  /** Writes until a compaction is ordered; how many writes that took. */
  private int writeUntil(List<Long> compactions, int most) {
    int writes = 0;
    while (compactions.isEmpty() && writes < most) {
      node.put("k", "v".repeat(300_000), Origin.NONE);
      compactions.addAll(node.syncAllButCompactions());
      last++;
      node.hear(2, node.accepted(last));
      compactions.addAll(node.syncAllButCompactions());
      writes++;
    }
    return writes;
  }

  private List<Long> tick(int seconds) {
    List<Long> compactions = new ArrayList<>();
    for (int i = 0; i < seconds * TICKS_A_SECOND; i++) {
      node.turn(new ReplicaInput.Tick());
      compactions.addAll(node.syncAllButCompactions());
    }
    return compactions;
  }

  private List<String> warnings() {
    return node.notes.stream()
        .filter(note -> note.level() == Event.Level.WARNING)
        .map(Event::text)
        .filter(text -> text.startsWith("the disk is full"))
        .toList();
  }

  @Test
  @DisplayName("a rewrite that was given up is tried again, after rests that grow")
  void triesAgain() {
    List<Long> ordered = new ArrayList<>();
    int writes = writeUntil(ordered, 20);
    assertThat(ordered).hasSize(1);

    node.turn(new ReplicaInput.NoRoom(ordered.get(0), "after 7 bytes"));
    assertThat(warnings()).hasSize(1);
    assertThat(warnings().get(0)).contains("after 7 bytes").contains("tried again in 10 s");
    assertThat(tick(9)).isEmpty();
    List<Long> second = tick(2);
    assertThat(second).as("no write is needed: the old log counts still").hasSize(1);

    node.turn(new ReplicaInput.NoRoom(second.get(0), "again"));
    assertThat(warnings().get(1)).contains("tried again in 20 s");
    assertThat(tick(19)).isEmpty();
    List<Long> third = tick(2);
    assertThat(third).hasSize(1);

    // Room at last: the next one is due when as much was written again.
    node.turn(new ReplicaInput.DiskDone(third.get(0)));
    assertThat(tick(30)).isEmpty();
    assertThat(writes).isGreaterThan(3);
  }

  @Test
  void whoCantBeServedIsToldThatTheDiskIsFull() {
    HandDriven alone = HandDriven.inCluster(new Membership(List.of(HandDriven.member(1))));
    alone.turn(new ReplicaInput.DiskFull("no room"));
    long token = alone.put("k", "v", Origin.NONE);
    alone.ticks(HandDriven.PATIENCE + 1);
    Failed failed = (Failed) alone.answer(token);
    assertThat(failed.code()).isEqualTo(ErrorCode.NO_LEADER);
    assertThat(failed.detail()).startsWith("the disk of node 1 is full");
    assertThat(failed.hint()).startsWith("free some space");
  }
}
