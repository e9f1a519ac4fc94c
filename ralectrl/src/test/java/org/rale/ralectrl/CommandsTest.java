package org.rale.ralectrl;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.rale.command.CommandParser;
import org.rale.command.ParsedLine;
import org.rale.request.Limits;

/** What each command sends, and what it prints of the reply in either form. */
class CommandsTest {
  private static final String STORED =
      "{\"status\":\"ok\",\"key\":\"k\",\"revision\":17,\"created_revision\":12,\"version\":3}";
  private static final String SIGNED =
      ",\"client_id\":\"*\",\"sequence\":1,\"acknowledged\":0,\"since\":0}";

  static Stream<Arguments> commands() {
    String put = "{\"command\":\"PUT\",\"key\":\"k\",\"value\":\"v w\"" + SIGNED;
    String get = "{\"command\":\"GET\",\"key\":\"k\"}";
    String value =
        "{\"status\":\"ok\",\"key\":\"k\",\"value\":\"v w\",\"revision\":17,"
            + "\"created_revision\":12,\"version\":3}";
    String cas = "{\"command\":\"CAS\",\"key\":\"k\",\"revision\":12,\"value\":\"v\"" + SIGNED;
    String delete = "{\"command\":\"DELETE\",\"key\":\"k\"" + SIGNED;
    String deleted = "{\"status\":\"ok\",\"key\":\"k\",\"deleted\":1,\"revision\":18}";
    String keys = "{\"command\":\"KEYS\",\"prefix\":\"a\",\"limit\":10000}";
    String listed = "{\"status\":\"ok\",\"keys\":[\"a\",\"a b\"],\"count\":2,\"truncated\":false}";
    String add =
        "{\"command\":\"ADD\",\"node_id\":2,\"name\":\"node2\",\"ip\":\"::1\","
            + "\"rale_port\":7400,\"dstore_port\":7401}";
    String added = "{\"status\":\"ok\",\"node_id\":2,\"already_member\":false}";
    String already = "{\"status\":\"ok\",\"node_id\":2,\"already_member\":true}";
    String remove = "{\"command\":\"REMOVE\",\"node_id\":2}";
    String removed = "{\"status\":\"ok\",\"node_id\":2}";
    String transferred = "{\"status\":\"ok\",\"leader_id\":3}";
    String pong = "{\"status\":\"ok\",\"message\":\"PONG\"}";
    return Stream.of(
        row("PUT|k|v w", put, STORED, "OK\n"),
        row("PUT|--key|k|--value|v w", put, STORED, "OK\n"),
        row("set|--value=v w|--key=k", put, STORED, "OK\n"),
        row("put|k=v w", put, STORED, "OK\n"),
        row("GET|k", get, value, "v w\n"),
        row("get|--key|k", get, value, "v w\n"),
        row("GET|-n|k", get, value, "v w"),
        row("GET|k|--local", "{\"command\":\"GET\",\"key\":\"k\",\"local\":true}", value, "v w\n"),
        row("CAS|k|12|v", cas, STORED, "17\n"),
        row("Cas|--key|k|--revision|12|--value|v", cas, STORED, "17\n"),
        row("DELETE|k", delete, deleted, "deleted 1\n"),
        row("DELETE|--key|k", delete, deleted, "deleted 1\n"),
        row("KEYS|a", keys, listed, "a\na b\n"),
        row("KEYS|--prefix|a", keys, listed, "a\na b\n"),
        row(
            "KEYS|--limit|2",
            "{\"command\":\"KEYS\",\"prefix\":\"\",\"limit\":2}",
            "{\"status\":\"ok\",\"keys\":[],\"count\":0,\"truncated\":false}",
            ""),
        row("ADD|2|node2|::1|7400|7401", add, added, "node 2 added\n"),
        row("ADD|-i|2|-n|node2|-p|::1|-r|7400|-d|7401", add, added, "node 2 added\n"),
        row(
            "ADD|--node-id|2|--node-name|node2|--node-ip|::1|--rale-port|7400|--dstore-port|7401",
            add,
            already,
            "node 2 is already a member\n"),
        row("REMOVE|2", remove, removed, "node 2 removed\n"),
        row("REMOVE|--node-id|2", remove, removed, "node 2 removed\n"),
        row("TRANSFER", "{\"command\":\"TRANSFER\"}", transferred, "leader is node 3\n"),
        row(
            "TRANSFER|3",
            "{\"command\":\"TRANSFER\",\"node_id\":3}",
            transferred,
            "leader is node 3\n"),
        row(
            "PUT|k|v|--lease|17",
            "{\"command\":\"PUT\",\"key\":\"k\",\"value\":\"v\",\"lease\":17" + SIGNED,
            STORED,
            "OK\n"),
        row(
            "CAS|--lease|17|k|0|v",
            "{\"command\":\"CAS\",\"key\":\"k\",\"revision\":0,\"value\":\"v\",\"lease\":17"
                + SIGNED,
            STORED,
            "17\n"),
        row(
            "LEASE|grant|10",
            "{\"command\":\"LEASE GRANT\",\"ttl_ms\":10000" + SIGNED,
            "{\"status\":\"ok\",\"lease\":17,\"ttl_ms\":10000}",
            "17\n"),
        row(
            "LEASE|GRANT|1.5",
            "{\"command\":\"LEASE GRANT\",\"ttl_ms\":1500" + SIGNED,
            "{\"status\":\"ok\",\"lease\":17,\"ttl_ms\":1500}",
            "17\n"),
        row(
            "lease|keepalive|17",
            "{\"command\":\"LEASE KEEPALIVE\",\"lease\":17}",
            "{\"status\":\"ok\",\"lease\":17,\"ttl_ms\":1500}",
            "lease 17 lasts 1.5 s\n"),
        row(
            "LEASE|revoke|17",
            "{\"command\":\"LEASE REVOKE\",\"lease\":17" + SIGNED,
            "{\"status\":\"ok\",\"lease\":17,\"deleted\":2,\"revision\":21}",
            "deleted 2\n"),
        row(
            "LEASE|list",
            "{\"command\":\"LEASE LIST\"}",
            "{\"status\":\"ok\",\"leases\":[{\"lease\":17,\"ttl_ms\":10000,\"keys\":2},"
                + "{\"lease\":118,\"ttl_ms\":1500,\"keys\":0}],\"count\":2}",
            "lease  ttl_s  keys\n17     10     2\n118    1.5    0\n"),
        row("PING", "{\"command\":\"PING\"}", pong, "PONG\n"));
  }

