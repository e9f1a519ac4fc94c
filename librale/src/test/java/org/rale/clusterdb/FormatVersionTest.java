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
import org.rale.raft.HardState;

/** Files of every format version that a release wrote are kept, and opened here. */
class FormatVersionTest {

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
    assertThat(version(storage)).isEqualTo(2);
    assertThat(open(storage).store().appliedIndex()).isEqualTo(6);
  }

  private static int version(VirtualStorage storage) throws Exception {
    return Header.readAnyones(storage.open(Layout.FILE, false), "f", 0).version();
  }
}
