package org.rale.raft;

import static org.assertj.core.api.Assertions.assertThat;
import static org.rale.raft.Node.node;

import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** Node 1 of three, whose disk finishes nothing: it is stuck, or full. */
class HangingDiskTest {
  private static void acknowledgeAll(Node node) {
    long last = node.status().lastIndex();
    node.receive(2, Node.accepted(1, 1_000_000, last, last));
    node.receive(3, Node.accepted(1, 1_000_000, last, last));
  }

  @Test
  @DisplayName("S-11 a leader whose own disk hangs gives up, though all others acknowledge")
  void aLeaderGivesUp() {
    Node node = node(1, 1, 2, 3).leading();
    node.propose("x");
    for (int tick = 0; tick < Node.LEASE; tick++) {
      assertThat(node.raft().role()).isEqualTo(Role.LEADER);
      acknowledgeAll(node);
      node.ticks(1);
    }
    assertThat(node.status().commitIndex()).isGreaterThan(node.status().appliedIndex());
    acknowledgeAll(node);
    node.ticks(2);
    assertThat(node.raft().role()).isEqualTo(Role.FOLLOWER);
  }

  @Test
  @DisplayName("S-16 what is committed by others and not durable here counts against the bound")
  void proposalsAreRefusedAtTheBound() {
    Node node = node(1, 1, 2, 3).leading();
    int refused = 0;
    for (int i = 0; i < 1_000; i++) {
      refused += Node.only(node.propose("x" + i), Effect.Refused.class).size();
      acknowledgeAll(node);
    }
    assertThat(refused).isBetween(900, 999);
    assertThat(node.raft().unappliedBytes()).isLessThan((1 << 12) + 200);
  }

  @Test
  @DisplayName("S-16 a follower orders nothing more of its disk for each probe, and keeps little")
  void probesCostNothing() {
    Node node = node(2, 1, 2, 3).log(1).following(1);
    int persists = 0;
    for (int i = 0; i < 1_000; i++) {
      List<Effect> effects = node.receive(1, Node.append(1, i + 1, 1, 1, 0, Node.entry(2, 1)));
      persists += Node.only(effects, Effect.Persist.class).size();
      assertThat(Node.only(effects, Effect.Send.class)).isEmpty();
    }
    assertThat(persists).isEqualTo(1);
    assertThat(Node.messages(node.sync(), Message.AppendResponse.class))
        .hasSizeBetween(1, Collector.MAX_HELD + 1);
  }
}
