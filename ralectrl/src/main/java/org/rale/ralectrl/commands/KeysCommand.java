package org.rale.ralectrl.commands;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.rale.bytes.Bytes;
import org.rale.ralectrl.output.ExitCode;
import org.rale.ralectrl.output.Failure;
import org.rale.request.ErrorCode;
import org.rale.request.Limits;
import org.rale.request.Request;
import org.rale.request.Response;

final class KeysCommand implements Command {
  private static final Option PREFIX = Option.text("PREFIX", "The same as PREFIX.", "--prefix");
  private static final Option LIMIT =
      Option.text("NUMBER", "At most so many keys, 1 to 10000 (10000).", "--limit");

  @Override
  public Syntax syntax() {
    return new Syntax(
        "KEYS",
        "list the keys that begin with a prefix",
        List.of("ralectrl [GLOBAL OPTIONS] KEYS [--limit NUMBER] [PREFIX]"),
        List.of(
            "Prints the keys that begin with the prefix, one a line, sorted by their bytes. A"
                + " warning says when there are more than the limit."),
        new Syntax.Positions("PREFIX", "All keys without one."),
        List.of(PREFIX, LIMIT));
  }

  @Override
  public void run(Arguments given, Session session) throws Failure, IOException {
    Bytes bytes = Keys.prefix(Given.optional("KEYS", given.positions(), given.text(PREFIX)));
    String limit = given.text(LIMIT);
    int most = limit == null ? Limits.MAX_KEYS : Texts.count("--limit", limit, Limits.MAX_KEYS);
    session.show(
        new Request.Keys(bytes, most), Response.KeyList.class, answer -> print(answer, session));
  }

  private static void print(Response.KeyList answer, Session session) throws Failure, IOException {
    StringBuilder lines = new StringBuilder();
    for (Bytes key : answer.keys()) {
      lines.append(lines.isEmpty() ? "" : "\n").append(oneLine(key));
    }
    if (!lines.isEmpty()) {
      session.output().line(lines.toString());
    }
    if (answer.truncated()) {
      session
          .output()
          .warning("there are more keys than the %d shown".formatted(answer.keys().size()));
      session.output().hint("Give a longer prefix.");
    }
  }

  /** A key that is no line of text would look like other keys, or like none. */
  private static String oneLine(Bytes key) throws Failure {
    try {
      String text =
          StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(key.toByteArray())).toString();
      if (text.chars().noneMatch(Character::isISOControl)) {
        return text;
      }
    } catch (CharacterCodingException e) {
      throw notText(key);
    }
    throw notText(key);
  }

  private static Failure notText(Bytes key) {
    return Failure.of(
        ExitCode.FAILED,
        ErrorCode.BAD_REQUEST,
        "the key \"%s\" is not one line of text".formatted(key.toText()),
        List.of(),
        "List the keys with --output json.");
  }
}