  /**
   * @param words the arguments, with | between them
   */
  private static Arguments row(String words, String request, String reply, String text) {
    return Arguments.of(List.of(words.split("\\|")), request, reply, text);
  }

  @ParameterizedTest
  @MethodSource("commands")
  void asText(List<String> words, String request, String reply, String text) throws IOException {
    try (FakeServer server = FakeServer.tcp(FakeServer.replying(reply))) {
      run(server, words).printed(text);
      assertThat(asked(server)).isEqualTo(request);
    }
  }

  @ParameterizedTest
  @MethodSource("commands")
  void asJson(List<String> words, String request, String reply, String text) throws IOException {
    try (FakeServer server = FakeServer.tcp(FakeServer.replying(reply))) {
      run(server, Stream.concat(words.stream(), Stream.of("--output", "json")).toList())
          .printed(reply + "\n");
      assertThat(asked(server)).isEqualTo(request);
    }
  }

  @Test
  void aKeyAndAValueMayHoldAnyText() throws IOException {
    try (FakeServer server = FakeServer.tcp(FakeServer.replying(STORED))) {
      run(server, List.of("PUT", "a b\n@é", "@/etc/passwd ${HOME} \"'\u20ac")).printed("OK\n");
      assertThat(asked(server))
          .contains("\"key\":\"a b\\n@é\",\"value\":\"@/etc/passwd ${HOME} \\\"'\u20ac\"");
    }
  }

  @Test
  void twoHyphensComeBeforeAValueThatBeginsWithOne() throws IOException {
    try (FakeServer server = FakeServer.tcp(FakeServer.replying(STORED))) {
      run(server, List.of("PUT", "k", "--", "-v")).printed("OK\n");
      assertThat(asked(server)).contains("\"value\":\"-v\"");
    }
  }

