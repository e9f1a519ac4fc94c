package org.rale.clusterdb;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.rale.clusterdb.Samples.NODE;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.rale.clusterdb.ClusterDbException.Kind;

/** The same file in a real directory. */
final class FileStorageTest {
  @TempDir private Path temp;

  private static Contents open(FileStorage storage, List<DiskTask> tasks) throws Exception {
    ClusterDb.Opened opened = ClusterDb.open(storage, NODE, new Random(1));
    Contents contents = Contents.of(opened.recovered());
    try (ClusterDb db = opened.db()) {
      for (DiskTask task : tasks) {
        db.perform(task);
        contents = contents.after(task);
        while (db.compacting()) {
          db.step();
        }
      }
    }
    return contents;
  }

  @Test
  void everythingComesBackFromARealDisk() throws Exception {
    Path directory = temp.resolve("a/b");
    List<List<DiskTask>> runs =
        List.of(
            List.of(Samples.join(), Samples.write(2, 40, 1), Samples.large(41, 9, 1, 300_000)),
            List.of(Samples.write(45, 46, 2), Samples.compact(44, 1, 20, 200_000)),
            List.of(Samples.write(47, 47, 2), Samples.install(900, 3, 90, 50_000)),
            List.of(Samples.write(901, 905, 3)),
            List.of());
    Contents expected = null;
    for (List<DiskTask> run : runs) {
      try (FileStorage storage = FileStorage.open(directory)) {
        ClusterDb.Opened opened = ClusterDb.open(storage, NODE, new Random(1));
        opened.db().close();
        if (expected != null) {
          assertThat(Contents.of(opened.recovered())).isEqualTo(expected);
        }
        expected = open(storage, run);
      }
    }
  }

  @Test
  void aTornTailIsCutOnDisk() throws Exception {
    Path file = temp.resolve(Layout.FILE);
    Contents whole;
    try (FileStorage storage = FileStorage.open(temp)) {
      whole = open(storage, List.of(Samples.join(), Samples.write(2, 9, 1)));
    }
    byte[] bytes = Files.readAllBytes(file);
    int end = bytes.length;
    while (bytes[end - 1] == 0) {
      end--;
    }
    bytes[end + 500] = 1;
    Files.write(file, bytes);
    try (FileStorage storage = FileStorage.open(temp)) {
      ClusterDb.Opened opened = ClusterDb.open(storage, NODE, new Random(1));
      opened.db().close();
      assertThat(opened.recovered().cutBytes()).isBetween(490L, 510L);
      assertThat(Contents.of(opened.recovered())).isEqualTo(whole);
    }
    assertThat(Files.size(file)).isBetween((long) end, end + 8L);
  }

  @Test
  void directoryAndFilesAreTheOwnersAlone() throws Exception {
    Path directory = temp.resolve("data");
    try (FileStorage storage = FileStorage.open(directory)) {
      open(storage, List.of(Samples.join()));
      assertThat(storage.describe(Layout.FILE)).isEqualTo(directory + "/cluster.db");
    }
    assertThat(permissions(directory)).isEqualTo("rwx------");
    assertThat(permissions(directory.resolve("cluster.db"))).isEqualTo("rw-------");
    assertThat(permissions(directory.resolve("cluster.lock"))).isEqualTo("rw-------");
  }

  private static String permissions(Path path) throws IOException {
    return PosixFilePermissions.toString(Files.getPosixFilePermissions(path));
  }

  @Test
  @DisplayName("a second open in the same process is refused, and does not drop the first lock")
  void locksOutThisProcess() throws Exception {
    Path link = temp.resolve("link");
    Path directory = Files.createDirectory(temp.resolve("data"));
    Files.createSymbolicLink(link, directory);
    try (FileStorage storage = FileStorage.open(directory)) {
      for (Path path : List.of(directory, link)) {
        assertThatThrownBy(() -> FileStorage.open(path))
            .isInstanceOfSatisfying(
                ClusterDbException.class,
                e -> {
                  assertThat(e.kind()).isEqualTo(Kind.LOCKED);
                  assertThat(e.detail())
                      .isEqualTo(
                          "File \""
                              + path.resolve("cluster.lock")
                              + "\" is locked by this process.");
                })
            .hasMessage("data directory \"" + path + "\" is in use");
      }
      assertThat(lockedForOthers(directory)).isTrue();
      assertThat(storage.exists("cluster.lock")).isTrue();
    }
    assertThat(lockedForOthers(directory)).isFalse();
    FileStorage.open(directory).close();
  }

  /** Asks the kernel, through another process, as a second raled would. */
  private static boolean lockedForOthers(Path directory) throws Exception {
    Process other = otherProcess("try", directory);
    try {
      return "locked".equals(other.inputReader().readLine());
    } finally {
      other.destroyForcibly().waitFor();
    }
  }

  @Test
  void locksOutAnotherProcessUntilThatOneIsKilled() throws Exception {
    Process holder = otherProcess("hold", temp);
    try {
      assertThat(holder.inputReader().readLine()).isEqualTo("open");
      assertThatThrownBy(() -> FileStorage.open(temp))
          .isInstanceOfSatisfying(
              ClusterDbException.class,
              e ->
                  assertThat(e.detail())
                      .isEqualTo(
                          "File \""
                              + temp.resolve("cluster.lock")
                              + "\" is locked by process "
                              + holder.pid()
                              + "."));
    } finally {
      holder.destroyForcibly();
    }
    assertThat(holder.waitFor(30, TimeUnit.SECONDS)).isTrue();
    FileStorage.open(temp).close();
  }

