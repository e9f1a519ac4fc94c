package org.rale.command;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import org.rale.bytes.Bytes;
import org.rale.command.ParsedLine.Answered;
import org.rale.command.ParsedLine.Parsed;
import org.rale.command.ParsedLine.Rejected;
import org.rale.request.Limits;
import org.rale.request.Request;
import org.rale.request.Response;

/** Lines in and lines out, for tests of both forms. */
final class Lines {
  static final CommandParser PARSER = new CommandParser(Limits.MAX_VALUE_BYTES);

  private Lines() {}

  static ParsedLine parse(String line) {
    return PARSER.parse(line.getBytes(UTF_8));
  }

  static Request request(String line) {
    ParsedLine parsed = parse(line);
    assertThat(parsed).as(line).isInstanceOf(Parsed.class);
    return ((Parsed) parsed).request();
  }

  /** The reply to a line that needs no node to be answered. */
  static String reply(String line) {
    return reply(parse(line));
  }

  static String reply(ParsedLine parsed) {
    return parsed instanceof Rejected rejected
        ? new String(ReplyRenderer.render(rejected), UTF_8)
        : parsed instanceof Answered answered
            ? new String(ReplyRenderer.render(answered), UTF_8)
            : "not answered: " + parsed;
  }

  /** The reply to a line to which the node answers this. */
  static String reply(String line, Response response) {
    return new String(ReplyRenderer.render(parse(line).form(), response), UTF_8);
  }

  static Bytes bytes(String text) {
    return Bytes.utf8(text);
  }

  /** One byte a character, so that tests can write bytes that are no UTF-8. */
  static Bytes latin(String text) {
    return Bytes.wrap(text.getBytes(ISO_8859_1));
  }
}
