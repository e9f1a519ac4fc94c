package org.rale.raled.clients;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.params.provider.MethodSource;
import org.rale.command.CommandParser;
import org.rale.command.ParsedLine;
import org.rale.command.ReplyRenderer;
import org.rale.request.ErrorCode;
import org.rale.request.Limits;
import org.rale.request.Request;
import org.rale.request.Response;
import org.rale.request.Response.Failed;

/**
 * What a client sends before it half-closes, in pieces of the length in the first byte. Whatever
 * the pieces and the order in which the node answers, each line gets the one reply that it gets
 * alone, in its turn; what has no line end gets one reply, and is not carried out.
 */
final class TextConnectionFuzzTest {
  private static final CommandParser PARSER = new CommandParser(Limits.MAX_VALUE_BYTES);

  /** More lines than these in one input only make it slow. */
  private static final int MAX_LINES = 200;

  static Stream<byte[]> seeds() {
    return Stream.of(
            "\1PING\r\nGET k\n",
            "\7PUT k v\nGET k\nPUT k 2\nDELETE k\n\n",
            "\100{\"command\":\"PING\",\"id\":7}\nSTOP\nKEYS\nFROBNICATE\nHELP\n",
            "\3ADD 2 n h 1 2\nLIST\nREMOVE 2\nTRANSFER\nSTATUS\n",
            "\20GET a\nGET b LOCAL\nCAS k 1 v\nPUT half a li")
        .map(text -> text.getBytes(StandardCharsets.UTF_8));
  }

  @MethodSource("seeds")
  @FuzzTest
  void session(byte[] input) {
    if (input.length == 0) {
      return;
    }
    List<String> expected = new ArrayList<>();
    int from = 1;
    for (int at = 1; at < input.length; at++) {
      if (input[at] == '\n') {
        expected.add(alone(PARSER.parse(input, from, at - from)));
        from = at + 1;
      }
    }
    if (expected.size() > MAX_LINES) {
      return;
    }
    TestClient client = new TestClient();
    int piece = 1 + (input[0] & 0xff);
    for (int at = 1; at < input.length; at += piece) {
      client.say(Arrays.copyOfRange(input, at, Math.min(at + piece, input.length)));
    }
    // A line may wait for the answer to one before it, so before the end is told.
    List<String> replies = new ArrayList<>(answered(client));
    client.halfCloses();
    replies.addAll(answered(client));
    if (from < input.length) {
      assertThat(replies).hasSize(expected.size() + 1);
      assertThat(replies.remove(expected.size())).contains("has no line end");
    }
    assertThat(replies).isEqualTo(expected);
    assertThat(client.channel.isOpen()).isFalse();
    client.channel.finishAndReleaseAll();
  }

  /** Answers all that was asked, the last first, until nothing more is asked. */
  private static List<String> answered(TestClient client) {
    while (!client.node.pending.isEmpty()) {
      PendingRequests.Pending last = client.node.pending.remove(client.node.pending.size() - 1);
      last.reply().accept(answer(last.request()));
      client.channel.runPendingTasks();
    }
    return client.replies();
  }

  private static Response answer(Request request) {
    return request instanceof Request.Ping
        ? new Response.Pong()
        : Failed.of(ErrorCode.NO_LEADER, request.toString());
  }

  private static String alone(ParsedLine line) {
    byte[] reply;
    if (line instanceof ParsedLine.Rejected rejected) {
      reply = ReplyRenderer.render(rejected);
    } else if (line instanceof ParsedLine.Answered answered) {
      reply = ReplyRenderer.render(answered);
    } else if (((ParsedLine.Parsed) line).request() instanceof Request.Stop) {
      TestClient client = new TestClient();
      boolean json = line.form() instanceof org.rale.command.Form.Json;
      client.say(json ? "{\"command\":\"STOP\"}\n" : "STOP\n");
      return client.replies().get(0);
    } else {
      reply = ReplyRenderer.render(line.form(), answer(((ParsedLine.Parsed) line).request()));
    }
    return new String(reply, StandardCharsets.UTF_8);
  }
}
