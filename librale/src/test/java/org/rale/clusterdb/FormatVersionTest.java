package org.rale.clusterdb;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.InputStream;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.rale.bytes.Bytes;
import org.rale.dstore.DStore;
import org.rale.dstore.LeaseItem;
import org.rale.dstore.Origin;
import org.rale.dstore.StoreCodec;
import org.rale.dstore.StoreCommand;
import org.rale.dstore.TxnOp;
import org.rale.raft.Entry;
import org.rale.raft.HardState;
import org.rale.raft.Payload;
import org.rale.raft.SnapshotMeta;

/** Files of every format version that a release wrote are kept, and opened here. */
class FormatVersionTest {
  private static final StoreCommand GRANT = new StoreCommand.LeaseGrant(Origin.NONE, 5_000);
  private static final StoreCommand PUT =
      new StoreCommand.Put(Origin.NONE, Bytes.utf8("k"), Bytes.utf8("v"), /* lease= */ 3);
  private static final StoreCommand TXN =
      new StoreCommand.Txn(
          Origin.NONE, List.of(), List.of(new TxnOp.Delete(Bytes.utf8("k"))), List.of());

  private static Entry entry(long index, StoreCommand command) {
    return new Entry(index, 2, new Payload.Command(StoreCodec.encode(command)));
  }

  private static byte[] kept(String name) throws Exception {
    try (InputStream in = FormatVersionTest.class.getResourceAsStream("/clusterdb/" + name)) {
      assertThat(in).as(name).isNotNull();
      return in.readAllBytes();
    }
  }

  private static VirtualStorage holding(byte[] bytes) {
    VirtualStorage storage = new VirtualStorage(new Random(1));
    storage.put(Layout.FILE, bytes);
    return storage;
  }

  private static Recovered open(VirtualStorage storage) throws Exception {
    ClusterDb.Opened opened = ClusterDb.open(storage, Samples.NODE, new Random(2));
    opened.db().close();
    return opened.recovered();
  }

  @Test
  @DisplayName("format 1: nothing behind the snapshot is known to be committed")
  void formatOne() throws Exception {
    Recovered whole = open(holding(kept("format-1-whole.db")));
    assertThat(whole.identity().clusterId()).isEqualTo(Samples.CLUSTER);
    assertThat(whole.hardState()).isEqualTo(new HardState(3, 0));
    assertThat(whole.snapshot().index()).isEqualTo(4);
    assertThat(whole.store().appliedIndex()).isEqualTo(4);
    assertThat(whole.store().get(Bytes.utf8("color")).value()).isEqualTo(Bytes.utf8("dark blue"));
    assertThat(whole.entries()).hasSize(4);
    Recovered log = open(holding(kept("format-1-log.db")));
    assertThat(log.snapshot().index()).isZero();
    assertThat(log.hardState()).isEqualTo(new HardState(2, 8));
    assertThat(log.entries()).hasSize(4);
  }

  @Test
  @DisplayName("format 2: the file says what is known to be committed")
  void formatTwo() throws Exception {
    Recovered whole = open(holding(kept("format-2-whole.db")));
    assertThat(whole.identity().clusterId()).isEqualTo(Samples.CLUSTER);
    assertThat(whole.hardState()).isEqualTo(new HardState(3, 0));
    assertThat(whole.snapshot().index()).isEqualTo(4);
    assertThat(whole.store().appliedIndex()).isEqualTo(6);
    assertThat(whole.store().format()).isEqualTo(1);
    assertThat(whole.store().get(Bytes.utf8("color")).value()).isEqualTo(Bytes.utf8("gre\nen"));
    Recovered log = open(holding(kept("format-2-log.db")));
    assertThat(log.snapshot().index()).isZero();
    assertThat(log.hardState()).isEqualTo(new HardState(2, 8));
    assertThat(log.entries()).hasSize(4);
  }

  @Test
  @DisplayName("format 3: leases in the table, transactions and keys on a lease behind it")
  void formatThree() throws Exception {
    Recovered whole = open(holding(kept("format-3-whole.db")));
    assertThat(whole.identity().clusterId()).isEqualTo(Samples.CLUSTER);
    assertThat(whole.hardState()).isEqualTo(new HardState(2, 8));
    assertThat(whole.snapshot().index()).isEqualTo(4);
    assertThat(whole.store().appliedIndex()).isEqualTo(4);
    assertThat(whole.store().format()).isEqualTo(2);
    assertThat(whole.store().leases()).containsExactly(new LeaseItem(3, 5_000, 1));
    assertThat(whole.store().get(Bytes.utf8("k")).value()).isEqualTo(Bytes.utf8("v"));
    assertThat(whole.entries()).contains(entry(5, TXN));
    Recovered log = open(holding(kept("format-3-log.db")));
    assertThat(log.snapshot().index()).isZero();
    assertThat(log.hardState()).isEqualTo(new HardState(2, 8));
    assertThat(log.entries()).contains(entry(3, GRANT), entry(4, PUT), entry(5, TXN));
  }

  @Test
  @DisplayName("this release's own: a table with a lease, behind which a transaction is appended")
  void ownFormat() throws Exception {
    VirtualStorage storage = holding(kept("format-2-log.db"));
    ClusterDb.Opened opened = ClusterDb.open(storage, Samples.NODE, new Random(2));
    ClusterDb db = opened.db();
    DStore store = new DStore();
    store.apply(3, StoreCodec.encode(GRANT));
    store.apply(4, StoreCodec.encode(PUT));
    db.perform(new DiskTask.Compact(0, new SnapshotMeta(4, 2, Samples.MEMBERS), store.freeze()));
    while (!db.step()) {
      // On.
    }
    Entry entry = entry(5, TXN);
    db.perform(new DiskTask.Write(0, new Batch(null, List.of(entry), 4)));
    db.close();
    assertThat(version(storage)).isEqualTo(3);
    Recovered recovered = open(storage);
    assertThat(recovered.store().leases()).containsExactly(new LeaseItem(3, 5_000, 1));
    assertThat(recovered.store().stateHash()).isEqualTo(store.stateHash());
    assertThat(recovered.entries()).contains(entry);
  }

  @ParameterizedTest
  @ValueSource(strings = {"format-1-whole.db", "format-1-log.db"})
  @DisplayName("a file keeps its version until it is rewritten, and then has this release's")
  void appendsKeepTheVersion(String name) throws Exception {
    VirtualStorage storage = holding(kept(name));
    ClusterDb.Opened opened = ClusterDb.open(storage, Samples.NODE, new Random(2));
    ClusterDb db = opened.db();
    Contents expected = Contents.of(opened.recovered());
    DiskTask.Write write =
        new DiskTask.Write(
            0, new Batch(null, Samples.entries(expected.last() + 1, expected.last() + 2, 3), 4));
    db.perform(write);
    db.close();
    assertThat(version(storage)).isEqualTo(1);
    assertThat(open(storage).entries())
        .as("it does not say what is committed")
        .isEqualTo(expected.after(write).entries());

    opened = ClusterDb.open(storage, Samples.NODE, new Random(2));
    db = opened.db();
    db.perform(Samples.compact(5, 3, 3, 10));
    while (!db.step()) {
      // On.
    }
    DiskTask.Write last = new DiskTask.Write(0, new Batch(new HardState(4, 0), List.of(), 6));
    db.perform(last);
    db.close();
    assertThat(version(storage)).isEqualTo(3);
    assertThat(open(storage).store().appliedIndex()).isEqualTo(6);
  }

  private static int version(VirtualStorage storage) throws Exception {
    return Header.readAnyones(storage.open(Layout.FILE, false), "f", 0).version();
  }
}
