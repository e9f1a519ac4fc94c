package org.rale.replica;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.rale.bytes.Bytes;
import org.rale.bytes.MalformedException;
import org.rale.dstore.DStore;
import org.rale.dstore.Origin;
import org.rale.dstore.StoreCodec;
import org.rale.dstore.StoreCommand;
import org.rale.raft.Membership;
import org.rale.raft.SnapshotMeta;
import org.rale.request.Request;

/**
 * Nodes 1 and 2 hold a table, and node 3 nothing. In the middle of the snapshot that it is sent a
 * link breaks; nothing is written, so the next snapshot is the same one.
 */
@DisplayName("S-16 a snapshot that is interrupted is sent again, and comes to an end")
final class SnapshotAgainTest {
  private static final int KEYS = 200;
  private static final int VALUE_BYTES = 100_000;

  /** A key in each, a head and an end. */
  private static final int PIECES = KEYS + 2;

  private static final int BREAKS = 4;

  private static final Membership THREE =
      new Membership(List.of(HandCluster.member(1), HandCluster.member(2), HandCluster.member(3)));

  private final HandCluster cluster = new HandCluster();

  private static DStore table() throws MalformedException {
    DStore table = new DStore();
    Bytes value = Bytes.wrap(new byte[VALUE_BYTES]);
    for (int i = 1; i <= KEYS; i++) {
      table.apply(
          i, StoreCodec.encode(new StoreCommand.Put(Origin.NONE, Bytes.utf8("k" + i), value)));
    }
    return table;
  }

  private int pieces() {
    return cluster.node(1).pieces() + cluster.node(2).pieces();
  }

  @BeforeEach
  void untilTheMiddleOfTheSnapshot() throws MalformedException {
    SnapshotMeta meta = new SnapshotMeta(KEYS, 1, THREE);
    cluster.start(1, 101, 1, meta, table(), List.of());
    cluster.start(2, 102, 1, meta, table(), List.of());
    cluster.start(3, 103, 0, SnapshotMeta.NONE, new DStore(), List.of());
    assertThat(cluster.within(200, () -> pieces() > 2 * SnapshotSender.WINDOW)).isTrue();
    assertThat(cluster.node(3).status().appliedIndex()).isZero();
  }

  private void ends() {
    assertThat(cluster.within(600, () -> cluster.node(3).status().appliedIndex() >= KEYS))
        .as("%s", cluster)
        .isTrue();
  }

  @Test
  void undisturbed() {
    ends();
  }

  @Test
  void oneOfTwoLinksBreaks() {
    cluster.breakOneOfTwoLinks();
    ends();
  }

  /** Each node is told that its links are down and up again; nobody leads in between. */
  @Test
  @DisplayName("what has arrived before the links break is not sent again, however often they do")
  void theLinksBreakAndComeBack() {
    for (int part = 1; part < BREAKS; part++) {
      int sofar = part * PIECES / BREAKS;
      assertThat(cluster.within(200, () -> pieces() > sofar)).isTrue();
      cluster.breakLinks();
    }
    assertThat(cluster.node(3).status().appliedIndex()).as("it was midway").isZero();
    ends();
    assertThat(pieces()).isLessThan(PIECES + BREAKS * SnapshotSender.WINDOW);
  }

  /** Longer than an election takes, and the node has believed in no leader meanwhile. */
  @Test
  @DisplayName("what has arrived before a cut is not sent again")
  void aCutInTheMiddle() {
    assertThat(cluster.within(200, () -> pieces() > PIECES / 2)).isTrue();
    int before = pieces();
    cluster.cut(3);
    assertThat(cluster.within(200, () -> cluster.node(3).status().appliedIndex() > 0)).isFalse();
    int lost = pieces() - before;
    cluster.join(3);
    ends();
    assertThat(pieces() - lost).isLessThan(PIECES + 3 * SnapshotSender.WINDOW);
  }

  /** Then nothing can be committed without node 3, and no other snapshot is ever taken. */
  @Test
  void theThirdNodeDiesAsWell() {
    int leader = cluster.node(1).pieces() > 0 ? 1 : 2;
    cluster.stop(3 - leader);
    cluster.breakLinks();
    StoreCommand put = new StoreCommand.Put(Origin.NONE, Bytes.utf8("k"), Bytes.EMPTY);
    cluster.node(leader).give(new ReplicaInput.Submit(1, new Request.Change(put), 1_000));
    assertThat(cluster.within(600, () -> cluster.node(3).status().appliedIndex() > KEYS))
        .as("%s", cluster)
        .isTrue();
  }

  @Test
  void anotherLeaderBeginsAnew() {
    int leader = cluster.node(1).pieces() > 0 ? 1 : 2;
    int other = 3 - leader;
    cluster.node(leader).give(new ReplicaInput.Submit(1, new Request.Transfer(other), 1_000));
    assertThat(cluster.within(200, () -> cluster.node(other).pieces() > 0))
        .as("%s", cluster)
        .isTrue();
    assertThat(cluster.node(3).status().appliedIndex()).as("it was midway").isZero();
    ends();
    assertThat(cluster.node(3).replica.stateHash())
        .isEqualTo(cluster.node(other).replica.stateHash());
  }

  /** Nodes 4 and 5 hold nothing either. */
  @Test
  void twoGetItAtOnce() throws MalformedException {
    HandCluster five = new HandCluster();
    Membership members =
        new Membership(IntStream.rangeClosed(1, 5).mapToObj(HandCluster::member).toList());
    SnapshotMeta meta = new SnapshotMeta(KEYS, 1, members);
    for (int id = 1; id <= 3; id++) {
      five.start(id, 100 + id, 1, meta, table(), List.of());
    }
    five.start(4, 104, 0, SnapshotMeta.NONE, new DStore(), List.of());
    five.start(5, 105, 0, SnapshotMeta.NONE, new DStore(), List.of());
    assertThat(five.within(600, () -> sent(five) > PIECES)).isTrue();
    assertThat(five.node(4).status().appliedIndex()).as("both are midway").isZero();
    assertThat(five.node(5).status().appliedIndex()).as("both are midway").isZero();
    assertThat(
            five.within(
                600,
                () ->
                    five.node(4).status().appliedIndex() >= KEYS
                        && five.node(5).status().appliedIndex() >= KEYS))
        .as("%s", five)
        .isTrue();
    assertThat(sent(five)).as("nothing is sent twice").isLessThanOrEqualTo(2 * PIECES);
  }

  private static int sent(HandCluster nodes) {
    return nodes.node(1).pieces() + nodes.node(2).pieces() + nodes.node(3).pieces();
  }
}
