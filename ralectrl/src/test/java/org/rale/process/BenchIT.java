package org.rale.process;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** BENCH beside real nodes. */
class BenchIT {
  private static final String RALECTRL =
      Path.of("../scripts/ralectrl").toAbsolutePath().normalize().toString();

  @TempDir static Path home;
  private static Cluster cluster;

  @BeforeAll
  static void form() throws Exception {
    cluster = Cluster.formed(home).whole();
  }

  @AfterAll
  static void end() {
    cluster.close();
  }

  private static Process start(List<String> words) throws IOException {
    List<String> command = new ArrayList<>(Host.LOOPBACK.command(List.of(RALECTRL)));
    command.addAll(words);
    ProcessBuilder builder =
        new ProcessBuilder(command).redirectError(home.resolve("stderr").toFile());
    Quick.environment(builder);
    return builder.start();
  }

  private static String address(Daemon node) {
    return "127.0.0.1:" + node.dstorePort;
  }

  /** Waits for the end of one that should end well, and returns what it printed. */
  private static JsonNode ended(Process process) throws Exception {
    String out = new String(process.getInputStream().readAllBytes(), UTF_8);
    assertThat(process.waitFor()).as(out + Files.readString(home.resolve("stderr"))).isZero();
    return new ObjectMapper().readTree(out);
  }

  private static void awaitKeys(Daemon node, String prefix) {
    Until.holds("keys", () -> node.ask("KEYS " + prefix).contains("\"" + prefix));
  }

  @Test
  void allOperationsAtAllNodes() throws Exception {
    for (Daemon node : cluster.nodes) {
      for (String operation : List.of("put", "get", "local", "mix")) {
        String prefix = operation + node.id + "/";
        List<String> words = new ArrayList<>(List.of("-S", node.socket().toString(), "BENCH"));
        words.addAll(List.of(operation, "--warm-up", "0", "--seconds", "0.5", "-o", "json"));
        words.addAll(List.of("--keys", "100", "--connections", "3", "--prefix", prefix, "--clean"));
        JsonNode json = ended(start(words));
        assertThat(json.get("operations").longValue()).isPositive();
        assertThat(json.get("errors").longValue()).as(json.toString()).isZero();
        assertThat(json.get("latency_ms").get("p50").doubleValue()).isPositive();
        assertThat(node.ask("KEYS " + prefix)).contains("\"count\":0");
      }
    }
  }

  @Test
  void aNodeThatDiesLosesWhatIsUnderWayAndNoMore() throws Exception {
    Daemon leader = cluster.leader();
    Daemon dying = cluster.follower();
    String servers = address(dying) + "," + address(leader);
    Process process =
        start(
            List.of(
                "-s",
                servers,
                "BENCH",
                "put",
                "--warm-up",
                "0",
                "--seconds",
                "5",
                "--keys",
                "100",
                "--outstanding",
                "4",
                "--prefix",
                "die/",
                "-o",
                "json"));
    awaitKeys(leader, "die/");
    dying.kill9();
    JsonNode json = ended(process);
    assertThat(json.get("server").textValue()).isEqualTo(address(leader));
    assertThat(json.get("errors_by_kind").get(0).get("kind").textValue())
        .isEqualTo("connection lost");
    assertThat(json.get("errors_by_kind").get(0).get("count").longValue()).isBetween(1L, 4L);
    cluster.whole();
  }

  @Test
  void anInterruptPrintsWhatWasMeasured() throws Exception {
    Process process =
        start(
            List.of(
                "-s",
                address(cluster.leader()),
                "BENCH",
                "put",
                "--warm-up",
                "0",
                "--seconds",
                "3600",
                "--keys",
                "100",
                "--prefix",
                "int/",
                "-o",
                "json"));
    awaitKeys(cluster.leader(), "int/");
    new ProcessBuilder("sh", "-c", "kill -INT " + process.pid()).start().waitFor();
    JsonNode json = ended(process);
    assertThat(json.get("interrupted").booleanValue()).isTrue();
    assertThat(json.get("operations").longValue()).isPositive();
    assertThat(json.get("seconds").doubleValue()).isLessThan(3600);
  }

  /** The other commands are in shell loops: what BENCH needs costs them nothing. */
  @Test
  void noOtherCommandLoadsWhatBenchNeeds() throws Exception {
    Path classes = home.resolve("classes");
    ProcessBuilder builder =
        new ProcessBuilder(RALECTRL, "-s", address(cluster.leader()), "PUT", "k", "v");
    Quick.environment(builder);
    builder
        .environment()
        .merge("RALE_JAVA_OPTS", " -Xlog:class+load:file=" + classes, String::concat);
    assertThat(builder.start().waitFor()).isZero();
    assertThat(Files.readString(classes))
        .contains("org.rale.ralectrl.commands.PutCommand")
        .doesNotContain("org.rale.ralectrl.bench.")
        .doesNotContain("org.HdrHistogram.");
  }
}
