package org.rale.raled;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermission;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PidFileTest {
  private static final long PID = ProcessHandle.current().pid();

  @TempDir Path dir;
  private Path path;

  @BeforeEach
  void name() {
    path = dir.resolve("raled.pid");
  }

  private void refused(String message) {
    assertThatThrownBy(() -> PidFile.create(path, PID))
        .isInstanceOf(PidFile.RefusedException.class)
        .hasMessageContaining(path.toString())
        .hasMessageContaining(message);
  }

  @Test
  void holdsTheProcessIdUntilItIsRemoved() throws Exception {
    PidFile file = PidFile.create(path, PID);
    assertThat(path).hasContent(PID + "\n");
    assertThat(Files.getPosixFilePermissions(path))
        .contains(PosixFilePermission.OWNER_READ, PosixFilePermission.OWNER_WRITE)
        .doesNotContain(PosixFilePermission.GROUP_WRITE, PosixFilePermission.OTHERS_WRITE);
    file.remove();
    assertThat(path).doesNotExist();
    file.remove();
  }

  @Test
  void theFileOfADeadProcessIsReplaced() throws Exception {
    Process dead = new ProcessBuilder("true").start();
    dead.waitFor();
    Files.writeString(path, dead.pid() + "\n");
    PidFile.create(path, PID);
    assertThat(path).hasContent(PID + "\n");
  }

  @Test
  void theFileOfALiveRaledIsRefusedWithItsProcessId() throws Exception {
    Process raled = new ProcessBuilder("sh", "-c", "read line # raled").start();
    try {
      Files.writeString(path, raled.pid() + "\n");
      refused("raled is already running with process id " + raled.pid());
      assertThat(path).hasContent(raled.pid() + "\n");
    } finally {
      raled.destroy();
    }
  }

  @Test
  void whoWasKilledAndIsStillListedRunsNoMore() throws Exception {
    String script = "exec 3<&0; (read line <&3) & echo $!; exec tail -f /dev/null";
    Process careless = new ProcessBuilder("sh", "-c", script).start();
    try {
      String zombie = careless.inputReader().readLine();
      // Only when the shell has become a program that never looks after children may the child end.
      waitFor(Path.of("/proc", Long.toString(careless.pid()), "cmdline"), "tail\0-f");
      careless.getOutputStream().write('\n');
      careless.getOutputStream().flush();
      waitFor(Path.of("/proc", zombie, "stat"), ") Z ");
      Files.writeString(path, zombie + "\n");
      PidFile.create(path, PID);
      assertThat(path).hasContent(PID + "\n");
    } finally {
      careless.destroy();
    }
  }

  private static void waitFor(Path file, String content) throws IOException {
    while (!Files.readString(file).contains(content)) {
      Thread.onSpinWait();
    }
  }

  @Test
  void theProcessIdMayHaveGoneToAnotherProgram() throws Exception {
    Process other = new ProcessBuilder("cat").start();
    try {
      Files.writeString(path, other.pid() + "\n");
      PidFile.create(path, PID);
      assertThat(path).hasContent(PID + "\n");
    } finally {
      other.destroy();
    }
  }

  @Test
  void theOwnProcessIdIsThatOfTheLastRunInAContainer() throws Exception {
    Files.writeString(path, PID + "\n");
    PidFile.create(path, PID);
    assertThat(path).hasContent(PID + "\n");
  }

  @Test
  void linksAreNotFollowed() throws IOException {
    Path victim = Files.writeString(dir.resolve("victim"), "1\n");
    Files.createSymbolicLink(path, victim);
    refused("is a symbolic link, which is not followed");
    assertThat(victim).hasContent("1\n");
    Files.delete(path);
    Files.createSymbolicLink(path, dir.resolve("nowhere"));
    refused("is a symbolic link, which is not followed");
    assertThat(dir.resolve("nowhere")).doesNotExist();
  }

  @Test
  void whatIsNotOursIsNotReplaced() throws IOException {
    for (String content : new String[] {"", "hello", "-1\n", "0\n", "1 2\n", "9".repeat(100)}) {
      Files.writeString(path, content);
      refused("holds no process id");
      assertThat(path).hasContent(content);
    }
    Files.delete(path);
    Files.createDirectory(path);
    refused("is no file");
  }

  @Test
  void aFileOfAnotherIsNotRemoved() throws Exception {
    PidFile file = PidFile.create(path, PID);
    Files.writeString(path, "1\n");
    file.remove();
    assertThat(path).hasContent("1\n");
    Path other = Files.writeString(dir.resolve("other"), PID + "\n");
    Files.move(other, path, StandardCopyOption.REPLACE_EXISTING);
    file.remove();
    assertThat(path).hasContent(PID + "\n");
  }

  @Test
  void aDirectoryThatIsMissingIsAnError() {
    path = dir.resolve("no/raled.pid");
    assertThatThrownBy(() -> PidFile.create(path, PID)).isInstanceOf(IOException.class);
  }
}
