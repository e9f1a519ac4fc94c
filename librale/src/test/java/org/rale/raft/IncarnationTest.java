package org.rale.raft;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.SplittableRandom;
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
        new Restored(new HardState(1, 0), SnapshotMeta.NONE, List.of(new Entry(1, 1, founding)));
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
}
