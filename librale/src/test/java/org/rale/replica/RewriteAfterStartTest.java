package org.rale.replica;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.rale.raft.Message;

/** A node whose file had more log than it may have when it started. */
final class RewriteAfterStartTest {
  /** A constant of 1 MiB would do. */
  private static final long LOG_BYTES = 2 << 20;

  /** A tick of 10 ms. */
  private static final int TICKS_A_SECOND = 100;

  private static List<Long> tick(HandDriven node, int seconds) {
    List<Long> compactions = new ArrayList<>();
    for (int i = 0; i < seconds * TICKS_A_SECOND; i++) {
      node.turn(new ReplicaInput.Tick());
      compactions.addAll(node.syncAllButCompactions());
    }
    return compactions;
  }

  @Test
  @DisplayName("it is not rewritten while there is no leader, but for ten seconds only")
  void waitsForALeader() {
    HandDriven node = HandDriven.withLog(LOG_BYTES);
    assertThat(tick(node, 9)).isEmpty();
    assertThat(tick(node, 2)).hasSize(1);
  }

  @Test
  @DisplayName("it is rewritten as soon as there is one")
  void beginsWithALeader() {
    HandDriven node = HandDriven.withLog(LOG_BYTES);
    node.turn(new ReplicaInput.Tick());
    assertThat(node.syncAllButCompactions()).isEmpty();
    node.link(2);
    node.hear(2, new Message.Heartbeat(2, 10, 0, 1));
    assertThat(node.syncAllButCompactions()).hasSize(1);
  }
}
