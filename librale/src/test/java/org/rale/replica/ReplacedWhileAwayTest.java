package org.rale.replica;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.rale.dstore.DStore;
import org.rale.raft.Entry;
import org.rale.raft.Membership;
import org.rale.raft.Payload;
import org.rale.raft.Role;
import org.rale.raft.SnapshotMeta;

/**
 * Of nodes 1 to 4 the first one was replaced while node 4 was away, led, and died before its last
 * entry left. Nodes 1, 3 and 4 start again, node 2 does not.
 */
final class ReplacedWhileAwayTest {
  private static final long NEW_DISK = 901;

  private static final Membership FOUR =
      new Membership(
          List.of(
              HandCluster.member(1),
              HandCluster.member(2),
              HandCluster.member(3),
              HandCluster.member(4)));

  private static final Membership GONE = FOUR.without(1);
  private static final Membership LEARNS = GONE.with(HandCluster.member(1, NEW_DISK, false));
  private static final SnapshotMeta BEFORE = new SnapshotMeta(10, 1, FOUR);

  private static final List<Entry> LOG =
      List.of(
          new Entry(11, 2, new Payload.Empty()),
          new Entry(12, 2, new Payload.Members(GONE)),
          new Entry(13, 2, new Payload.Members(LEARNS)),
          new Entry(14, 2, new Payload.Members(GONE.with(HandCluster.member(1, NEW_DISK, true)))),
          new Entry(15, 3, new Payload.Empty()));

  private final HandCluster cluster = new HandCluster();

  private static DStore table(SnapshotMeta meta) {
    DStore table = new DStore();
    table.skip(meta.index());
    return table;
  }

  private void start(SnapshotMeta ofThird, List<Entry> logOfThird) {
    cluster.start(1, NEW_DISK, 3, BEFORE, table(BEFORE), LOG);
    cluster.start(3, 103, 3, ofThird, table(ofThird), logOfThird);
    cluster.start(4, 104, 1, BEFORE, table(BEFORE), List.of());
  }

  private void electsNodeOne() {
    assertThat(
            cluster.within(
                1_000,
                () ->
                    cluster.node(1).status().role() == Role.LEADER
                        && cluster.node(1).status().ready()))
        .as("%s", cluster)
        .isTrue();
  }

  @Test
  void theThirdKnowsWhatIsCommitted() {
    start(new SnapshotMeta(13, 2, LEARNS), LOG.subList(3, 4));
    electsNodeOne();
  }

  /** The commit index is not on the disk. That a later membership was proposed is. */
  @Test
  @DisplayName("S-06 what stands before the last membership of a log is committed, and is told")
  void theThirdKnowsItFromItsLogAlone() {
    start(BEFORE, LOG.subList(0, 4));
    electsNodeOne();
  }
}
