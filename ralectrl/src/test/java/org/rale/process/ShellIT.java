package org.rale.process;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The shell function of the documents, as it stands there, with nc of OpenBSD. */
@Timeout(value = 120, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class ShellIT {
  @TempDir static Path home;

  /** How it ended, and all that it said. */
  private record Ended(int exitCode, String output) {}

  private static String function(String document) throws Exception {
    String text = Files.readString(Path.of("..", document));
    int from = text.indexOf("rale() {\n");
    return text.substring(from, text.indexOf("\n}\n", from) + 3);
  }

  private static Ended sh(String script) throws Exception {
    Process process = new ProcessBuilder("sh", "-c", script).redirectErrorStream(true).start();
    process.getOutputStream().close();
    String output = new String(process.getInputStream().readAllBytes(), UTF_8);
    return new Ended(process.waitFor(), output);
  }

  @ParameterizedTest
  @ValueSource(strings = {"README.md", "docs/PROTOCOL.md"})
  void speaksToANode(String document) throws Exception {
    assumeTrue(sh("nc -h 2>&1 | grep -q OpenBSD").exitCode() == 0, "nc of OpenBSD is here");
    String function = function(document);
    try (Daemon node = new Daemon(Files.createTempDirectory(home, "d"), 1).start()) {
      assertThat(node.ask("ADD " + node.words())).isEqualTo("OK: node 1 added");
      String rale = function + "RALE_PORT=" + node.dstorePort + "\n";
      assertThat(sh(rale + "rale PUT greeting 'hello  world'"))
          .isEqualTo(new Ended(0, "OK: hello  world\n"));
      assertThat(sh(rale + "rale GET greeting")).isEqualTo(new Ended(0, "OK: hello  world\n"));
      assertThat(sh(rale + "rale GET nothing"))
          .isEqualTo(new Ended(1, "ERROR: key not found: nothing\n"));
      String local = rale + "RALE_SOCKET=" + node.socket() + "\n";
      assertThat(sh(local + "RALE_PORT=1; rale GET greeting"))
          .isEqualTo(new Ended(0, "OK: hello  world\n"));
      assertThat(sh(local + "rale GET nothing").exitCode()).isEqualTo(1);
    }
    assertThat(sh(function + "RALE_PORT=" + Ports.free() + "; rale PING").exitCode()).isEqualTo(1);
  }

  /** A node that is stopped takes connections and answers none. */
  @ParameterizedTest
  @ValueSource(strings = {"README.md", "docs/PROTOCOL.md"})
  void silenceFails(String document) throws Exception {
    assumeTrue(sh("nc -h 2>&1 | grep -q OpenBSD").exitCode() == 0, "nc of OpenBSD is here");
    try (ServerSocket silent = new ServerSocket(0)) {
      String rale = function(document) + "RALE_PORT=" + silent.getLocalPort() + " RALE_WAIT=1\n";
      assertThat(sh(rale + "rale PING")).isEqualTo(new Ended(1, ""));
    }
  }
}
