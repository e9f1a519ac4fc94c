package org.rale.raft;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.rale.raft.Node.entry;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** The log in memory. */
class RaftLogTest {

  @Test
  @DisplayName("an empty log ends with the snapshot before the first entry")
  void emptyLog() {
    RaftLog log = log(0, 0);
    assertThat(log.lastIndex()).isZero();
    assertThat(log.lastTerm()).isZero();
    assertThat(log.termAt(1)).isEqualTo(RaftLog.UNKNOWN_TERM);
  }

  @Test
  @DisplayName("terms are known from the base to the last entry")
  void terms() {
    RaftLog log = log(10, 3, 3, 4);
    assertThat(log.termAt(9)).isEqualTo(RaftLog.UNKNOWN_TERM);
    assertThat(log.termAt(10)).isEqualTo(3);
    assertThat(log.termAt(12)).isEqualTo(4);
    assertThat(log.termAt(13)).isEqualTo(RaftLog.UNKNOWN_TERM);
  }

  @Test
  @DisplayName("5.4.1: the later last term wins, with equal terms the longer log")
  void upToDate() {
    RaftLog log = log(0, 0, 1, 2, 2);
    assertThat(log.isUpToDate(1, 3)).isTrue();
    assertThat(log.isUpToDate(9, 1)).isFalse();
    assertThat(log.isUpToDate(3, 2)).isTrue();
    assertThat(log.isUpToDate(4, 2)).isTrue();
    assertThat(log.isUpToDate(2, 2)).isFalse();
  }

  @Test
  @DisplayName("5.3: the last index at which a log that ends so may agree")
  void agreement() {
    RaftLog log = log(0, 0, 1, 1, 1, 4, 4, 5);
    assertThat(log.lastAgreement(9, 3)).isEqualTo(3);
    assertThat(log.lastAgreement(2, 4)).isEqualTo(2);
    assertThat(log.lastAgreement(6, 4)).isEqualTo(5);
    assertThat(log.lastAgreement(6, 5)).isEqualTo(6);
  }

  @Test
  @DisplayName("where not even the base can agree, the answer lies below it")
  void noAgreement() {
    RaftLog log = log(5, 2, 2, 2);
    assertThat(log.lastAgreement(7, 1)).isEqualTo(4);
    assertThat(log.lastAgreement(3, 1)).isEqualTo(3);
  }

  @Test
  @DisplayName("what the disk was given is not given again; what was cut, is")
  void handing() {
    RaftLog log = log(0, 0);
    log.append(List.of(entry(1, 1), entry(2, 1)));
    assertThat(log.hand()).containsExactly(entry(1, 1), entry(2, 1));
    assertThat(log.hasUnhanded()).isFalse();
    log.truncateFrom(2);
    log.append(entry(2, 2));
    assertThat(log.hand()).containsExactly(entry(2, 2));
  }

  @Test
  @DisplayName("cutting pulls the durable mark down")
  void cutting() {
    RaftLog log = log(0, 0, 1, 1, 1);
    assertThat(log.durable()).isEqualTo(3);
    log.truncateFrom(2);
    assertThat(log.durable()).isEqualTo(1);
    assertThat(log.lastIndex()).isEqualTo(1);
  }

  @Test
  @DisplayName("what is forgotten goes up to the index, and the trailing bytes stay")
  void forgetting() {
    RaftLog log = log(0, 0, 1, 1, 2, 2, 2);
    log.forget(3, Long.MAX_VALUE);
    assertThat(log.baseIndex()).isZero();
    log.forget(3, 0);
    assertThat(log.baseIndex()).isEqualTo(3);
    assertThat(log.termAt(3)).isEqualTo(2);
    assertThat(log.at(4)).isEqualTo(entry(4, 2));
    log.forget(5, entry(5, 2).memoryBytes());
    assertThat(log.baseIndex()).as("one entry stays").isEqualTo(4);
  }

  @Test
  @DisplayName("entries stay where they are while those before them go")
  void forgettingOften() {
    RaftLog log = log(0, 0);
    for (long index = 1; index <= 1000; index++) {
      log.append(entry(index, 1 + index / 100));
      log.hand();
      log.markDurable(index, log.cuts());
      if (index % 7 == 0) {
        log.forget(index - 3, 0);
        assertThat(log.at(index - 1)).isEqualTo(entry(index - 1, 1 + (index - 1) / 100));
      }
    }
    assertThat(log.slice(998, 1 << 20)).hasSize(3);
  }

  @Test
  @DisplayName("a slice holds at least one entry")
  void slices() {
    RaftLog log = log(0, 0, 1, 1, 1);
    assertThat(log.slice(1, 1)).containsExactly(entry(1, 1));
    assertThat(log.slice(2, 1 << 20)).containsExactly(entry(2, 1), entry(3, 1));
    assertThat(log.slice(4, 1)).isEmpty();
  }

  @Test
  @DisplayName("S-19 a gap or a falling term is a broken invariant")
  void invariants() {
    RaftLog log = log(0, 0, 2);
    assertThatThrownBy(() -> log.append(entry(3, 2))).isInstanceOf(IllegalStateException.class);
    assertThatThrownBy(() -> log.append(entry(2, 1))).isInstanceOf(IllegalStateException.class);
  }

  private static RaftLog log(long base, long baseTerm, long... terms) {
    List<Entry> entries = new ArrayList<>();
    for (long term : terms) {
      entries.add(entry(base + entries.size() + 1, term));
    }
    return new RaftLog(new SnapshotMeta(base, baseTerm, Membership.NONE), entries);
  }
}
