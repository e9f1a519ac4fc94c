package org.rale.ralectrl;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What TXN takes, sends and prints, and how it ends. */
class TxnTest {
  private static final String DOCUMENT =
      """
      {
        "command": "TXN",
        "compare": [{"key": "lock", "exists": false}],
        "then": [{"command": "PUT", "key": "lock", "value": "a b", "lease": 17},
                 {"command": "DELETE", "key": "old"},
                 {"command": "GET", "key": "epoch"}],
        "else": [{"command": "GET", "key": "lock"}, {"command": "GET", "key": "none"},
                 {"command": "GET", "key": "long"}]
      }
      """;

  private static final String REQUEST =
      "{\"command\":\"TXN\",\"compare\":[{\"key\":\"lock\",\"op\":\"=\",\"exists\":false}],\"then\":[{\"command\":\"PUT\",\"key\":\"lock\",\"value\":\"a"
          + " b\",\"lease\":17},"
          + "{\"command\":\"DELETE\",\"key\":\"old\"},{\"command\":\"GET\",\"key\":\"epoch\"}],"
          + "\"else\":[{\"command\":\"GET\",\"key\":\"lock\"},{\"command\":\"GET\",\"key\":\"none\"},"
          + "{\"command\":\"GET\",\"key\":\"long\"}],\"client_id\":\"";

  private static final String SUCCEEDED =
      "{\"status\":\"ok\",\"succeeded\":true,\"revision\":20,\"results\":["
          + "{\"command\":\"PUT\",\"key\":\"lock\",\"revision\":20,\"created_revision\":20,"
          + "\"version\":1},{\"command\":\"DELETE\",\"key\":\"old\",\"deleted\":0},"
          + "{\"command\":\"GET\",\"key\":\"epoch\",\"found\":true,\"value\":\"5 \\\"x\\\"\\n\","
          + "\"revision\":4,\"created_revision\":2,\"version\":3}]}";

  private static final String OTHERWISE =
      "{\"status\":\"ok\",\"succeeded\":false,\"revision\":21,\"results\":["
          + "{\"command\":\"GET\",\"key\":\"lock\",\"found\":true,\"value\":\"node1\","
          + "\"revision\":4,\"created_revision\":2,\"version\":3},"
          + "{\"command\":\"GET\",\"key\":\"none\",\"found\":false},"
          + "{\"command\":\"GET\",\"key\":\"long\",\"found\":true,\"omitted\":true,"
          + "\"revision\":5,\"created_revision\":5,\"version\":1}]}";

  @TempDir Path directory;

  private static Program.Run run(FakeServer server, byte[] input, String... more) {
    String[] all = new String[more.length + 3];
    all[0] = "--server";
    all[1] = server.address();
    all[2] = "TXN";
    System.arraycopy(more, 0, all, 3, more.length);
    return new Program().reading(input).run(all);
  }

  private static void assertAsked(FakeServer server) {
    assertThat(server.requests()).hasSize(2);
    assertThat(server.requests().get(1)).startsWith(REQUEST);
  }

  @Test
  void theDocumentIsAnArgument() throws IOException {
    try (FakeServer server = FakeServer.tcp(FakeServer.replying(SUCCEEDED))) {
      run(server, new byte[0], DOCUMENT)
          .printed(
              """
              then revision 20
              PUT "lock" version 1
              DELETE "old" deleted 0
              GET "epoch" revision 4 "5 \\"x\\"\\x0a"
              """);
      assertAsked(server);
    }
  }

  @Test
  void theDocumentIsOnStandardInput() throws IOException {
    try (FakeServer server = FakeServer.tcp(FakeServer.replying(SUCCEEDED))) {
      run(server, DOCUMENT.getBytes(UTF_8), "-", "--output", "json").printed(SUCCEEDED + "\n");
      assertAsked(server);
    }
  }

  @Test
  void theDocumentIsInAFile() throws IOException {
    Path file = Files.writeString(directory.resolve("txn.json"), DOCUMENT);
    try (FakeServer server = FakeServer.tcp(FakeServer.replying(OTHERWISE))) {
      Program.Run run = run(server, new byte[0], file.toString());
      assertThat(run.err()).isEmpty();
      assertThat(run.out())
          .isEqualTo(
              """
              else revision 21
              GET "lock" revision 4 "node1"
              GET "none" not found
              GET "long" revision 5 value left out
              """);
      assertThat(run.exit()).as("a condition did not hold").isEqualTo(9);
      assertAsked(server);
      assertThat(run(server, new byte[0], file.toString(), "-o", "json").exit()).isEqualTo(9);
    }
  }

  @Test
  void aFileThatIsNotThereIsNoTransaction() {
    String path = directory.resolve("none").toString();
    new Program()
        .run("TXN", path)
        .failed(
            2,
            """
            ralectrl: error: TXN: %s can't be read
            ralectrl: detail: java.nio.file.NoSuchFileException: %s
            ralectrl: hint: Give the path of a file, - for the standard input, or the document \
            itself, which begins with {.
            """
                .formatted(path, path));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "[]|it is no JSON object",
        "{\"then\":[]} {}|more follows the JSON object",
        "{\"than\":[]}|it has the member \"than\"",
        "{\"command\":\"PUT\"}|its command is \"PUT\"",
        "{\"client_id\":\"a\"}|it has the member \"client_id\"",
        "{\"then\":[],\"then\":[]}|Duplicate field 'then'",
        "{\"then\":[{]}|line 1, column 11: Unexpected close marker ']': expected '}'",
        "`{\"then\":[{\"command\":\"PUT\",\"key\":\"k\",\"value\":\"a\nb\"}]}`|Illegal unquoted"
      })
  void whatIsNoTransactionIsNotSent(String document, String detail) {
    Program.Run run = new Program().reading(document.getBytes(UTF_8)).run("TXN", "-");
    assertThat(run.exit()).isEqualTo(2);
    assertThat(run.err())
        .startsWith("ralectrl: error: TXN: the document is not one\nralectrl: detail: ")
        .contains(detail)
        .doesNotContain("Source");
  }

  @Test
  void theRulesOfTheServerAreApplied() {
    new Program()
        .run("TXN", "{\"then\":[{\"command\":\"CAS\",\"key\":\"k\"}]}")
        .failed(
            2,
            """
            ralectrl: error: TXN: 'then', element 1: 'CAS' is no step of a transaction
            ralectrl: hint: it is PUT, DELETE or GET
            """);
  }
}
