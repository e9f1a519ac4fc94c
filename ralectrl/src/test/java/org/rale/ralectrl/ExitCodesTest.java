package org.rale.ralectrl;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.rale.request.ErrorCode;

/** How the program ends for each failure that a server can reply. */
class ExitCodesTest {

  @ParameterizedTest
  @CsvSource({
    "BAD_REQUEST, 1",
    "UNKNOWN_COMMAND, 1",
    "KEY_NOT_FOUND, 4",
    "KEY_TOO_LONG, 1",
    "VALUE_TOO_LARGE, 1",
    "LINE_TOO_LONG, 1",
    "REVISION_MISMATCH, 5",
    "NO_LEADER, 3",
    "TIMEOUT, 3",
    "UNKNOWN_OUTCOME, 6",
    "NOT_MEMBER, 1",
    "MEMBERSHIP_REFUSED, 1",
    "NODE_UNREACHABLE, 1",
    "FORBIDDEN, 1",
    "STORE_FULL, 1",
    "OVERLOADED, 1",
    "SHUTTING_DOWN, 3",
    "INTERNAL, 1",
    "LEASE_NOT_FOUND, 1",
    "LEASE_LIMIT, 1",
    "NOT_SUPPORTED, 1",
    "REVISION_TOO_OLD, 5"
  })
  void eachFailureHasItsExitCode(ErrorCode code, int exit) throws IOException {
    String reply =
        "{\"status\":\"error\",\"code\":\"%s\",\"message\":\"m\",\"detail\":\"d\",\"hint\":\"h\"}"
            .formatted(code);
    try (FakeServer server = FakeServer.tcp(FakeServer.replying(reply))) {
      Program.Run text = new Program().run("-s", server.address(), "REMOVE", "1");
      text.failed(exit, "ralectrl: error: m\nralectrl: detail: d\nralectrl: hint: h\n");
      Program.Run json = new Program().run("-s", server.address(), "REMOVE", "1", "-o", "json");
      json.failed(exit, reply + "\n");
    }
  }

  @Test
  void everyCodeIsTested() throws NoSuchMethodException {
    String[] rows =
        ExitCodesTest.class
            .getDeclaredMethod("eachFailureHasItsExitCode", ErrorCode.class, int.class)
            .getAnnotation(CsvSource.class)
            .value();
    assertThat(rows).hasSize(ErrorCode.values().length);
  }

  @Test
  void aMessageCannotDriveTheTerminal() throws IOException {
    String reply =
        "{\"status\":\"error\",\"code\":\"KEY_NOT_FOUND\",\"message\":\"no \\u001b[31mkey\"}";
    try (FakeServer server = FakeServer.tcp(FakeServer.replying(reply))) {
      new Program()
          .run("-s", server.address(), "GET", "k")
          .failed(4, "ralectrl: error: no \\x1b[31mkey\n");
    }
  }

  @Test
  void aFullStandardOutputIsAFailure() throws IOException {
    OutputStream full =
        new OutputStream() {
          @Override
          public void write(int b) throws IOException {
            throw new IOException("No space left on device");
          }
        };
    ByteArrayOutputStream err = new ByteArrayOutputStream();
    Ralectrl program =
        new Ralectrl(Map.of(), InputStream.nullInputStream(), full, err, /* terminal= */ false);
    assertThat(program.run("HELP")).isEqualTo(1);
    assertThat(err.toString(StandardCharsets.UTF_8))
        .isEqualTo(
            """
            ralectrl: error: standard input or output failed
            ralectrl: detail: No space left on device
            """);
  }
}
