package org.rale.clusterdb;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.rale.bytes.MalformedException;
import org.rale.dstore.DStore;
import org.rale.raft.Entry;
import org.rale.raft.Membership;
import org.rale.raft.Payload;
import org.rale.raft.SnapshotMeta;

class LogTailTest {
  private final DStore store = new DStore();

  /** Entries 1 to 12 of term 2 behind an empty snapshot; 1, 6 and 11 are memberships. */
  private LogTail tail(boolean applies) throws MalformedException {
    LogTail tail = new LogTail(SnapshotMeta.NONE, store, applies);
    for (long index = 1; index <= 12; index++) {
      tail.append(Samples.entry(index, 2));
    }
    return tail;
  }

  @Test
  @DisplayName("what is committed goes into the table, and out of memory")
  void committedEntriesGo() throws Exception {
    LogTail tail = tail(true);
    tail.commit(8);
    assertThat(store.appliedIndex()).isEqualTo(8);
    assertThat(tail.open()).isEqualTo(Samples.entries(9, 12, 2));
    assertThat(tail.last()).isEqualTo(12);

    tail.append(new Entry(13, 2, new Payload.Members(Membership.NONE)));
    tail.commit(13);
    assertThat(tail.open()).isEmpty();
    assertThat(tail.membershipAt(0)).isEqualTo(Membership.NONE);
    assertThat(tail.membershipAt(12)).isEqualTo(Samples.MEMBERS);
    assertThat(tail.membershipAt(13)).isEqualTo(Membership.NONE);
  }

  @Test
  @DisplayName("a tool keeps all, and its table as of the snapshot")
  void unapplied() throws Exception {
    LogTail tail = tail(false);
    tail.commit(8);
    assertThat(tail.committed()).isEqualTo(8);
    assertThat(store.appliedIndex()).isZero();
    assertThat(tail.open()).hasSize(12);
  }

  @Test
  @DisplayName("S-05 what no node writes is refused")
  void contradictions() throws Exception {
    LogTail tail = tail(true);
    tail.commit(8);
    assertThatThrownBy(() -> tail.cutFrom(8))
        .isInstanceOf(MalformedException.class)
        .hasMessage("entry 8 again, though all up to 8 are committed");
    assertThatThrownBy(() -> tail.commit(13)).hasMessageContaining("committed up to 13");
    assertThatThrownBy(() -> tail.append(Samples.entry(14, 2))).hasMessageContaining("behind");
    assertThatThrownBy(() -> tail.append(Samples.entry(13, 1))).hasMessageContaining("of term 1");
    tail.cutFrom(9);
    assertThat(tail.last()).isEqualTo(8);
    assertThatThrownBy(() -> tail.append(Samples.entry(9, 1)))
        .as("also where all before it has gone from memory")
        .hasMessageContaining("behind term 2");
    tail.commit(5);
    assertThat(tail.committed()).as("late news").isEqualTo(8);
  }
}
