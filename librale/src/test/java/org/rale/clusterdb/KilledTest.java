package org.rale.clusterdb;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * What {@link PowerLossTest} does on a disk of its own making, here with processes, signals and
 * files of the operating system: a rewrite and an install are killed at each of their calls.
 */
final class KilledTest {
  private static final int SIGKILL = 128 + 9;

  @TempDir private Path temp;

  @Test
  @DisplayName("S-02 S-04 kill -9 at each write, sync, rename and deletion of a rewrite")
  void S_04_killedAtEachCall() throws Exception {
    int deaths = 0;
    boolean died = true;
    for (int n = 1; died; n++) {
      Path directory = Files.createDirectory(temp.resolve("at" + n));
      Contents before = begin(directory);
      List<String> done = new ArrayList<>();
      died = isKilled(directory, n, done);
      assertThat(found(directory))
          .as("killed at call %d after %s", n, done)
          .isIn(may(before, done));
      try (var names = Files.list(directory)) {
        assertThat(names.map(file -> file.getFileName().toString()))
            .as("what a start leaves behind after call %d", n)
            .containsExactlyInAnyOrder(Layout.FILE, FileStorage.LOCK_FILE);
      }
      deaths += died ? 1 : 0;
    }
    assertThat(deaths).as("calls of the script").isGreaterThan(25);
  }

  /** A member's file, as a start would find it. */
  private static Contents begin(Path directory) throws Exception {
    try (FileStorage storage = FileStorage.open(directory)) {
      ClusterDb.Opened opened = ClusterDb.open(storage, Samples.NODE, new Random(1));
      Contents contents = Contents.of(opened.recovered());
      try (ClusterDb db = opened.db()) {
        for (DiskTask task : List.of(Samples.join(), Samples.write(2, 20, 1))) {
          db.perform(task);
          contents = contents.after(task);
        }
      }
      return contents;
    }
  }

  private static boolean isKilled(Path directory, int n, List<String> done)
      throws IOException, InterruptedException {
    Process process =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:TieredStopAtLevel=1",
                "-XX:+UseSerialGC",
                "-cp",
                System.getProperty("java.class.path"),
                KilledProcess.class.getName(),
                directory.toString(),
                Integer.toString(n))
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start();
    try (BufferedReader lines = process.inputReader(UTF_8)) {
      lines.lines().forEach(done::add);
    }
    int exit = process.waitFor();
    assertThat(exit).isIn(0, SIGKILL);
    return exit == SIGKILL;
  }

  private static Contents found(Path directory) throws Exception {
    try (FileStorage storage = FileStorage.open(directory)) {
      ClusterDb.Opened opened = ClusterDb.open(storage, Samples.NODE, new Random(2));
      opened.db().close();
      return Contents.of(opened.recovered());
    }
  }

  /** What was reported, and that with what was under way. */
  private static List<Contents> may(Contents before, List<String> done) {
    Contents reported = before;
    DiskTask rewrite = null;
    int next = 0;
    for (String line : done) {
      if (line.equals(KilledProcess.REWRITTEN) && rewrite != null) {
        reported = reported.after(rewrite);
        rewrite = null;
        continue;
      }
      assertThat(line).isEqualTo(KilledProcess.TASK);
      DiskTask task = KilledProcess.SCRIPT.get(next);
      next++;
      if (task instanceof DiskTask.Compact) {
        rewrite = task;
      } else {
        reported = reported.after(task);
      }
    }
    List<Contents> may = new ArrayList<>(List.of(reported));
    if (rewrite != null) {
      may.add(reported.after(rewrite));
    } else if (next < KilledProcess.SCRIPT.size()
        && !(KilledProcess.SCRIPT.get(next) instanceof DiskTask.Compact)) {
      may.add(reported.after(KilledProcess.SCRIPT.get(next)));
    }
    if (rewrite != null && next < KilledProcess.SCRIPT.size()) {
      may.add(reported.after(KilledProcess.SCRIPT.get(next)));
    }
    return may;
  }
}
