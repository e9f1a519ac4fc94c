package org.rale.raft;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** How long a follower waits, with timeouts from 15 to 30 ticks and a heartbeat every 5. */
class TimerTest {
  private static final int MIN = 15;
  private static final int MAX = 30;
  private static final int MINUTE = 6_000;
  private static final int LEADER = 2;
  private static final Membership MEMBERS = Node.voters(1, 2, 3);

  private final Timer timer = timer(MIN, MAX, true);
  private long now;

  private static Timer timer(int min, int max, boolean adaptive) {
    RaftSettings settings = new RaftSettings(10, 1, 1, min, max, 5, 1, 1, 1, 0, 100, adaptive);
    return new Timer(settings, new Random(1));
  }

  /** The leader of term 1 says so often something, that many ticks apart. */
  private void hear(int times, int apart) {
    for (int i = 0; i < times; i++) {
      now += apart;
      timer.heard(LEADER, 1, now);
    }
  }

  /** The shortest and the longest of many waits. */
  private int[] range(Timer of, int leader, long term) {
    return range(of, MEMBERS, leader, term);
  }

  private int[] range(Timer of, Membership members, int leader, long term) {
    int low = Integer.MAX_VALUE;
    int high = 0;
    for (int i = 0; i < 1_000; i++) {
      of.reset();
      int wait = of.timeout(members, leader, term, now);
      low = Math.min(low, wait);
      high = Math.max(high, wait);
    }
    return new int[] {low, high};
  }

  private int[] range() {
    return range(timer, LEADER, 1);
  }

  @Test
  void withoutEvidenceTheWholeRangeIsDrawnFrom() {
    assertThat(range()).containsExactly(MIN, MAX);
    hear(Silences.ENOUGH, 5);
    assertThat(range()).containsExactly(MIN, MAX);
  }

  @Test
  void onAnotherPathNothingIsKnown() {
    hear(100, 5);
    timer.forget();
    assertThat(range()).containsExactly(MIN, MAX);
    hear(Silences.ENOUGH + 1, 5);
    assertThat(range()).as("new evidence").containsExactly(MIN, MIN + MIN / 2);
  }

  @Test
  void aSteadyLeaderIsMissedSoon() {
    hear(100, 5);
    assertThat(range()).containsExactly(MIN, MIN + MIN / 2);
  }

  @Test
  void aLeaderThatStutteredIsGivenTwiceThatLong() {
    hear(50, 5);
    hear(1, 10);
    hear(50, 5);
    assertThat(range()).containsExactly(20, 27);
  }

  @Test
  @DisplayName("a ceiling holds whatever is heard, and leaves room to be random in")
  void theCeilingHolds() {
    hear(50, 5);
    hear(1, 500);
    assertThat(range()).containsExactly(23, MAX);
  }

  @Test
  @DisplayName("each linked voter of higher priority adds half the longest timeout, four at most")
  void priorityIsAddedToTheRange() {
    Membership seven = Node.voters(1, 2, 3, 4, 5, 6, 7);
    hear(50, 5);
    hear(1, 500);
    for (int peer = 3; peer <= 7; peer++) {
      timer.linked(peer, 2);
      int more = Math.min(peer - 2, 4) * MAX / 2;
      assertThat(range(timer, seven, LEADER, 1))
          .as("up to node %d", peer)
          .containsExactly(23 + more, MAX + more);
    }
    timer.linked(LEADER, 100);
    assertThat(range(timer, seven, LEADER, 1)[1])
        .as("nobody waits for the silent one")
        .isEqualTo(3 * MAX);
    timer.unlinked(3);
    timer.linked(4, 1);
    assertThat(range(timer, seven, LEADER, 1)[1])
        .as("3 is away, and 4 is no higher")
        .isEqualTo(MAX + 3 * MAX / 2);
  }

  @Test
  void aStutterIsForgottenAfterAMinute() {
    hear(50, 5);
    hear(1, 14);
    hear((MINUTE - 500) / 5, 5);
    assertThat(range()[0]).isEqualTo(23);
    hear(500 / 5, 5);
    assertThat(range()[0]).isEqualTo(MIN);
  }

  @Test
  @DisplayName("nothing that is known of one leader, or of one term, is believed of another")
  void anotherLeaderIsAnother() {
    hear(100, 5);
    assertThat(range(timer, 3, 1)).containsExactly(MIN, MAX);
    assertThat(range(timer, LEADER, 2)).containsExactly(MIN, MAX);
    assertThat(range(timer, Core.NOBODY, 1)).containsExactly(MIN, MAX);
    timer.heard(3, 2, now);
    timer.heard(LEADER, 3, now + 5);
    assertThat(range(timer, LEADER, 3)).containsExactly(MIN, MAX);
  }

  @Test
  @DisplayName("S-13 a silence during which this process slept is not the leader's")
  void ownPausesAreNotBlamedOnTheLeader() {
    hear(100, 5);
    now += 1_000;
    timer.slept(now);
    hear(100, 5);
    assertThat(range()[0]).isEqualTo(MIN);
  }

  @Test
  void aBurstWithinATickIsOneSample() {
    timer.heard(LEADER, 1, now);
    for (int i = 0; i < 1_000; i++) {
      timer.heard(LEADER, 1, now);
    }
    assertThat(timer.longestSilence(LEADER, 1, now)).isEqualTo(Silences.UNKNOWN);
  }

  @Test
  void withinAWideRangeTheWaitFollowsWhatIsHeard() {
    Timer wide = timer(10, 500, true);
    for (now = 5; now < 1_000; now += 5) {
      wide.heard(LEADER, 1, now);
    }
    assertThat(range(wide, LEADER, 1)).containsExactly(10, 15);
    now += 40;
    wide.heard(LEADER, 1, now);
    assertThat(range(wide, LEADER, 1)[0]).isEqualTo(90);
  }

  @Test
  void fixedTimeoutsStayFixed() {
    Timer fixed = timer(MIN, MAX, false);
    for (now = 5; now < 1_000; now += 5) {
      fixed.heard(LEADER, 1, now);
    }
    assertThat(range(fixed, LEADER, 1)).containsExactly(MIN, MAX);
  }
}
