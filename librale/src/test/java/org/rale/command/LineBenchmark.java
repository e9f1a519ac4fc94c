package org.rale.command;

import java.nio.charset.StandardCharsets;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import org.rale.bytes.Bytes;
import org.rale.request.Response;

/** Lines of clients to requests, and answers to lines. */
@State(Scope.Thread)
public class LineBenchmark {
  private static final String VALUE = "v".repeat(256);

  private final CommandParser parser = new CommandParser(1 << 20);
  private final byte[] put = bytes("PUT key123456 " + VALUE);
  private final byte[] get = bytes("GET key123456");
  private final byte[] json =
      bytes("{\"command\":\"PUT\",\"key\":\"key123456\",\"value\":\"" + VALUE + "\"}");
  private final Form form = ((ParsedLine.Parsed) parser.parse(get)).form();
  private final Response value = new Response.Value(Bytes.utf8(VALUE), 7, 3, 2);

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  @Benchmark
  public ParsedLine parsePut() {
    return parser.parse(put);
  }

  @Benchmark
  public ParsedLine parseGet() {
    return parser.parse(get);
  }

  @Benchmark
  public ParsedLine parseJson() {
    return parser.parse(json);
  }

  @Benchmark
  public byte[] renderValue() {
    return ReplyRenderer.render(form, value);
  }
}
