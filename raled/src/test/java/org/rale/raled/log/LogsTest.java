package org.rale.raled.log;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.util.LogbackMDCAdapter;
import io.netty.channel.unix.DomainSocketAddress;
import io.netty.channel.unix.Socket;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.rale.raled.config.ConfigReader;
import org.rale.raled.config.NodeConfig;

class LogsTest {
  @TempDir Path dir;
  private final LoggerContext context = new LoggerContext();

  @BeforeEach
  void start() {
    // As logback does for the context of the process.
    context.setMDCAdapter(new LogbackMDCAdapter());
    context.start();
  }

  @AfterEach
  void stop() {
    context.stop();
  }

  private NodeConfig config(String text) throws IOException {
    Path file = Files.writeString(dir.resolve("n.conf"), text + "\nlog_directory = " + dir);
    return ConfigReader.read(file, Map.of()).config().orElseThrow();
  }

  private Logs logs(boolean verbose, boolean detached) {
    return new Logs(context, dir.resolve("devlog"), new Logs.Mode(verbose, detached));
  }

  private static String files(String more) {
    return """
    node_id = 3
    cluster_name = blue
    raled_log_destination = file
    dstore_log_destination = file
    comm_log_destination = file
    """
        + more;
  }

  private String read(String file) throws IOException {
    return Files.readString(dir.resolve(file));
  }

  @Test
  void eachLoggerHasItsLog() throws IOException {
    Logs logs = logs(false, false);
    logs.apply(config(files("")));
    for (String name :
        new String[] {
          "org.rale.raled.Daemon",
          "org.rale.replica.Replica",
          "org.rale.dstore.Table",
          "org.rale.clusterdb.ClusterDb",
          "org.rale.raled.net.Links",
          "org.rale.raled.network",
          "io.netty.channel.Loop",
          "com.other"
        }) {
      context.getLogger(name).info("from {}", name);
    }
    logs.close();
    String start =
        "(?m)^\\d{4}-\\d\\d-\\d\\d \\d\\d:\\d\\d:\\d\\d\\.\\d{3} \\S+ \\[blue/3\\] INFO ";
    assertThat(read("raled1.log").replaceAll(start, ""))
        .isEqualTo(
            """
            raled: from org.rale.raled.Daemon
            raled: from org.rale.raled.network
            raled: from com.other
            """);
    assertThat(read("dstore1.log").replaceAll(start, ""))
        .isEqualTo(
            """
            dstore: from org.rale.replica.Replica
            dstore: from org.rale.dstore.Table
            dstore: from org.rale.clusterdb.ClusterDb
            """);
    assertThat(read("comm1.log").replaceAll(start, ""))
        .isEqualTo(
            """
            comm: from org.rale.raled.net.Links
            comm: from io.netty.channel.Loop
            """);
  }

  @Test
  void levelsAreThoseOfTheConfiguration() throws IOException {
    Logs logs = logs(false, false);
    logs.apply(config(files("raled_log_level = warning\ndstore_log_level = error")));
    context.getLogger("a").info("1");
    context.getLogger("a").warn("2");
    context.getLogger("org.rale.dstore").warn("3");
    context.getLogger("org.rale.dstore").error("4");
    context.getLogger("org.rale.raled.net").debug("5");
    context.getLogger("org.rale.raled.net").info("6");
    logs.close();
    assertThat(read("raled1.log")).endsWith("WARNING raled: 2\n").hasLineCount(1);
    assertThat(read("dstore1.log")).endsWith("ERROR dstore: 4\n").hasLineCount(1);
    assertThat(read("comm1.log")).endsWith("INFO comm: 6\n").hasLineCount(1);
  }

  @Test
  void verboseIsDebugForAllButNetty() throws IOException {
    Logs logs = logs(true, false);
    logs.apply(config(files("raled_log_level = error")));
    context.getLogger("a").debug("1");
    context.getLogger("org.rale.raled.net").debug("2");
    context.getLogger("io.netty").debug("3");
    logs.close();
    assertThat(read("raled1.log")).endsWith("DEBUG raled: 1\n");
    assertThat(read("comm1.log")).endsWith("DEBUG comm: 2\n");
  }

  @Test
  void withoutATerminalLogsGoToTheirFiles() throws IOException {
    Logs logs = logs(false, true);
    logs.apply(config("raled_log_destination = stderr"));
    context.getLogger("a").info("1");
    context.getLogger("org.rale.dstore").info("2");
    logs.close();
    assertThat(read("raled1.log")).endsWith("raled: 1\n");
    assertThat(read("dstore1.log")).endsWith("dstore: 2\n");
  }