  @Test
  void theFoundingOfAClusterIsSaid() throws IOException {
    String founded = "{\"status\":\"ok\",\"node_id\":2,\"already_member\":false,\"founded\":true}";
    try (FakeServer server = FakeServer.tcp(FakeServer.replying(founded))) {
      Program.Run run = run(server, List.of("ADD", "2", "node2", "::1", "7400", "7401"));
      assertThat(run.exit()).isZero();
      assertThat(run.out()).isEqualTo("node 2 added\n");
      assertThat(run.err())
          .isEqualTo(
              "ralectrl: note: node 2 founded a new cluster. Where it was to join one: stop it,"
                  + " empty its data directory, and give the ADD to a member of that one\n");
    }
  }

  @Test
  void statusIsTheLineOfTheTextProtocol() throws IOException {
    try (FakeServer server = FakeServer.tcp(FakeServer.replying("{}"))) {
      run(server, List.of("STATUS"))
          .printed("STATUS: node_id=1, role=leader, cluster_size=3, leader_id=1, last_applied=9\n");
      run(server, List.of("STATUS", "-o", "json")).printed(FakeServer.STATUS + "\n");
      run(server, List.of("STATUS", "--pretty"))
          .printed(
              """
              node_id                  1
              role                     leader
              cluster_size             3
              leader_id                1
              last_applied             9
              """);
    }
  }

  @Test
  void listIsATable() throws IOException {
    String reply =
        "{\"status\":\"ok\",\"nodes\":[{\"id\":1,\"name\":\"node1\",\"ip\":\"127.0.0.1\","
            + "\"rale_port\":7400,\"dstore_port\":7401,\"role\":\"leader\",\"state\":\"online\"},"
            + "{\"id\":12,\"name\":\"n\",\"ip\":\"::1\",\"rale_port\":7500,\"dstore_port\":7501,"
            + "\"role\":\"unknown\",\"state\":\"offline\"}]}";
    try (FakeServer server = FakeServer.tcp(FakeServer.replying(reply))) {
      run(server, List.of("LIST"))
          .printed(
              """
              id  name   ip         rale_port  dstore_port  role     state    path  rtt_ms  jitter_ms  loss  lag  seen_ms
              1   node1  127.0.0.1  7400       7401         leader   online   -     -       -          -     -    -
              12  n      ::1        7500       7501         unknown  offline  -     -       -          -     -    -
              """);
      run(server, List.of("list", "--pretty"))
          .printed(
              """
              ┌─────────┬───────┬────────────┬───────────┬─────────────┬─────────┬─────────┬──────┬────────┬──────┬─────┬──────┐
              │ Node ID │ Name  │ IP Address │ RALE Port │ DStore Port │ Role    │ State   │ Path │ RTT ms │ Loss │ Lag │ Seen │
              ├─────────┼───────┼────────────┼───────────┼─────────────┼─────────┼─────────┼──────┼────────┼──────┼─────┼──────┤
              │ 1       │ node1 │ 127.0.0.1  │ 7400      │ 7401        │ leader  │ online  │ -    │ -      │ -    │ -   │ -    │
              │ 12      │ n     │ ::1        │ 7500      │ 7501        │ unknown │ offline │ -    │ -      │ -    │ -   │ -    │
              └─────────┴───────┴────────────┴───────────┴─────────────┴─────────┴─────────┴──────┴────────┴──────┴─────┴──────┘
              Total nodes: 2
              """);
      run(server, List.of("LIST", "--output", "json")).printed(reply + "\n");
    }
  }

