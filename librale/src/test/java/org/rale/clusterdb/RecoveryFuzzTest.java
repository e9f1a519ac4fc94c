package org.rale.clusterdb;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.io.IOException;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.provider.MethodSource;
import org.rale.clusterdb.VirtualStorage.Survival;
import org.rale.fuzz.Cost;
import org.rale.raft.Entry;

/**
 * A start with any file ({@link FileScript}). It opens or is refused, and a refused file is left as
 * it is. What opens holds the same at the next start, can be gone on with, and is compacted.
 */
final class RecoveryFuzzTest {
  /** The buffers of reader and writer, and the virtual disk's copies. */
  private static final int FIXED_BYTES = 16 << 20;

  private static final long LAST_POSITION = Long.MAX_VALUE - 2;

  static Stream<byte[]> images() throws Exception {
    DiskTask[] log = {
      Samples.join(), Samples.write(2, 12, 1), Samples.vote(2, 3), Samples.write(11, 16, 2)
    };
    return Stream.of(
        image(),
        image(log[0]),
        image(log),
        image(log[0], log[1], Samples.compact(9, 1, 3, 40)),
        image(log[0], Samples.install(20, 3, 5, 10), Samples.write(21, 24, 4)));
  }

  static Stream<byte[]> seeds() throws Exception {
    Stream.Builder<byte[]> scripts = Stream.builder();
    for (byte[] image : images().toList()) {
      scripts.add(FileScript.of(image));
    }
    return scripts.build();
  }

  private static byte[] image(DiskTask... tasks) throws Exception {
    VirtualStorage storage = new VirtualStorage(new Random(1));
    ClusterDb db = ClusterDb.open(storage, Samples.NODE, new Random(2)).db();
    for (DiskTask task : tasks) {
      db.perform(task);
      while (db.compacting()) {
        db.step();
      }
    }
    return storage.bytes(Layout.FILE);
  }

  /** The scripts are no other language than the file's. */
  @Test
  void aScriptGivesTheFileThatItWasTakenOf() throws Exception {
    for (byte[] image : images().toList()) {
      assertThat(FileScript.image(FileScript.of(image))).isEqualTo(image);
    }
  }

  @MethodSource("seeds")
  @FuzzTest
  void start(byte[] script) throws Exception {
    byte[] image = FileScript.image(script);
    VirtualStorage storage;
    try {
      storage = Cost.bounded(image.length, FIXED_BYTES, () -> opened(image));
    } catch (ClusterDbException e) {
      assertThat(e.detail()).isNotEmpty();
      assertThat(e.hint()).isNotEmpty();
      VirtualStorage refused = holding(image);
      assertThatThrownBy(() -> open(refused)).hasMessage(e.getMessage());
      assertThat(refused.bytes(Layout.FILE)).as("evidence is left alone").isEqualTo(image);
      return;
    }
    Contents found = Contents.of(open(holding(image)).recovered());
    ClusterDb db = again(storage, found);
    if (found.last() < LAST_POSITION && found.hardState().term() < LAST_POSITION) {
      db = goesOn(storage, db, found);
    }
    db.close();
  }

  private static VirtualStorage holding(byte[] image) {
    VirtualStorage storage = new VirtualStorage(new Random(1));
    storage.put(Layout.FILE, image);
    return storage;
  }

  private static VirtualStorage opened(byte[] image) throws IOException, ClusterDbException {
    VirtualStorage storage = holding(image);
    open(storage);
    return storage;
  }

  private static ClusterDb.Opened open(VirtualStorage storage)
      throws IOException, ClusterDbException {
    return ClusterDb.open(storage, Samples.NODE, new Random(3));
  }

  private static ClusterDb again(VirtualStorage storage, Contents expected) throws Exception {
    storage.powerLoss(Survival.NOTHING);
    ClusterDb.Opened opened = open(storage);
    assertThat(Contents.of(opened.recovered())).isEqualTo(expected);
    assertThat(opened.recovered().cutBytes()).isZero();
    return opened.db();
  }

  private static ClusterDb goesOn(VirtualStorage storage, ClusterDb db, Contents found)
      throws Exception {
    List<Entry> entries = found.entries();
    long lastTerm =
        entries.isEmpty() ? found.snapshot().term() : entries.get(entries.size() - 1).term();
    long term = Math.max(1, Math.max(lastTerm, found.hardState().term()));
    DiskTask write = Samples.write(found.last() + 1, found.last() + 2, term);
    db.perform(write);
    Contents expected = found.after(write);
    ClusterDb reopened = again(storage, expected);
    if (expected.last() > 2) {
      DiskTask compact = Samples.compact(expected.last() - 1, term, 2, 9);
      reopened.perform(compact);
      while (reopened.compacting()) {
        reopened.step();
      }
      expected = expected.after(compact);
    }
    return again(storage, expected);
  }
}
