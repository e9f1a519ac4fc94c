package org.rale.ralectrl.lock;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.rale.ralectrl.lock.Keeper.Act;
import org.rale.ralectrl.lock.Keeper.Step;

/** When a lease of ten seconds is renewed, and when the command ends. */
class KeeperTest {
  private static final Duration TTL = Duration.ofSeconds(10);

  /** Where System.nanoTime() begins is nobody's business; here it overflows within the test. */
  private static final long GRANTED = Long.MAX_VALUE - 2_000_000_000L;

  private final Keeper keeper = new Keeper(TTL, GRANTED);

  /** So many milliseconds behind the GRANT. */
  private static long at(long ms) {
    return GRANTED + ms * 1_000_000;
  }

  private void expect(long ms, Act act) {
    assertThat(keeper.next(at(ms)).act()).as("at " + ms + " ms").isEqualTo(act);
  }

  private void expectWait(long ms, long until) {
    Step step = keeper.next(at(ms));
    assertThat(step.act()).as("at " + ms + " ms").isEqualTo(Act.WAIT);
    assertThat((step.atNanos() - GRANTED) / 1_000_000).as("at " + ms + " ms").isEqualTo(until);
  }

  @Test
  void aThirdOfTheTimeIsOverAndItIsRenewed() {
    expectWait(0, 3333);
    expect(3332, Act.WAIT);
    expect(3334, Act.RENEW);
    expectWait(3335, 7000);
    keeper.renewed(at(3334));
    expectWait(3400, 6667);
    expect(6668, Act.RENEW);
    assertThat(keeper.isLost(at(6668))).isFalse();
  }

  @Test
  void validityCountsFromWhenTheKeepAliveWasSent() {
    expect(3334, Act.RENEW);
    keeper.renewed(at(3334));
    expect(6668, Act.RENEW);
    // Sent at 6.668 s, it is answered three seconds later: TERM is due 7 s after it was sent.
    expect(9600, Act.WAIT);
    keeper.renewed(at(6668));
    expect(10_100, Act.RENEW);
    expectWait(10_200, 13_668);
    expect(13_668, Act.TERM);
    expect(15_667, Act.WAIT);
    expect(15_668, Act.KILL);
  }

  @Test
  void whatFailsIsTriedAgainSoonUntilItIsTooLate() {
    expect(3334, Act.RENEW);
    keeper.notRenewed(at(3400));
    expectWait(3400, 3900);
    expect(3900, Act.RENEW);
    keeper.notRenewed(at(6800));
    expectWait(6800, 7000);
    expect(7000, Act.TERM);
    assertThat(keeper.isLost(at(7000))).isTrue();
    expectWait(7001, 9000);
    expectWait(8999, 9000);
    expect(9000, Act.KILL);
  }

  @Test
  void termIsFinal() {
    expect(3334, Act.RENEW);
    expect(7000, Act.TERM);
    keeper.renewed(at(6900));
    expectWait(7100, 9000);
    expect(9000, Act.KILL);
    assertThat(keeper.isLost(at(9000))).isTrue();
  }

  @Test
  void aLeaseThatIsGoneIsKilledFor() {
    expect(3334, Act.RENEW);
    keeper.leaseGone();
    assertThat(keeper.isLost(at(3350))).isTrue();
    expect(3350, Act.KILL);
  }

  @Test
  void aProcessThatWasStoppedFindsItsTimeOver() {
    expectWait(100, 3333);
    expect(60_000, Act.KILL);
    assertThat(keeper.isLost(at(60_000))).isTrue();
  }

  @Test
  void oneThatWasStoppedForLessHasTimeToEndInOrder() {
    expectWait(100, 3333);
    expect(8000, Act.TERM);
    expectWait(8001, 9000);
  }

  /** It ended meanwhile, and nobody saw when. */
  @Test
  void aCommandWhoseEndIsSeenTooLateMayHaveRunWithoutTheLock() {
    expectWait(100, 3333);
    assertThat(keeper.isLost(at(8999))).isFalse();
    assertThat(keeper.isLost(at(9000))).isTrue();
    assertThat(keeper.isTerminating()).isFalse();
  }

  /** Behind that a REVOKE that finds no lease says nothing of the command. */
  @Test
  void aLeaseCanEndByItselfBeforeItsTimeIsOver() {
    assertThat(keeper.mayHaveEnded(at(9499))).isFalse();
    assertThat(keeper.mayHaveEnded(at(9500))).isTrue();
    keeper.renewed(at(3334));
    assertThat(keeper.mayHaveEnded(at(9500))).isFalse();
  }

  /** An answer that waited in the queue while the process was stopped does not revive a lease. */
  @Test
  void anAnswerToALongForgottenKeepAliveIsTooLate() {
    expect(3334, Act.RENEW);
    keeper.renewed(at(3334));
    expect(60_000, Act.KILL);
  }

  @ParameterizedTest
  @ValueSource(longs = {1_000, 1_500, 10_000, 86_400_000})
  void forEachTtlTheCommandIsDeadBeforeTheLeaseCanEnd(long ttlMs) {
    Keeper each = new Keeper(Duration.ofMillis(ttlMs), GRANTED);
    // By a leader's clock that is 5 % faster than this one.
    long end = at(Math.round(ttlMs / 1.05));
    long now = GRANTED;
    Act last = Act.WAIT;
    while (last != Act.KILL) {
      Step step = each.next(now);
      last = step.act();
      if (last == Act.WAIT) {
        assertThat(step.atNanos() - now).isPositive();
        now = step.atNanos();
      } else if (last == Act.RENEW) {
        now += each.patience().toNanos();
        each.notRenewed(now);
      }
    }
    assertThat(end - now).isGreaterThanOrEqualTo(ttlMs * 1_000_000 / 20);
  }
}