  @Test
  void aListWithAllThatWasMeasuredFitsIntoATerminal() throws IOException {
    String reply =
        "{\"status\":\"ok\",\"nodes\":["
            + "{\"id\":1,\"name\":\"node1\",\"ip\":\"192.168.100.101\",\"rale_port\":7400,"
            + "\"dstore_port\":7401,\"role\":\"leader\",\"state\":\"online\"},"
            + "{\"id\":2,\"name\":\"node2\",\"ip\":\"192.168.100.102\",\"rale_port\":7400,"
            + "\"dstore_port\":7401,\"role\":\"follower\",\"state\":\"online\",\"path\":\"udp\","
            + "\"rtt_ms\":0.213,\"jitter_ms\":0.040,\"loss\":0.004,\"last_contact_ms\":12,"
            + "\"match_index\":17,\"lag\":0},"
            + "{\"id\":3,\"name\":\"node3\",\"ip\":\"192.168.100.103\",\"rale_port\":7400,"
            + "\"dstore_port\":7401,\"role\":\"unknown\",\"state\":\"offline\",\"path\":\"none\","
            + "\"last_contact_ms\":4231,\"match_index\":9,\"lag\":8}]}";
    try (FakeServer server = FakeServer.tcp(FakeServer.replying(reply))) {
      run(server, List.of("LIST"))
          .printed(
              """
              id  name   ip               rale_port  dstore_port  role      state    path  rtt_ms  jitter_ms  loss   lag  seen_ms
              1   node1  192.168.100.101  7400       7401         leader    online   -     -       -          -      -    -
              2   node2  192.168.100.102  7400       7401         follower  online   udp   0.213   0.040      0.004  0    12
              3   node3  192.168.100.103  7400       7401         unknown   offline  none  -       -          -      8    4231
              """);
      String boxed = run(server, List.of("LIST", "--pretty")).out();
      assertThat(boxed)
          .contains("│ follower │ online  │ udp  │ 0.21   │ 0.4% │ 0   │ 12ms │")
          .contains("│ unknown  │ offline │ none │ -      │ -    │ 8   │ 4.2s │");
      assertThat(boxed.lines().mapToInt(String::length)).allMatch(length -> length <= 120);
    }
  }

  @Test
  void moreKeysThanTheLimitAreSaidOnStandardError() throws IOException {
    String reply = "{\"status\":\"ok\",\"keys\":[\"a\"],\"count\":1,\"truncated\":true}";
    try (FakeServer server = FakeServer.tcp(FakeServer.replying(reply))) {
      Program.Run run = run(server, List.of("KEYS", "--limit", "1"));
      assertThat(run.out()).isEqualTo("a\n");
      assertThat(run.err())
          .isEqualTo(
              """
              ralectrl: warning: there are more keys than the 1 shown
              ralectrl: hint: Give a longer prefix.
              """);
      assertThat(run.exit()).isZero();
    }
  }

  @Test
  void aKeyThatIsNoLineOfTextIsNotPrintedAsOne() throws IOException {
    String reply =
        "{\"status\":\"ok\",\"keys\":[\"a\",\"b\\u001b[2J\"],\"count\":2,\"truncated\":false}";
    try (FakeServer server = FakeServer.tcp(FakeServer.replying(reply))) {
      run(server, List.of("KEYS"))
          .failed(
              1,
              """
              ralectrl: error: the key "b\\x1b[2J" is not one line of text
              ralectrl: hint: List the keys with --output json.
              """);
    }
  }

  @Test
  void theApiKeyOfTheOriginalSaysThatItDoesNothing() throws IOException {
    try (FakeServer server = FakeServer.tcp(FakeServer.replying("{\"status\":\"ok\"}"))) {
      Program.Run run = run(server, List.of("PING", "-k", "secret"));
      assertThat(run.out()).isEqualTo("PONG\n");
      assertThat(run.err())
          .isEqualTo("ralectrl: warning: --api-key has no effect: no server asks for a key\n");
      assertThat(run.exit()).isZero();
      assertThat(server.requests().toString()).doesNotContain("secret");
    }
  }

  private static Program.Run run(FakeServer server, List<String> words) {
    return new Program()
        .run(
            Stream.concat(Stream.of("--server", server.address()), words.stream())
                .toArray(String[]::new));
  }

  /** The last request, without what differs from run to run. */
  private static String asked(FakeServer server) {
    List<String> requests = server.requests();
    for (String request : requests) {
      assertThat(new CommandParser(Limits.MAX_VALUE_BYTES).parse(request.getBytes(UTF_8)))
          .as("what the daemon makes of it")
          .isInstanceOf(ParsedLine.Parsed.class);
    }
    return requests
        .get(requests.size() - 1)
        .replaceFirst(",\"timeout_ms\":[0-9]+", "")
        .replaceFirst("\"client_id\":\"[0-9a-f]{32}\"", "\"client_id\":\"*\"");
  }
}
