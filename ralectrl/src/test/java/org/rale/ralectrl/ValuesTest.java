package org.rale.ralectrl;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Values go in and come out as the bytes that they are. */
class ValuesTest {
  private static final String STORED =
      "{\"status\":\"ok\",\"key\":\"k\",\"revision\":1,\"created_revision\":1,\"version\":1}";

  @Test
  void standardInputIsTakenAsItIs() throws IOException {
    byte[] all = new byte[256];
    for (int value = 0; value < all.length; value++) {
      all[value] = (byte) value;
    }
    assertThat(put(all)).isEqualTo(all);
  }

  @Test
  void theNewlineOfStandardInputIsPartOfTheValue() throws IOException {
    byte[] line = "one\r\ntwo\n".getBytes(StandardCharsets.UTF_8);
    assertThat(put(line)).isEqualTo(line);
  }

  @Test
  void emptyStandardInputIsAnEmptyValue() throws IOException {
    assertThat(put(new byte[0])).isEmpty();
  }

  @Test
  void aValueOfTheGreatestSizeIsSent() throws IOException {
    assertThat(put(new byte[1 << 20])).hasSize(1 << 20);
  }

  @Test
  void aLargerValueIsRefusedBeforeItIsSent() throws IOException {
    try (FakeServer server = FakeServer.tcp(FakeServer.replying(STORED))) {
      new Program()
          .reading(new byte[(1 << 20) + 1])
          .run("-s", server.address(), "PUT", "k", "-")
          .failed(
              1,
              "ralectrl: error: the value has more than 1048576 bytes\n"
                  + "ralectrl: hint: max_value_size in the configuration of the nodes can only be"
                  + " less.\n");
      assertThat(server.requests()).isEmpty();
    }
  }

  @Test
  void aKeyThatIsTooLongIsWrongUsage() {
    new Program()
        .run("GET", "é".repeat(513))
        .failed(
            2,
            """
            ralectrl: error: the key is too long
            ralectrl: detail: It has 1026 bytes of UTF-8, more than 1024.
            ralectrl: hint: Use a shorter key.
            """);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "v", "v\n", "a\0b", "\u20ac"})
  void getPrintsTheValueAndANewline(String value) throws IOException {
    byte[] bytes = value.getBytes(StandardCharsets.UTF_8);
    assertThat(get(bytes)).isEqualTo((value + "\n").getBytes(StandardCharsets.UTF_8));
    assertThat(get(bytes, "--no-newline")).isEqualTo(bytes);
  }

  @Test
  void getPrintsBytesThatAreNoText() throws IOException {
    byte[] bytes = {(byte) 0xff, 0, (byte) 0xc3, '\n'};
    assertThat(get(bytes, "-n")).isEqualTo(bytes);
    assertThat(get(bytes)).startsWith(bytes).hasSize(5).endsWith('\n');
  }

  /** What arrives at the server of a value from standard input. */
  private static byte[] put(byte[] value) throws IOException {
    try (FakeServer server = FakeServer.tcp(FakeServer.replying(STORED))) {
      new Program().reading(value).run("-s", server.address(), "PUT", "k", "-").printed("OK\n");
      List<String> requests = server.requests();
      JsonNode request = new ObjectMapper().readTree(requests.get(requests.size() - 1));
      return request.has("value_base64")
          ? Base64.getDecoder().decode(request.get("value_base64").textValue())
          : request.get("value").textValue().getBytes(StandardCharsets.UTF_8);
    }
  }

  private static byte[] get(byte[] value, String... options) throws IOException {
    String reply =
        "{\"status\":\"ok\",\"key\":\"k\",\"value_base64\":\"%s\",\"revision\":1,\"created_revision\":1,\"version\":1}"
            .formatted(Base64.getEncoder().encodeToString(value));
    try (FakeServer server = FakeServer.tcp(FakeServer.replying(reply))) {
      String[] arguments = new String[options.length + 4];
      System.arraycopy(new String[] {"-s", server.address(), "GET", "k"}, 0, arguments, 0, 4);
      System.arraycopy(options, 0, arguments, 4, options.length);
      Program.Run run = new Program().run(arguments);
      assertThat(run.err()).isEmpty();
      assertThat(run.exit()).isZero();
      return run.bytes().toByteArray();
    }
  }
}
