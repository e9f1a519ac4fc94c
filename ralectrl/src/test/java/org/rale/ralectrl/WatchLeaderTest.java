package org.rale.ralectrl;

import static org.assertj.core.api.Assertions.assertThat;
import static org.rale.ralectrl.FakeServer.failing;
import static org.rale.ralectrl.FakeServer.silent;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.rale.ralectrl.FakeServer.Conduct;

/** WATCH-LEADER against servers that say what they are told to. */
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class WatchLeaderTest {
  private static String leader(int id, int term) {
    return ("{\"status\":\"ok\",\"leader_id\":%d,\"term\":%d,\"name\":\"n%d\",\"ip\":\"10.0.0.%d\","
            + "\"rale_port\":7400,\"dstore_port\":7401}")
        .formatted(id, term, id, id);
  }

  private static String none(int term) {
    return "{\"status\":\"ok\",\"leader_id\":-1,\"term\":" + term + "}";
  }

  /** Says these, one for each request, and closes. */
  private static Conduct saying(String... replies) {
    return peer -> {
      for (String reply : replies) {
        if (peer.read() != null) {
          peer.write(reply + "\n");
        }
      }
    };
  }

  private static String lines(String... lines) {
    return String.join("\n", lines) + "\n";
  }

  private static Program.Run watch(String servers, String... more) {
    String[] arguments = new String[more.length + 3];
    arguments[0] = "WATCH-LEADER";
    arguments[1] = "--server";
    arguments[2] = servers;
    System.arraycopy(more, 0, arguments, 3, more.length);
    return new Program().run(arguments);
  }

  @Test
  void aLineAtOnceAndOneForEachChange() throws IOException {
    try (FakeServer server = FakeServer.tcp(saying(leader(1, 2), none(2), leader(2, 3)))) {
      watch(server.address(), "--count", "3")
          .printed(
              lines(
                  "leader 1 n1 10.0.0.1 7401 term 2",
                  "no leader term 2",
                  "leader 2 n2 10.0.0.2 7401 term 3"));
      assertThat(server.requests()).hasSize(3);
      assertThat(server.requests().get(0))
          .startsWith("{\"command\":\"WATCH-LEADER\",\"timeout_ms\":4");
      assertThat(server.requests().get(1)).contains("\"leader_id\":1,\"term\":2,");
      assertThat(server.requests().get(2)).contains("\"leader_id\":-1,\"term\":2,");
    }
  }

  @Test
  void asJsonItIsWhatTheServerSaid() throws IOException {
    try (FakeServer server = FakeServer.tcp(saying(none(2), leader(2, 3)))) {
      watch(server.address(), "--count", "2", "--output", "json")
          .printed(none(2) + "\n" + leader(2, 3) + "\n");
    }
  }

  @Test
  void aLeaderWhoseAddressIsNotKnownHasAsManyWords() throws IOException {
    String reply = "{\"status\":\"ok\",\"leader_id\":2,\"term\":5}";
    try (FakeServer server = FakeServer.tcp(saying(reply))) {
      watch(server.address(), "--count", "1").printed("leader 2 - - - term 5\n");
    }
  }

  @Test
  void whatDidNotChangeIsNotToldAgain() throws IOException {
    try (FakeServer server =
        FakeServer.tcp(
            saying(leader(1, 2), leader(1, 2), none(2), none(3), none(4), leader(1, 5)))) {
      watch(server.address(), "--count", "3")
          .printed(
              lines(
                  "leader 1 n1 10.0.0.1 7401 term 2",
                  "no leader term 2",
                  "leader 1 n1 10.0.0.1 7401 term 5"));
      assertThat(server.requests()).hasSize(6);
      assertThat(server.requests().get(4)).contains("\"leader_id\":-1,\"term\":3,");
    }
  }

  @Test
  void whenAServerIsGoneTheNextOneIsAskedForWhatIsNew() throws IOException {
    try (FakeServer first = FakeServer.tcp(saying(leader(1, 2)));
        FakeServer second = FakeServer.tcp(saying(leader(1, 2), leader(2, 3)))) {
      watch(first.address() + "," + second.address(), "--count", "2")
          .printed(lines("leader 1 n1 10.0.0.1 7401 term 2", "leader 2 n2 10.0.0.2 7401 term 3"));
      assertThat(second.requests().get(0)).contains("\"leader_id\":1,\"term\":2,");
    }
  }

  @Test
  void theSameServerIsAskedAgainWhenThereIsNoOther() throws IOException {
    try (FakeServer server =
        FakeServer.tcp(saying(leader(1, 2)), saying(), saying(leader(1, 2), leader(2, 3)))) {
      watch(server.address(), "--count", "2")
          .printed(lines("leader 1 n1 10.0.0.1 7401 term 2", "leader 2 n2 10.0.0.2 7401 term 3"));
    }
  }

  @Test
  void aServerThatLagsBehindIsNotBelieved() throws IOException {
    try (FakeServer first = FakeServer.tcp(saying(leader(1, 2), leader(2, 3)));
        FakeServer second =
            FakeServer.tcp(saying(leader(1, 2), none(2), leader(2, 3), leader(3, 4)))) {
      watch(first.address() + "," + second.address(), "--count", "3")
          .printed(
              lines(
                  "leader 1 n1 10.0.0.1 7401 term 2",
                  "leader 2 n2 10.0.0.2 7401 term 3",
                  "leader 3 n3 10.0.0.3 7401 term 4"));
      assertThat(second.requests().get(0)).contains("\"leader_id\":2,\"term\":3,");
      assertThat(second.requests().get(1)).contains("\"leader_id\":1,\"term\":2,");
    }
  }

  @Test
  void aServerThatLagsBehindForLongLeavesItToTheNextOne() throws IOException {
    try (FakeServer first =
            FakeServer.tcp(saying(leader(2, 3)), saying(leader(2, 3), leader(3, 4)));
        FakeServer second = FakeServer.tcp(saying(leader(1, 2), leader(1, 2), leader(1, 2)))) {
      watch(first.address() + "," + second.address(), "--count", "2")
          .printed(lines("leader 2 n2 10.0.0.2 7401 term 3", "leader 3 n3 10.0.0.3 7401 term 4"));
      assertThat(second.requests()).hasSize(2);
    }
  }

  @Test
  void aServerThatHearsNoLeaderLeavesItToTheNextOne() throws IOException {
    try (FakeServer first = FakeServer.tcp(saying(none(2), none(2), none(2)));
        FakeServer second = FakeServer.tcp(saying(leader(1, 2)))) {
      watch(first.address() + "," + second.address(), "--count", "2")
          .printed(lines("no leader term 2", "leader 1 n1 10.0.0.1 7401 term 2"));
      assertThat(first.requests()).hasSize(2);
    }
  }

  @Test
  void aServerThatRefusesOrNeverAnswersLeavesItToTheNextOne() throws IOException {
    try (FakeServer first = FakeServer.tcp(failing("SHUTTING_DOWN", "node 1 is shutting down"));
        FakeServer second = FakeServer.tcp(silent());
        FakeServer third = FakeServer.tcp(saying(leader(1, 2)))) {
      watch(
              first.address() + "," + second.address() + "," + third.address(),
              "--count",
              "1",
              "-t",
              "1")
          .printed("leader 1 n1 10.0.0.1 7401 term 2\n");
    }
  }

  @Test
  void whenNoServerAnswersForTheTimeoutItEnds() throws IOException {
    String closed = FakeServer.closedAddress();
    watch(closed, "-t", "0.3")
        .failed(
            3,
            """
            ralectrl: error: no server could be reached
            ralectrl: detail: %s: connection refused
            ralectrl: hint: Check that raled runs there, or name another server with --server, --socket or --config.
            """
                .formatted(closed));
    try (FakeServer server = FakeServer.tcp(saying(leader(1, 2)), silent())) {
      Program.Run run = watch(server.address(), "-t", "0.3");
      assertThat(run.exit()).isEqualTo(3);
      assertThat(run.out()).isEqualTo("leader 1 n1 10.0.0.1 7401 term 2\n");
      assertThat(run.err()).startsWith("ralectrl: error: no answer within 300 ms\n");
    }
  }

  @Test
  void whatTheServersRefuseHasItsExitCode() throws IOException {
    try (FakeServer outside = FakeServer.tcp(failing("NOT_MEMBER", "node 1 is in no cluster"));
        FakeServer stopping = FakeServer.tcp(failing("SHUTTING_DOWN", "it is shutting down"));
        FakeServer old = FakeServer.tcp(failing("UNKNOWN_COMMAND", "Unknown command"))) {
      watch(outside.address(), "-t", "0.3").failed(1, "ralectrl: error: node 1 is in no cluster\n");
      assertThat(outside.requests()).as("it may enter one").hasSizeGreaterThan(1);
      watch(stopping.address(), "-t", "0.3").failed(3, "ralectrl: error: it is shutting down\n");
      watch(old.address()).failed(1, "ralectrl: error: Unknown command\n");
      assertThat(old.requests()).hasSize(1);
    }
  }

  @Test
  void whenNobodyReadsItEndsWell() throws IOException {
    assertThat(exitCodeWhereWritingFailsWith("Broken pipe")).isZero();
    assertThat(exitCodeWhereWritingFailsWith("No space left on device")).isEqualTo(1);
  }

  private static int exitCodeWhereWritingFailsWith(String message) throws IOException {
    OutputStream out =
        new OutputStream() {
          @Override
          public void write(int b) throws IOException {
            throw new IOException(message);
          }
        };
    ByteArrayOutputStream err = new ByteArrayOutputStream();
    try (FakeServer server = FakeServer.tcp(saying(leader(1, 2)))) {
      int exit =
          new Ralectrl(Map.of(), new ByteArrayInputStream(new byte[0]), out, err, false)
              .run("WATCH-LEADER", "--server", server.address());
      assertThat(err.toString(StandardCharsets.UTF_8).isEmpty()).isEqualTo(exit == 0);
      return exit;
    }
  }
}