  private static Process otherProcess(String what, Path directory) throws IOException {
    return new ProcessBuilder(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-cp",
            System.getProperty("surefire.test.class.path", System.getProperty("java.class.path")),
            LockHolder.class.getName(),
            what,
            directory.toString())
        .redirectError(ProcessBuilder.Redirect.INHERIT)
        .start();
  }

  /** Another process that opens the directory. */
  static final class LockHolder {
    private LockHolder() {}

    public static void main(String[] args) throws Exception {
      try (FileStorage storage = FileStorage.open(Path.of(args[1]))) {
        System.out.println(storage.exists("cluster.lock") ? "open" : "open without a lock file");
        if ("hold".equals(args[0])) {
          // Ends when it is killed, or with its parent.
          System.in.read();
        }
      } catch (ClusterDbException e) {
        System.out.println("locked");
      }
    }
  }

  @Test
  void aLinkInPlaceOfTheFileIsNotFollowed() throws Exception {
    Path elsewhere = Files.write(temp.resolve("elsewhere"), new byte[10]);
    try (FileStorage storage = FileStorage.open(temp.resolve("data"))) {
      Files.createSymbolicLink(temp.resolve("data/cluster.db"), elsewhere);
      assertThat(storage.exists(Layout.FILE)).isTrue();
      assertThatThrownBy(() -> ClusterDb.open(storage, NODE, new Random(1)))
          .isInstanceOf(IOException.class)
          .hasMessageContaining("could not open file \"" + temp.resolve("data/cluster.db") + "\"");
    }
    assertThat(Files.size(elsewhere)).isEqualTo(10);
  }

  @Test
  void failuresNameTheFileAndTheReason() throws Exception {
    Path plain = Files.createFile(temp.resolve("plain"));
    assertThatThrownBy(() -> FileStorage.open(plain))
        .isInstanceOf(IOException.class)
        .hasMessage(
            "could not create directory \"" + plain + "\": It exists, and is something else");
    try (FileStorage storage = FileStorage.open(temp.resolve("data"))) {
      Path missing = temp.resolve("data/nothing");
      assertThatThrownBy(() -> storage.open("nothing", false))
          .hasMessage("could not open file \"" + missing + "\": No such file or directory");
      assertThatThrownBy(() -> storage.delete("nothing"))
          .hasMessage("could not delete file \"" + missing + "\": No such file or directory");
    }
  }

  @Test
  void readsStopAtTheEndAndWritesTakeAll() throws Exception {
    try (FileStorage storage = FileStorage.open(temp);
        Storage.StorageFile file = storage.open("some", true)) {
      ByteBuffer bytes = ByteBuffer.allocateDirect(100_000);
      file.write(50, bytes);
      assertThat(bytes.hasRemaining()).isFalse();
      assertThat(file.size()).isEqualTo(100_050);
      file.truncate(60);
      file.sync();
      assertThat(file.read(55, ByteBuffer.allocate(100))).isEqualTo(5);
      assertThat(file.read(60, ByteBuffer.allocate(100))).isZero();
      assertThat(file.read(1000, ByteBuffer.allocate(100))).isZero();
    }
  }

  @Test
  void whatANodeMayNotWriteIsNoFreshNode() throws Exception {
    try (FileStorage storage = FileStorage.open(temp)) {
      open(storage, List.of(Samples.join()));
    }
    Path file = temp.resolve(Layout.FILE);
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("r--------"));
    try (FileStorage storage = FileStorage.open(temp)) {
      if (Files.isWritable(file)) {
        // Root may write everything: then the node starts, and nothing is lost either.
        assertThat(open(storage, List.of()).last()).isEqualTo(1);
        return;
      }
      assertThatThrownBy(() -> ClusterDb.open(storage, NODE, new Random(1)))
          .hasMessage("could not open file \"" + file + "\": Permission denied");
    }
  }

  @Test
  @DisplayName("S-18 what happens when a disk thread is interrupted after all")
  void S_18_anInterruptEndsTheFile() throws Exception {
    try (FileStorage storage = FileStorage.open(temp)) {
      ClusterDb db = ClusterDb.open(storage, NODE, new Random(1)).db();
      db.perform(Samples.join());
      Thread.currentThread().interrupt();
      try {
        assertThatThrownBy(() -> db.perform(Samples.write(2, 2, 1)))
            .isInstanceOf(IOException.class);
      } finally {
        Thread.interrupted();
      }
      assertThatThrownBy(() -> db.perform(Samples.write(2, 2, 1)))
          .isInstanceOf(IllegalStateException.class);
      db.close();
      assertThat(open(storage, List.of()).last()).isBetween(1L, 2L);
    }
    try (FileChannel channel =
        FileChannel.open(temp.resolve(Layout.FILE), StandardOpenOption.READ)) {
      assertThat(channel.size()).isPositive();
    }
  }

  @Test
  void aFileThatWasRenamedIsCalledByItsNewName() throws Exception {
    try (FileStorage storage = FileStorage.open(temp)) {
      Storage.StorageFile file = storage.open(Layout.NEW_FILE, true);
      storage.rename(Layout.NEW_FILE, Layout.FILE);
      file.close();
      assertThatThrownBy(() -> file.write(0, ByteBuffer.allocate(1)))
          .hasMessageContaining("write at byte 0 of file \"" + temp.resolve(Layout.FILE) + "\"");
    }
  }
}
