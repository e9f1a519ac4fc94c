package org.rale.clusterdb;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIOException;
import static org.rale.clusterdb.Samples.CLUSTER;
import static org.rale.clusterdb.Samples.MEMBERS;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Iterator;
import java.util.Random;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.rale.bytes.Bytes;
import org.rale.clusterdb.VirtualStorage.PowerLoss;
import org.rale.clusterdb.VirtualStorage.Survival;
import org.rale.dstore.DStore;
import org.rale.raft.SnapshotMeta;

final class BackupFileTest {
  private static final SnapshotMeta META = new SnapshotMeta(80, 3, MEMBERS);
  private static final DStore TABLE = Samples.store(80, 70, 9_000);

  @TempDir Path temp;

  private static void fill(BackupFile backup) throws IOException {
    Iterator<Bytes> pieces = TABLE.freeze().pieces(20_000);
    while (pieces.hasNext()) {
      backup.write(pieces.next());
    }
  }

  private static void write(Path file, boolean replace) throws Exception {
    try (BackupFile backup = BackupFile.begin(file, replace, CLUSTER, META, 4, 11)) {
      fill(backup);
      assertThat(backup.finish()).isEqualTo(Files.size(file));
    }
  }

  private static void assertWhole(ClusterDbFile file) throws IOException {
    assertThat(file.isBackup()).isTrue();
    assertThat(file.identity().clusterId()).isEqualTo(CLUSTER);
    Survey survey = file.survey(true);
    assertThat(survey.damage()).isNull();
    Survey.Held held = survey.held();
    assertThat(held.snapshot()).isEqualTo(META);
    assertThat(held.entries()).isEmpty();
    assertThat(held.hardState().term()).isEqualTo(4);
    assertThat(held.table().stateHash()).isEqualTo(TABLE.stateHash());
  }

  @Test
  void isAFileThatEveryReaderReads() throws Exception {
    Path path = temp.resolve("b");
    write(path, false);
    try (ClusterDbFile file = ClusterDbFile.open(path)) {
      assertWhole(file);
    }
    assertThat(temp.toFile().list()).containsExactly("b");
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(path)))
        .isEqualTo("rw-------");
  }

  @Test
  void aFileOfTheNameStaysUnlessItMayBeReplaced() throws Exception {
    Path path = Files.writeString(temp.resolve("b"), "mine");
    assertThatIOException()
        .isThrownBy(() -> write(path, false))
        .withMessageContaining("could not create file \"" + path + "\": It exists");
    assertThat(path).hasContent("mine");
    write(path, true);
    assertThat(Files.size(path)).isGreaterThan(TABLE.liveBytes());
    assertThatIOException()
        .isThrownBy(() -> write(temp, true))
        .withMessageContaining("is a directory");
  }

  @Test
  void aFileThatCameMeanwhileStaysToo() throws Exception {
    Path path = temp.resolve("b");
    try (BackupFile backup = BackupFile.begin(path, false, CLUSTER, META, 4, 11)) {
      fill(backup);
      Files.writeString(path, "mine");
      assertThatIOException().isThrownBy(backup::finish).withMessageContaining("It exists");
    }
    assertThat(path).hasContent("mine");
    assertThat(temp.toFile().list()).containsExactly("b");
  }

  @Test
  void oneThatIsCutOffHasNotTheName() throws Exception {
    Path path = temp.resolve("b");
    try (BackupFile backup = BackupFile.begin(path, false, CLUSTER, META, 4, 11)) {
      fill(backup);
      assertThat(temp.toFile().list()).containsExactly("b.partial");
    }
    assertThat(temp).isEmptyDirectory();
    Files.writeString(temp.resolve("b.partial"), "of a run that was killed");
    write(path, false);
    assertThat(temp.toFile().list()).containsExactly("b");
  }

  @Test
  void twoDoNotWriteTheSameOne() throws Exception {
    Path path = temp.resolve("b");
    try (BackupFile backup = BackupFile.begin(path, false, CLUSTER, META, 4, 11)) {
      fill(backup);
      assertThatIOException()
          .isThrownBy(() -> write(path, false))
          .withMessageContaining("is being written by another backup");
      backup.finish();
    }
    try (ClusterDbFile file = ClusterDbFile.open(path)) {
      assertWhole(file);
    }
  }

  @Test
  void whatTheDiskGarbledGetsNoName() throws Exception {
    for (int at : new int[] {Layout.HEADER_BYTES + 40, 100_000}) {
      VirtualStorage disk = new VirtualStorage(new Random(1));
      BackupFile backup = BackupFile.begin(new Rotting(disk, at), CLUSTER, META, 4, 11);
      fill(backup);
      assertThatExceptionOfType(ClusterDbException.class)
          .isThrownBy(backup::finish)
          .withMessageContaining("cluster.db.new\" is damaged at byte");
      backup.close();
      assertThat(disk.names()).isEmpty();
    }
  }

  /** A disk that flips a bit when it syncs. */
  private record Rotting(VirtualStorage disk, int at) implements Storage {
    @Override
    public boolean exists(String name) throws IOException {
      return disk.exists(name);
    }

    @Override
    public StorageFile open(String name, boolean create) throws IOException {
      StorageFile file = disk.open(name, create);
      return new StorageFile() {
        @Override
        public long size() throws IOException {
          return file.size();
        }

        @Override
        public int read(long position, ByteBuffer target) throws IOException {
          return file.read(position, target);
        }

        @Override
        public void write(long position, ByteBuffer source) throws IOException {
          file.write(position, source);
        }

        @Override
        public void truncate(long size) throws IOException {
          file.truncate(size);
        }

        @Override
        public void sync() throws IOException {
          file.sync();
          disk.flip(name, at, 8);
        }

        @Override
        public void close() throws IOException {
          file.close();
        }
      };
    }

    @Override
    public void rename(String from, String to) throws IOException {
      disk.rename(from, to);
    }

    @Override
    public void delete(String name) throws IOException {
      disk.delete(name);
    }

    @Override
    public void syncDirectory() throws IOException {
      disk.syncDirectory();
    }

    @Override
    public String describe(String name) {
      return disk.describe(name);
    }

    @Override
    public void close() {}
  }

  @ParameterizedTest
  @EnumSource(Survival.class)
  @DisplayName("S-04 power loss at every operation: what has the name is whole")
  void S_04_powerLoss(Survival survival) throws Exception {
    int named = 0;
    boolean lost = true;
    for (int n = 1; lost; n++) {
      VirtualStorage disk = new VirtualStorage(new Random(n));
      disk.losePowerAt(n);
      try {
        BackupFile backup = BackupFile.begin(disk, CLUSTER, META, 4, 11);
        fill(backup);
        backup.finish();
        lost = false;
      } catch (PowerLoss e) {
        // What this test is about.
      }
      disk.powerLoss(survival);
      if (disk.names().contains(Layout.FILE)) {
        named++;
        try (ClusterDbFile file = ClusterDbFile.open(disk.open(Layout.FILE, false), "virtual")) {
          assertWhole(file);
        }
      }
    }
    assertThat(named).isPositive();
  }
}
