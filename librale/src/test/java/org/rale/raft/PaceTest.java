package org.rale.raft;

import static org.assertj.core.api.Assertions.assertThat;
import static org.rale.raft.Node.HEARTBEAT;
import static org.rale.raft.Node.TIMEOUT;
import static org.rale.raft.Node.node;

import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** How often a leader says that it lives, with losses and without. */
class PaceTest {

  private static int pace(int loss) {
    return Pace.heartbeatTicks(Node.settings(1), loss);
  }

  @Test
  void nothingIsSentMoreSeldomThanTheSettingsAsk() {
    for (int loss = -1; loss <= 1_000; loss++) {
      assertThat(pace(loss)).isBetween(1, HEARTBEAT);
    }
    assertThat(pace(-1)).isEqualTo(HEARTBEAT);
    assertThat(pace(0)).isEqualTo(HEARTBEAT);
  }

  @Test
  void aTimeoutHasAsManyHeartbeatsAsTheLossNeeds() {
    RaftSettings settings = new RaftSettings(1, 1, 1, 150, 300, 50, 1, 1, 1, 0, 1_000, true);
    for (int loss : new int[] {10, 50, 100, 200, 300}) {
      int interval = Pace.heartbeatTicks(settings, loss);
      int within = settings.electionTicksMin() / interval;
      assertThat(Math.pow(loss / 1_000.0, within)).as("loss %s", loss).isLessThanOrEqualTo(1e-7);
    }
    assertThat(Pace.heartbeatTicks(settings, 1_000)).isEqualTo(1);
  }

  @Test
  void withFixedTimeoutsTheIntervalIsFixed() {
    RaftSettings fixed = new RaftSettings(10, 1, 1, 15, 30, 5, 1, 1, 1, 0, 100, false);
    assertThat(Pace.heartbeatTicks(fixed, 300)).isEqualTo(5);
  }

  private static long beats(List<Effect> effects, int to) {
    return Node.sends(effects)
        .filter(send -> send.to() == to && send.message() instanceof Message.Heartbeat)
        .count();
  }

  @Test
  void thePeerOnABadWayHearsMoreOfItsLeader() {
    Node leader = ReplicationTest.replicating();
    leader.receive(2, new Message.HeartbeatResponse(1, 0, 300));
    leader.receive(3, new Message.HeartbeatResponse(1, 0, 0));
    List<Effect> effects = leader.ticks(2 * HEARTBEAT);
    assertThat(beats(effects, 2)).isEqualTo(2 * HEARTBEAT);
    assertThat(beats(effects, 3)).isEqualTo(2);
    leader.receive(2, new Message.HeartbeatResponse(1, 0, 0));
    assertThat(beats(leader.ticks(HEARTBEAT), 2)).as("the way is good again").isEqualTo(1);
    leader.receive(2, new Message.HeartbeatResponse(1, 0, 300));
    leader.step(new Input.PathChanged(2));
    assertThat(beats(leader.ticks(HEARTBEAT), 2)).as("another way").isEqualTo(1);
  }

  @Test
  void heartbeatsHaveNumbers() {
    Node leader = ReplicationTest.replicating();
    List<Long> numbers =
        Node.messages(leader.ticks(TIMEOUT), Message.Heartbeat.class).stream()
            .map(Message.Heartbeat::number)
            .distinct()
            .toList();
    assertThat(numbers).containsExactly(2L, 3L, 4L);
  }

  @Test
  @DisplayName("S-12: a heartbeat in between asks for no read that came after the last question")
  void noRoundBeginsInBetween() {
    Node leader = ReplicationTest.replicating();
    leader.receive(2, new Message.HeartbeatResponse(1, 0, 300));
    List<Effect> effects = leader.step(new Input.Read(7), new Input.Tick());
    assertThat(rounds(effects, 2))
        .as("the beat of the tick, then the question")
        .containsExactly(0L, 1L);
    assertThat(rounds(effects, 3)).containsExactly(1L);
  }

  private static List<Long> rounds(List<Effect> effects, int to) {
    return Node.sends(effects)
        .filter(send -> send.to() == to && send.message() instanceof Message.Heartbeat)
        .map(send -> ((Message.Heartbeat) send.message()).round())
        .toList();
  }

  @Test
  void aFollowerTellsWhatItMisses() {
    Node follower = node(2, 1, 2, 3).term(1).following(1);
    int loss = Message.HeartbeatResponse.LOSS_UNKNOWN;
    for (long number = 2; number < 100; number += 2) {
      loss =
          Node.messages(
                  follower.receive(1, new Message.Heartbeat(1, 0, 0, number)),
                  Message.HeartbeatResponse.class)
              .get(0)
              .loss();
    }
    assertThat(loss).isBetween(480, 500);
  }
}
