package org.rale.ralectrl;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.NetworkInterface;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Each way to name the server, and which of them counts. */
class WhereTest {
  private static final FakeServer.Conduct PONG =
      FakeServer.replying("{\"status\":\"ok\",\"message\":\"PONG\"}");

  @TempDir Path directory;
  private FakeServer tcp;
  private FakeServer unix;
  private Path socket;

  @BeforeEach
  void listen() throws IOException {
    socket = directory.resolve("n.sock");
    tcp = FakeServer.tcp(PONG);
    unix = FakeServer.unix(socket, PONG);
  }

  @AfterEach
  void close() throws IOException {
    tcp.close();
    unix.close();
  }

  @Test
  void byServer() {
    new Program().run("--server", tcp.address(), "PING").printed("PONG\n");
    new Program().run("PING", "-s", "localhost:" + tcp.port()).printed("PONG\n");
  }

  @Test
  void byHostAndPort() {
    new Program()
        .run("--host", "127.0.0.1", "--port", String.valueOf(tcp.port()), "PING")
        .printed("PONG\n");
    new Program().run("-p", String.valueOf(tcp.port()), "PING").printed("PONG\n");
    new Program().run("PING", "-H", "localhost", "-p" + tcp.port()).printed("PONG\n");
  }

  @Test
  void bySocket() {
    new Program().run("--socket", socket.toString(), "PING").printed("PONG\n");
    assertThat(unix.requests()).hasSize(1);
  }

  @Test
  void byConfiguration() throws IOException {
    Path config = directory.resolve("raled.conf");
    Files.writeString(
        config, "# a node\nrale_port = 1\ncommunication_socket = \"${DIR:/none}/n.sock\" # here\n");
    new Program()
        .with("DIR", directory.toString())
        .run("PING", "--config", config.toString())
        .printed("PONG\n");
    Files.writeString(config, "Socket_Path = /none\n");
    new Program()
        .with("RALE_COMMUNICATION_SOCKET", socket.toString())
        .run("-c", config.toString(), "PING")
        .printed("PONG\n");
  }

  @Test
  void aConfigurationWithoutASocketHasTheOneOfItsPort() throws IOException {
    Path config = directory.resolve("raled.conf");
    Files.writeString(config, "rale_port = 65432\n");
    new Program()
        .run("--config", config.toString(), "PING")
        .failed(
            3,
            """
            ralectrl: error: no server could be reached
            ralectrl: detail: /tmp/rale_65432.sock: there is no such socket
            ralectrl: hint: Check that raled runs there, or name another server with --server, --socket or --config.
            """);
  }

  @Test
  void byVariable() {
    new Program().with("RALE_SERVER", tcp.address()).run("PING").printed("PONG\n");
  }

  @Test
  void theCommandLineCountsOverTheVariable() throws IOException {
    new Program()
        .with("RALE_SERVER", FakeServer.closedAddress())
        .run("PING", "--socket", socket.toString())
        .printed("PONG\n");
  }

  @Test
  void whatComesAfterTheCommandCountsOverWhatComesBefore() throws IOException {
    new Program()
        .run("--server", FakeServer.closedAddress(), "PING", "--socket", socket.toString())
        .printed("PONG\n");
  }

  @Test
  void withoutAnythingItIsTheFirstNodeOfThisMachine() {
    // Something may listen there, so it is the failure's address that is looked at, if any.
    Program.Run run = new Program().with("RALE_SERVER", " ").run("PING", "-t", "0.5");
    if (run.exit() != 0) {
      assertThat(run.err()).contains("127.0.0.1:7401");
    }
  }

  @Test
  void twoWaysAtOnceAreNone() {
    new Program()
        .run("PING", "--server", "a", "--port", "1")
        .failed(
            2,
            """
            ralectrl: error: --server and --port name the server twice
            ralectrl: hint: Give one of them.
            """);
  }

  @Test
  void anIpv6AddressStandsInBrackets() throws IOException {
    InetAddress loopback = InetAddress.getAllByName("::1")[0];
    assumeThat(NetworkInterface.getByInetAddress(loopback)).isNotNull();
    try (FakeServer server = FakeServer.tcp(loopback, PONG)) {
      new Program().run("-s", "[::1]:" + server.port(), "PING").printed("PONG\n");
      new Program().run("-H", "::1", "-p", String.valueOf(server.port()), "PING").printed("PONG\n");
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "::1:7401|an IPv6 address stands in brackets",
        "[::1|the bracket is not closed",
        "[::1]7401|only a port can follow the bracket",
        "a:b|a port is a number from 1 to 65535",
        "a:0|a port is a number from 1 to 65535",
        "a:65536|a port is a number from 1 to 65535",
        ":7401|the host is missing",
        "http://a:7401|a server is named without a scheme or a path"
      })
  void whatIsNoServerIsToldSo(String server, String why) {
    new Program()
        .run("PING", "--server", server)
        .failed(
            2,
            """
            ralectrl: error: --server: "%s" is not a server: %s
            ralectrl: hint: Write HOST:PORT[,HOST:PORT...], for example 10.0.0.1:7401 or [::1]:7401.
            """
                .formatted(server, why));
  }

  @Test
  void aHostNameThatNobodyKnows() {
    Program.Run run = new Program().run("PING", "--host", "no-such-host.invalid");
    assertThat(run.exit()).isEqualTo(3);
    assertThat(run.err()).contains("no-such-host.invalid:7401: unknown host name");
  }

  @Test
  void aConfigurationThatIsNotThere() {
    Path config = directory.resolve("none.conf");
    new Program()
        .run("STATUS", "--config", config.toString())
        .failed(
            2,
            "ralectrl: error: %s: there is no such file\n".formatted(config)
                + "ralectrl: hint: Name the configuration file with --config.\n");
  }

  @Test
  void aConfigurationThatIsNone() throws IOException {
    Path config = Files.writeString(directory.resolve("raled.conf"), "a = 1\nnonsense\n");
    new Program()
        .run("STATUS", "--config", config.toString())
        .failed(
            2,
            """
            ralectrl: error: %s:2: this line is no setting: "nonsense"
            ralectrl: detail: Expected: key = value, or a comment after '#'.
            """
                .formatted(config));
  }
}
