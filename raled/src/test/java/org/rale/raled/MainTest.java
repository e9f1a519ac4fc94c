package org.rale.raled;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.rale.raled.config.NodeConfig;

class MainTest {
  @TempDir Path dir;
  private final ByteArrayOutputStream out = new ByteArrayOutputStream();
  private final ByteArrayOutputStream err = new ByteArrayOutputStream();
  private Path pidFile;
  private int udpPort;
  private int tcpPort;

  @BeforeEach
  void findFreePorts() throws IOException {
    pidFile = dir.resolve("pid");
    try (DatagramSocket udp = new DatagramSocket(0, InetAddress.getLoopbackAddress());
        ServerSocket tcp = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      udpPort = udp.getLocalPort();
      tcpPort = tcp.getLocalPort();
    }
  }

  @AfterEach
  void forgetTheHandler() {
    Thread.setDefaultUncaughtExceptionHandler(null);
  }

  private int run(String... args) {
    return run(new ConfigSearch(List.of(dir.resolve("absent.conf"))), args);
  }

  private int run(ConfigSearch search, String... args) {
    Function<NodeConfig, Node> ended =
        config -> {
          FakeNode node = new FakeNode(config);
          node.end(config.nodeName().equals("failing") ? ExitCode.FAILED : ExitCode.OK);
          return node;
        };
    PrintStream stdout = new PrintStream(out, true, StandardCharsets.UTF_8);
    PrintStream stderr = new PrintStream(err, true, StandardCharsets.UTF_8);
    return new Main(Map.of(), search, ended, /* terminal= */ null, stdout, stderr).run(args);
  }

  private String config(String more) throws IOException {
    String text =
        """
        rale_port = %d
        dstore_port = %d
        path = %s/data
        log_directory = %s/log
        socket_path = %s/s
        raled_log_destination = file
        dstore_log_destination = file
        comm_log_destination = file
        """
            .formatted(udpPort, tcpPort, dir, dir, dir);
    return Files.writeString(dir.resolve("n.conf"), text + more).toString();
  }

  private String out() {
    return out.toString(StandardCharsets.UTF_8);
  }

  private String err() {
    return err.toString(StandardCharsets.UTF_8);
  }

  @Test
  void helpTellsOptionsSignalsAndExitCodes() {
    assertThat(run("-h")).isZero();
    assertThat(out())
        .contains("-c, --config=FILE", "-C, --check", "-v, --verbose", "-d, --daemon")
        .contains("-f, --foreground", "-p, --pid-file=FILE", "--rejoin", "-h, --help", "--version")
        .contains("--restore=BACKUP", "--force-new-cluster", "--confirm=CLUSTER_ID")
        .contains("HUP reloads", "Exit codes: 0");
    assertThat(err()).isEmpty();
  }

  @Test
  void versionIsOneLine() {
    assertThat(run("--version")).isZero();
    assertThat(out()).matches("raled \\S.*\n");
  }

  @Test
  void wrongUsageIsTwoAndSaysWhatIsWrong() throws IOException {
    String file = config("");
    for (String[] args :
        new String[][] {
          {"--confg", file},
          {"-x"},
          {"extra"},
          {"-c"},
          {"-c", "-v"},
          {"-d", "-f", "-c", file},
          {"-c", file, "--restore", "b", "--force-new-cluster"},
          {"-c", file, "--restore"},
          {"-C", "-c", file, "--restore", "b"},
          {"-C", "-c", file, "--force-new-cluster"},
          {"-c", file, "--confirm", "0000000000000001"},
          {"-c", file, "-c", file},
          {"-c", file, "--server", "a:1"},
          {"-c", file, "--rejoin", "--server", "a"},
          {"-c", file, "--rejoin", "--server"},
          {"-c", file, "--rejoin", "--force-new-cluster"},
          {"-C", "-c", file, "--rejoin"}
        }) {
      err.reset();
      assertThat(run(args)).as(String.join(" ", args)).isEqualTo(ExitCode.USAGE);
      assertThat(err())
          .startsWith("raled: ")
          .endsWith("Try 'raled --help' for more information.\n");
    }
    assertThat(out()).isEmpty();
  }

  @Test
  void daemonNeedsTheLauncher() throws IOException {
    assertThat(run("-d", "-c", config(""))).isEqualTo(ExitCode.USAGE);
    assertThat(err()).contains("start scripts/raled");
  }

