package org.rale.ralectrl;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/** BENCH against a server that keeps its keys in a map. */
class BenchTest {
  private static final String[] SHORT = {"--warm-up", "0", "--seconds", "0.05", "--keys", "20"};

  private final Map<String, String> keys = new TreeMap<>(Map.of("b/x", "somebody's", "b", "too"));

  private String reply(String line) {
    String[] words = line.split(" ", 3);
    switch (words[0]) {
      case "PUT" -> {
        keys.put(words[1], words[2]);
        return "OK: " + words[2];
      }
      case "GET" -> {
        String value = keys.get(words[1]);
        return value == null ? "ERROR: key not found: " + words[1] : "OK: " + value;
      }
      case "DELETE" -> {
        return keys.remove(words[1]) == null ? "OK: deleted 0" : "OK: deleted 1";
      }
      default -> {
        return "ERROR: Unknown command";
      }
    }
  }

  private FakeServer server() throws IOException {
    return FakeServer.tcp(
        peer -> {
          for (String line = peer.read(); line != null; line = peer.read()) {
            peer.write(reply(line) + "\n");
          }
        });
  }

  private static Program.Run run(FakeServer server, String... words) {
    List<String> all = new ArrayList<>(List.of("--server", server.address(), "BENCH"));
    all.addAll(List.of(words));
    all.addAll(List.of(SHORT));
    return new Program().run(all.toArray(String[]::new));
  }

  @Test
  void whatGetNeedsIsPutFirstAndNothingElseIsTouched() throws IOException {
    keys.put("b/000000003", "12345678");
    keys.put("b/000000004", "of another size");
    try (FakeServer server = server()) {
      Program.Run run = run(server, "get", "--value-size", "8", "--prefix", "b/");
      assertThat(run.exit()).isZero();
      assertThat(run.err())
          .contains("reads 20 keys, and puts those that are missing, b/000000000 to b/000000019,")
          .contains("19 keys were missing, and were put")
          .contains("\"ralectrl BENCH clean --keys 20 --prefix b/\" deletes them");
      assertThat(run.out()).contains("operation     get\n").contains("errors        0\n");
      assertThat(keys).hasSize(22).containsEntry("b/000000003", "12345678");
      assertThat(keys.get("b/000000004")).hasSize(8);
      assertThat(keys).containsEntry("b/x", "somebody's").containsEntry("b", "too");
      assertThat(server.requests().stream().filter(each -> each.startsWith("PUT"))).hasSize(19);
    }
  }

  @Test
  void theKeysCanBeDeletedAtTheEndOrLater() throws IOException {
    try (FakeServer server = server()) {
      assertThat(run(server, "mix", "--prefix", "b/", "--clean").exit()).isZero();
      assertThat(keys.keySet()).containsExactly("b", "b/x");
      assertThat(run(server, "put", "--prefix", "b/").exit()).isZero();
      assertThat(keys).hasSizeGreaterThan(2);
      run(server, "clean", "--prefix", "b/").printed("b/000000000 to b/000000019: deleted\n");
      assertThat(keys.keySet()).containsExactly("b", "b/x");
      run(server, "clean", "--prefix", "b/", "-o", "json")
          .printed("{\"status\":\"ok\",\"prefix\":\"b/\",\"keys\":20}\n");
    }
  }

  @Test
  void theSameSeedAsksTheSame() throws IOException {
    List<List<String>> asked = new ArrayList<>();
    for (String seed : List.of("5", "5", "6")) {
      try (FakeServer server = server()) {
        run(server, "mix", "--seed", seed, "--reads", "50", "--value-size", "9");
        asked.add(server.requests().stream().filter(each -> each.startsWith("PUT")).toList());
        assertThat(server.requests().stream().filter(each -> each.startsWith("GET"))).isNotEmpty();
      }
      keys.clear();
    }
    assertThat(asked.get(0).subList(0, 20)).isEqualTo(asked.get(1).subList(0, 20));
    assertThat(asked.get(0).subList(0, 20)).isNotEqualTo(asked.get(2).subList(0, 20));
  }

  @Test
  void noOperationSucceeds() throws IOException {
    try (FakeServer server = FakeServer.tcp(FakeServer.replying("ERROR: no leader is known"))) {
      Program.Run run = run(server, "put");
      assertThat(run.exit()).isEqualTo(1);
      assertThat(run.out())
          .contains("operations    0\n")
          .contains(" x no leader is known\n    such as: ERROR: no leader is known\n");
      assertThat(run.err()).contains("ralectrl: error: no operation succeeded\n");
    }
  }

  @Test
  void keysThatCannotBePutAreSaid() throws IOException {
    try (FakeServer server = FakeServer.tcp(FakeServer.replying("ERROR: store is full"))) {
      Program.Run run = run(server, "local");
      assertThat(run.exit()).isEqualTo(1);
      assertThat(run.out()).isEmpty();
      assertThat(run.err())
          .contains("ralectrl: error: putting keys: 20 of 20 are not done\n")
          .contains("ralectrl: detail: ERROR: store is full\n");
    }
  }

  @Test
  void nobodyIsThere() throws IOException {
    Program.Run run = new Program().run("-s", FakeServer.closedAddress(), "BENCH", "put");
    assertThat(run.exit()).isEqualTo(3);
    assertThat(run.err()).contains("ralectrl: error: no server could be reached\n");
  }

  @Test
  void aTerminalShowsHowItGoes() throws IOException {
    try (FakeServer server = server()) {
      Program.Run run =
          new Program()
              .onTerminal()
              .run(
                  "-s",
                  server.address(),
                  "BENCH",
                  "put",
                  "--warm-up",
                  "0",
                  "--seconds",
                  "0.05",
                  "--keys",
                  "5");
      assertThat(run.exit()).isZero();
      assertThat(run.err()).containsPattern("put: 0 of 0 s, [0-9]+ operations/s, 0 errors");
    }
  }
}