  @Test
  void aReloadTakesEffectAtOnceAndKeepsWhatWasWritten() throws IOException {
    Logs logs = logs(false, false);
    logs.apply(config(files("")));
    context.getLogger("a").info("1");
    logs.apply(config(files("raled_log_level = debug")));
    context.getLogger("a").debug("2");
    logs.apply(config(files("raled_log_rotation_size = 11")));
    context.getLogger("a").info("3");
    logs.apply(config(files("raled_log_file = sub/other.log")));
    context.getLogger("a").info("4");
    logs.close();
    assertThat(read("raled1.log").lines().map(line -> line.replaceFirst(".*raled: ", "")))
        .containsExactly("1", "2", "3");
    assertThat(read("sub/other.log")).endsWith("raled: 4\n");
  }

  @Test
  void aReloadThatCannotBeLeavesTheLogsAsTheyAre() throws IOException {
    Logs logs = logs(false, false);
    logs.apply(config(files("")));
    Files.createDirectory(dir.resolve("d"));
    NodeConfig bad = config(files("raled_log_file = d"));
    assertThatThrownBy(() -> logs.apply(bad))
        .isInstanceOf(IOException.class)
        .hasMessageStartingWith("the log file " + dir + "/d can't be written");
    context.getLogger("a").info("still here");
    logs.close();
    assertThat(read("raled1.log")).endsWith("raled: still here\n");
  }

  @Test
  void logsMayShareAFile() throws IOException {
    Logs logs = logs(false, false);
    logs.apply(config(files("raled_log_file = all\ndstore_log_file = ./all\ncomm_log_file = all")));
    context.getLogger("a").info("1");
    context.getLogger("org.rale.dstore").info("2");
    context.getLogger("org.rale.raled.net").info("3");
    logs.close();
    assertThat(read("all").lines().map(line -> line.replaceFirst(".*INFO ", "")))
        .containsExactly("raled: 1", "dstore: 2", "comm: 3");
  }

  @Test
  void aFileThatIsFullIsKeptUnderAnotherName() throws IOException {
    Logs logs = logs(false, false);
    logs.apply(config(files("raled_log_rotation_size = 1")));
    String line = "x".repeat(100_000);
    for (int i = 0; i < 15; i++) {
      context.getLogger("a").info(line);
    }
    logs.close();
    try (var left = Files.list(dir)) {
      assertThat(left.map(path -> path.getFileName().toString()))
          .anyMatch(name -> name.matches("raled1\\.log\\.\\d{4}-\\d\\d-\\d\\d\\.0"))
          .contains("raled1.log");
    }
  }

  @Test
  void S_17_nobodyWritesALineOfHisOwn() throws IOException {
    Logs logs = logs(false, false);
    logs.apply(config(files("")));
    context.getLogger("a").warn("peer said {}", "x\r\n2026 ERROR\u001b[2J\u0085");
    context.getLogger("a").warn("failed", new IOException("why\nnot"));
    logs.close();
    assertThat(read("raled1.log").lines())
        .anyMatch(line -> line.endsWith("WARNING raled: peer said x"))
        .contains("\t2026 ERROR\\x1b[2J\\x85")
        .contains("\tjava.io.IOException: why")
        .allMatch(line -> line.startsWith("\t") || line.contains("WARNING raled: "));
  }

  @Test
  void syslogGetsDatagramsAsTheCLibraryWritesThem() throws IOException {
    Path path = dir.resolve("devlog");
    NodeConfig config = config("raled_log_destination = syslog");
    Logs logs = logs(false, false);
    assertThatThrownBy(() -> logs.apply(config))
        .isInstanceOf(IOException.class)
        .hasMessageStartingWith("no syslog listens on " + path);
    Socket daemon = Socket.newSocketDomainDgram();
    try {
      daemon.bind(new DomainSocketAddress(path.toString()));
      logs.apply(config);
      context.getLogger("a").error("one");
      context.getLogger("a").info("two");
      logs.close();
      String tag = "raled[" + ProcessHandle.current().pid() + "]: ";
      assertThat(receive(daemon)).isEqualTo("<27>" + tag + "one");
      assertThat(receive(daemon)).isEqualTo("<30>" + tag + "two");
    } finally {
      daemon.close();
    }
  }

  /** The logs are closed, so what was sent is there. */
  private static String receive(Socket daemon) throws IOException {
    ByteBuffer buffer = ByteBuffer.allocateDirect(1024);
    int length = daemon.read(buffer, 0, buffer.capacity());
    byte[] bytes = new byte[length];
    buffer.get(0, bytes);
    return new String(bytes, StandardCharsets.UTF_8);
  }
}