  @Test
  void withoutConfigThePlacesAreTriedInTurn() throws IOException {
    Path first = dir.resolve("a.conf");
    Path second = dir.resolve("b.conf");
    ConfigSearch search = new ConfigSearch(List.of(first, second));
    assertThat(run(search, "-C")).isEqualTo(ExitCode.USAGE);
    assertThat(err()).contains("none of these exists: [" + first + ", " + second + "]");
    Files.writeString(second, "node_id = second");
    err.reset();
    assertThat(run(search, "-C")).isEqualTo(ExitCode.USAGE);
    assertThat(err()).contains(second + ":1: error", "\"second\"", "raled: 1 error in");
    Files.writeString(first, "node_id = first\nx = 1\n");
    err.reset();
    assertThat(run(search, "-C")).isEqualTo(ExitCode.USAGE);
    assertThat(err()).contains(first + ":1: error", "\"first\"", "raled: 2 errors in");
  }

  @Test
  void theSearchOrderIsThatOfTheOriginal() {
    assertThat(ConfigSearch.of(Map.of(), "/home/u").places())
        .containsExactly(
            Path.of("/home/u/.config/rale/raled.conf"),
            Path.of("/etc/rale/raled.conf"),
            Path.of("raled.conf"));
    assertThat(ConfigSearch.of(Map.of(), "").places()).hasSize(2);
  }

  @Test
  void theHomeOfTheEnvironmentCountsOverThatOfTheUserDatabase() {
    assertThat(ConfigSearch.of(Map.of("HOME", "/srv/rale"), "/home/u").places())
        .startsWith(Path.of("/srv/rale/.config/rale/raled.conf"));
    assertThat(ConfigSearch.of(Map.of("HOME", ""), "/home/u").places())
        .startsWith(Path.of("/home/u/.config/rale/raled.conf"));
  }

  @Test
  void checkReportsAndChangesNothing() throws IOException {
    String file = config("");
    assertThat(run("--check", "--pid-file", pidFile.toString(), "-c", file)).isZero();
    assertThat(out())
        .isEqualTo(
            """
            ok      configuration %1$s/n.conf
            ok      rale port 127.0.0.1:%2$d/udp
            ok      dstore port 127.0.0.1:%3$d/tcp
            ok      data directory %1$s/data
            ok      control socket %1$s/s
            ok      log directory %1$s/log
            ok      PID file %1$s/pid
            """
                .formatted(dir, udpPort, tcpPort));
    assertThat(err()).isEmpty();
    try (var left = Files.list(dir)) {
      assertThat(left).containsExactly(Path.of(file));
    }
  }

  @Test
  void checkFindsEverythingThatIsWrong() throws IOException {
    String file = config("");
    Files.writeString(dir.resolve("data"), "");
    Files.writeString(dir.resolve("log"), "");
    Files.writeString(pidFile, "x");
    InetAddress host = InetAddress.getLoopbackAddress();
    try (DatagramSocket udp = new DatagramSocket(udpPort, host);
        ServerSocket tcp = new ServerSocket(tcpPort, 1, host);
        ServerSocketChannel control = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
      control.bind(UnixDomainSocketAddress.of(dir.resolve("s")));
      assertThat(run("-C", "-p", pidFile.toString(), "-c", file)).isEqualTo(ExitCode.FAILED);
      assertThat(udp.isBound() && tcp.isBound()).isTrue();
    }
    assertThat(out().lines().map(line -> line.replaceFirst(dir.toString(), "D")))
        .satisfiesExactly(
            line -> assertThat(line).isEqualTo("ok      configuration D/n.conf"),
            line -> assertThat(line).startsWith("FAILED  rale port").contains("in use"),
            line -> assertThat(line).startsWith("FAILED  dstore port").contains("in use"),
            line ->
                assertThat(line).isEqualTo("FAILED  data directory D/data: it is not a directory"),
            line ->
                assertThat(line)
                    .isEqualTo("FAILED  control socket D/s: another process listens on it"),
            line ->
                assertThat(line).isEqualTo("FAILED  log directory D/log: it is not a directory"),
            line ->
                assertThat(line).startsWith("FAILED  PID file D/pid: ").contains("no process id"));
  }

