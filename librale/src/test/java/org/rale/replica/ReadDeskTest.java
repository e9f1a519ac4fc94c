package org.rale.replica;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.rale.bytes.Bytes;
import org.rale.raft.Message;
import org.rale.request.Request;

/** Reads at a leader, which node 2 confirms. */
final class ReadDeskTest {
  /** Answers of 512 bytes that a turn gives: one more than fit, for the last one may pass. */
  private static final int A_TURN = (int) (HandDriven.READ_BYTES / 512) + 1;

  private static ReplicaInput[] gets(int count) {
    return IntStream.rangeClosed(1, count)
        .mapToObj(
            token ->
                new ReplicaInput.Submit(
                    token, new Request.Get(Bytes.utf8("k" + token), false), 1_000))
        .toArray(ReplicaInput[]::new);
  }

  private static HandDriven confirmed(int reads) {
    HandDriven node = HandDriven.inCluster().leading();
    node.sync();
    node.turn(gets(reads));
    node.ticks(2);
    List<Message.Heartbeat> heartbeats = node.messages(2, Message.Heartbeat.class);
    Message.Heartbeat last = heartbeats.get(heartbeats.size() - 1);
    node.hear(2, new Message.HeartbeatResponse(2, last.round(), -1));
    return node;
  }

  @Test
  @DisplayName("S-16 a turn answers a bounded number of reads, and the next one goes on, in order")
  void a_turn_is_short() {
    HandDriven node = confirmed(3 * A_TURN);
    assertThat(node.answers).hasSize(A_TURN);
    assertThat(node.replica().isBehind()).isTrue();

    node.turn();
    assertThat(node.answers).hasSize(2 * A_TURN);
    node.turn();
    assertThat(node.answers)
        .extracting(HandDriven.Answer::token)
        .containsExactlyElementsOf(
            IntStream.rangeClosed(1, 3 * A_TURN).mapToObj(Long::valueOf).toList());
    assertThat(node.replica().isBehind()).isFalse();
  }

  @Test
  void few_reads_leave_nothing_behind() {
    HandDriven node = confirmed(A_TURN);
    assertThat(node.answers).hasSize(A_TURN);
    assertThat(node.replica().isBehind()).isFalse();
  }
}
