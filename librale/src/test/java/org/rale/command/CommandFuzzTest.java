package org.rale.command;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.rale.bytes.Bytes;
import org.rale.command.ParsedLine.Parsed;
import org.rale.dstore.StoreCommand;
import org.rale.request.ErrorCode;
import org.rale.request.Request;
import org.rale.request.Response;
import org.rale.request.Response.Failed;

class CommandFuzzTest {
  private static final List<String> SEEDS =
      List.of(
          "PUT key a value",
          "GET key LOCAL",
          "CAS key 12 value",
          "ADD 2 node2 10.0.0.2 7400 7401",
          "PUT k \u00e9\u20ac\ud83d\ude00",
          "{\"command\":\"PUT\",\"key\":\"k\",\"value\":\"\\u00e9\",\"id\":[1,\"x\"]}",
          "{\"command\":\"CAS\",\"key_base64\":\"/w==\",\"value\":\"v\",\"revision\":3,"
              + "\"client_id\":\"0123456789abcdef0000000000000001\",\"sequence\":7}");

  private final ObjectMapper mapper = new ObjectMapper();

  @Test
  @DisplayName("S-17 any line gets one line of reply")
  void anyLineGetsOneLine() throws Exception {
    Random random = new Random(17);
    for (int i = 0; i < 60_000; i++) {
      byte[] line = i % 4 == 0 ? noise(random) : mutated(random);
      ParsedLine parsed = Lines.PARSER.parse(line);
      if (parsed instanceof Parsed accepted) {
        Bytes any = Bytes.wrap(noise(random));
        check(accepted.form(), ReplyRenderer.render(accepted.form(), answer(accepted, any)));
        check(accepted.form(), ReplyRenderer.render(accepted.form(), Failed.keyNotFound(any)));
      } else {
        check(parsed.form(), Lines.reply(parsed).getBytes(UTF_8));
      }
    }
  }

  @Test
  void whatTextCanWriteItCanRead() {
    Random random = new Random(18);
    int written = 0;
    for (int i = 0; i < 60_000; i++) {
      ParsedLine parsed = Lines.PARSER.parse(mutated(random));
      if (parsed.form() instanceof Form.Text
          && parsed instanceof Parsed accepted
          && accepted.request() instanceof Request.Change change
          && change.command() instanceof StoreCommand.Put put) {
        written++;
        Form get = new Form.Text(new Request.Get(put.key(), false));
        byte[] reply = ReplyRenderer.render(get, new Response.Value(put.value(), 1, 1, 1));
        assertThat(Bytes.wrap(reply)).isEqualTo(Bytes.utf8("OK: " + put.value().toText()));
        Request again = Lines.request("GET " + put.key().toText());
        assertThat(again).isEqualTo(get.request());
      }
    }
    assertThat(written).isGreaterThan(1000);
  }

  private static Response answer(Parsed parsed, Bytes any) {
    return parsed.request() instanceof Request.Get
        ? new Response.Value(any, 3, 2, 1)
        : parsed.request() instanceof Request.Keys
            ? new Response.KeyList(List.of(any), false, 0)
            : parsed.request() instanceof Request.Change
                ? new Response.Stored(3, 2, 1)
                : Failed.of(ErrorCode.INTERNAL, any.toText(), any.toText());
  }

  private void check(Form form, byte[] reply) throws Exception {
    assertThat(reply).isNotEmpty();
    assertThat(Utf8.firstNotOneLine(reply, 0, reply.length)).isNegative();
    if (form instanceof Form.Json) {
      assertThat(mapper.readTree(reply).get("status").asText()).isIn("ok", "error");
    } else {
      assertThat(new String(reply, UTF_8)).matches("(OK|ERROR|STATUS|\\{\"keys\"|\\{\"nodes\").*");
    }
  }

  private static byte[] noise(Random random) {
    byte[] bytes = new byte[random.nextInt(40)];
    random.nextBytes(bytes);
    return bytes;
  }

  private static byte[] mutated(Random random) {
    byte[] line = SEEDS.get(random.nextInt(SEEDS.size())).getBytes(UTF_8);
    for (int changes = random.nextInt(4); changes > 0; changes--) {
      int at = random.nextInt(line.length);
      line[at] = random.nextBoolean() ? (byte) random.nextInt(256) : line[random.nextInt(at + 1)];
    }
    return line;
  }
}