  @Test
  void aSocketThatIsLeftOverIsNoHindranceAndAnotherFileIs() throws IOException {
    String file = config("");
    ServerSocketChannel control = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
    control.bind(UnixDomainSocketAddress.of(dir.resolve("s")));
    control.close();
    assertThat(run("-C", "-p", pidFile.toString(), "-c", file)).isZero();
    Files.delete(dir.resolve("s"));
    Files.writeString(dir.resolve("s"), "");
    assertThat(run("-C", "-p", pidFile.toString(), "-c", file)).isEqualTo(ExitCode.FAILED);
    assertThat(out()).contains("there is something else of that name");
  }

  @Test
  void theReadyLineIsAllThatStandardOutputGets() throws IOException {
    assertThat(run("-c", config(""), "-p", pidFile.toString())).isZero();
    assertThat(out()).isEqualTo("raled: node 1 ready (fake)\n");
    assertThat(err()).isEmpty();
    assertThat(pidFile).doesNotExist();
  }

  @Test
  void rejoinWithNobodyToAskIsWrongUsage() throws IOException {
    assertThat(run("-c", config(""), "-p", pidFile.toString(), "--rejoin"))
        .isEqualTo(ExitCode.USAGE);
    assertThat(out()).isEmpty();
    assertThat(err())
        .startsWith("raled: node 1 can't rejoin: no member of its cluster is known")
        .contains("--server HOST:PORT");
    assertThat(pidFile).doesNotExist();
  }

  @Test
  void theExitCodeIsTheNodes() throws IOException {
    assertThat(run("-c", config("node_name = failing"), "-p", pidFile.toString()))
        .isEqualTo(ExitCode.FAILED);
  }

  @Test
  void aFailedStartIsToldOnTheTerminalAndInTheLog() throws IOException {
    assertThat(run("-c", config("node_name = damaged"), "-p", pidFile.toString()))
        .isEqualTo(ExitCode.BAD_DATA);
    assertThat(out()).isEmpty();
    assertThat(err()).isEqualTo("raled: cluster.db is damaged\n");
    assertThat(Files.readString(dir.resolve("log/raled1.log")))
        .containsPattern("ERROR raled: cluster.db is damaged");
    assertThat(pidFile).doesNotExist();
  }

  @Test
  void aBrokenInvariantIsToldOnTheTerminalAndInTheLog() throws IOException {
    assertThat(run("-c", config("node_name = broken"), "-p", pidFile.toString()))
        .isEqualTo(ExitCode.FAILED);
    assertThat(err()).contains("raled: failed: ", "an invariant is broken");
    assertThat(Files.readString(dir.resolve("log/raled1.log")))
        .contains("an invariant is broken", "at org.rale.raled.FakeNode.start");
    assertThat(pidFile).doesNotExist();
  }

  @Test
  void aFailedStartIsToldOnceWhereTheLogGoesToTheTerminal() throws IOException {
    PrintStream before = System.err;
    System.setErr(new PrintStream(err, true, StandardCharsets.UTF_8));
    try {
      Path file = Path.of(config("node_name = damaged"));
      String text = Files.readString(file);
      Files.writeString(
          file, text.replace("raled_log_destination = file", "raled_log_destination = stderr"));
      assertThat(run("-c", file.toString(), "-p", pidFile.toString())).isEqualTo(ExitCode.BAD_DATA);
    } finally {
      System.setErr(before);
    }
    assertThat(err()).isEqualTo("raled: cluster.db is damaged\n");
  }

  @Test
  void aPidFileThatIsNotOursKeepsTheNodeFromStarting() throws IOException {
    Files.writeString(pidFile, "precious");
    assertThat(run("-c", config(""), "-p", pidFile.toString())).isEqualTo(ExitCode.FAILED);
    assertThat(out()).isEmpty();
    assertThat(err()).contains("holds no process id");
    assertThat(pidFile).hasContent("precious");
  }

  @Test
  void aLogThatCannotBeOpenedIsAFailure() throws IOException {
    Files.writeString(dir.resolve("log"), "");
    assertThat(run("-c", config(""), "-p", pidFile.toString())).isEqualTo(ExitCode.FAILED);
    assertThat(err()).startsWith("raled: the log file " + dir + "/log/raled1.log can't be written");
  }
}
