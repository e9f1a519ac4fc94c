package org.rale.ralectrl;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** START and STOP, with a script in raled's place. */
class LocalNodeTest {
  @TempDir Path directory;
  private Path socket;
  private Path config;

  @BeforeEach
  void configure() throws IOException {
    socket = directory.resolve("n.sock");
    config =
        Files.writeString(
            directory.resolve("raled.conf"), "communication_socket = %s\n".formatted(socket));
  }

  @Test
  void startWaitsUntilTheNodeServes() throws IOException {
    // The script listens nowhere: the test does, once the script has run.
    Path raled = script("printf '%s\\n' \"$@\" > " + directory + "/arguments; echo ready");
    Path stdout = directory.resolve("stdout");
    Files.writeString(stdout, "before\n");
    try (FakeServer node = onceThereIs(directory.resolve("arguments"))) {
      start(raled, "--stdout", stdout.toString()).printed("node 1 started\n");
      assertThat(node.requests()).isNotEmpty();
    }
    assertThat(Files.readString(directory.resolve("arguments")))
        .isEqualTo("--daemon\n--config\n%s\n".formatted(config));
    assertThat(Files.readString(stdout)).isEqualTo("before\nready\n");
  }

  @Test
  void raledsExitCodeIsPassedThrough() throws IOException {
    start(script("exit 3"))
        .failed(
            3,
            """
            ralectrl: error: raled ended with exit code 3
            ralectrl: hint: Its messages are above, or in its log.
            """);
  }

  @Test
  void startEndsInTimeWhenTheNodeNeverServes() throws IOException {
    start(script("exit 0"), "--timeout", "0.3")
        .failed(
            3,
            """
            ralectrl: error: the node did not serve in time
            ralectrl: detail: It does not answer on %s.
            ralectrl: hint: It may still be starting: see its log, or give it more time with --timeout.
            """
                .formatted(socket));
  }

  @Test
  void aNodeThatRunsIsNotStartedAgain() throws IOException {
    try (FakeServer node = FakeServer.unix(socket, FakeServer.replying("{}"))) {
      Program.Run run = start(script("touch " + directory + "/started"));
      assertThat(run.exit()).isEqualTo(1);
      assertThat(run.err()).contains("the node of %s runs already".formatted(config));
      assertThat(directory.resolve("started")).doesNotExist();
      assertThat(node.requests()).hasSize(1);
    }
  }

  @Test
  void raledMustBeSomewhere() {
    new Program()
        .with("PATH", directory.toString())
        .run("START", "--config", config.toString())
        .failed(
            1,
            """
            ralectrl: error: raled is not found
            ralectrl: detail: It is neither named by RALED nor in a directory of PATH.
            ralectrl: hint: Start ralectrl by scripts/ralectrl, or set RALED.
            """);
  }

  @Test
  void stopWaitsUntilTheProcessIsGone() throws IOException, InterruptedException {
    Process process = new ProcessBuilder("sleep", "600").start();
    FakeServer.Conduct stopping =
        peer -> {
          if (peer.read().contains("STOP")) {
            try {
              // The client has the answer, and is gone again, while the process still lives.
              peer.write("{\"status\":\"ok\",\"message\":\"stopping\"}\n");
              peer.read();
            } finally {
              process.destroy();
            }
          } else {
            peer.write("{\"status\":\"ok\",\"node_id\":7,\"pid\":%d}\n".formatted(process.pid()));
          }
        };
    try (FakeServer node = FakeServer.unix(socket, stopping)) {
      stop().printed("node 7 stopped\n");
      assertThat(hasEnded(process.pid())).isTrue();
      assertThat(node.requests()).hasSize(2);
    } finally {
      process.destroyForcibly().waitFor(10, TimeUnit.SECONDS);
    }
  }

  /** As the kernel sees it: this machine's own Process hears of it somewhat later. */
  private static boolean hasEnded(long pid) throws IOException {
    try {
      String stat = Files.readString(Path.of("/proc/" + pid + "/stat"));
      return stat.startsWith("Z", stat.lastIndexOf(')') + 2);
    } catch (NoSuchFileException e) {
      return true;
    }
  }

  @Test
  void aNodeThatDoesNotStopInTime() throws IOException {
    long pid = ProcessHandle.current().pid();
    FakeServer.Conduct stubborn =
        peer ->
            peer.write(
                peer.read().contains("STOP")
                    ? "{\"status\":\"ok\",\"message\":\"stopping\"}\n"
                    : "{\"status\":\"ok\",\"node_id\":7,\"pid\":%d}\n".formatted(pid));
    try (FakeServer node = FakeServer.unix(socket, stubborn)) {
      stop("--timeout", "0.3")
          .failed(
              3,
              """
              ralectrl: error: node 7 did not stop in time
              ralectrl: detail: Its process is %d.
              ralectrl: hint: It was asked to: see its log, or give it more time with --timeout.
              """
                  .formatted(pid));
      assertThat(node.requests()).hasSize(2);
    }
  }

  @Test
  void withoutAPidItIsTheSocketThatTells() throws IOException {
    FakeServer[] node = new FakeServer[1];
    FakeServer.Conduct ending =
        peer -> {
          if (peer.read().contains("STOP")) {
            peer.write("{\"status\":\"ok\",\"message\":\"stopping\"}\n");
            node[0].close();
          } else {
            peer.write("{\"status\":\"ok\",\"node_id\":7}\n");
          }
        };
    node[0] = FakeServer.unix(socket, ending);
    stop("-o", "json").printed("{\"status\":\"ok\",\"node_id\":7}\n");
  }

  @Test
  void aNodeThatDoesNotRunCannotBeStopped() {
    stop()
        .failed(
            3,
            """
            ralectrl: error: the node is not running
            ralectrl: detail: %s: there is no such socket
            ralectrl: hint: START starts it.
            """
                .formatted(socket));
  }

  @Test
  void aSocketThatWasLeftBehindIsNoNode() throws IOException {
    FakeServer.leaveBehind(socket);
    assertThat(socket).exists();
    Program.Run run = stop();
    assertThat(run.exit()).isEqualTo(3);
    assertThat(run.err()).contains("the node is not running", "connection refused");
  }

  /** A node that opens its control socket as soon as there is the file. */
  private FakeServer onceThereIs(Path file) throws IOException {
    Path hidden = directory.resolve("hidden.sock");
    FakeServer node = FakeServer.unix(hidden, FakeServer.replying("{}"));
    Thread opener =
        new Thread(
            () -> {
              try {
                while (!Files.exists(file)) {
                  Thread.onSpinWait();
                }
                Files.move(hidden, socket);
              } catch (IOException e) {
                throw new UncheckedIOException(e);
              }
            });
    opener.setDaemon(true);
    opener.start();
    return node;
  }

  private Path script(String body) throws IOException {
    Path script = Files.writeString(directory.resolve("raled"), "#!/bin/sh\n" + body + "\n");
    return Files.setPosixFilePermissions(script, PosixFilePermissions.fromString("rwx------"));
  }

  private Program.Run start(Path raled, String... options) {
    return run(new Program().with("RALED", raled.toString()), "START", options);
  }

  private Program.Run stop(String... options) {
    return run(new Program(), "STOP", options);
  }

  private Program.Run run(Program program, String command, String... options) {
    String[] arguments = new String[options.length + 3];
    System.arraycopy(new String[] {command, "--config", config.toString()}, 0, arguments, 0, 3);
    System.arraycopy(options, 0, arguments, 3, options.length);
    return program.run(arguments);
  }
}
