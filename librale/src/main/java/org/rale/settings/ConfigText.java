package org.rale.settings;

import java.util.ArrayList;
import java.util.List;

/**
 * Splits the text of a configuration file into its settings, and goes on after a mistake, so that
 * its owner sees all of them at once.
 *
 * <pre>
 * # a comment: at the start of a line, or after a blank
 * node_id = 1                  # one setting a line
 * cluster_name = "blue # 2"    # quotes, single or double, keep blanks and '#'
 * cluster_members = 1:a:10.0.0.1:7400:7401, \
 *                   2:b:10.0.0.2:7400:7401
 * </pre>
 *
 * A backslash before the end of a line joins it with the next, whose leading blanks are dropped. In
 * double quotes {@code \"} and {@code \\} stand for the second character.
 */
public final class ConfigText {
  private static final String FORM = "Expected: key = value";
  private static final char END = '\0';

  private final String source;
  private final String text;
  private final List<Line> lines = new ArrayList<>();
  private final List<Problem> problems;
  private int at;
  private int lineNumber = 1;

  /**
   * A setting as it was written.
   *
   * @param value without quotes, continuation and comment; variables not yet expanded
   */
  public record Line(String key, String value, Place place) {}

  private ConfigText(String source, String text, List<Problem> problems) {
    this.source = source;
    this.text = text;
    this.problems = problems;
  }

  /**
   * @param problems gets what is wrong
   */
  public static List<Line> parse(String source, String text, List<Problem> problems) {
    String unix = text.replace("\r\n", "\n");
    String withoutMark = unix.startsWith("\uFEFF") ? unix.substring(1) : unix;
    ConfigText parser = new ConfigText(source, withoutMark, problems);
    while (parser.at < parser.text.length()) {
      parser.line();
    }
    return parser.lines;
  }

  /** Reads one setting, comment or empty line, with the line end behind it. */
  private void line() {
    Place place = new Place(source, lineNumber);
    int before = problems.size();
    skipBlanks();
    int start = at;
    while (!atLineEnd() && peek() != '=' && peek() != '#') {
      at++;
    }
    String key = text.substring(start, at).strip();
    if (peek() == '=') {
      at++;
      String value = value(place);
      if (key.isEmpty()) {
        fail(place, "there is no key before the '='", FORM);
      } else if (problems.size() == before) {
        lines.add(new Line(key, value, place));
      }
    } else if (!key.isEmpty()) {
      fail(place, "this line is no setting: \"" + key + "\"", FORM + ", or a comment after '#'.");
    }
    skipLine();
  }

  private String value(Place place) {
    skipBlanksAndContinuations();
    return switch (peek()) {
      case '"', '\'' -> quoted(place);
      default -> bare();
    };
  }

  private String bare() {
    StringBuilder value = new StringBuilder();
    boolean afterBlank = true;
    while (!atLineEnd()) {
      if (skipContinuation()) {
        skipBlanks();
      } else if (peek() == '#' && afterBlank) {
        break;
      } else {
        afterBlank = isBlank(peek());
        value.append(peek());
        at++;
      }
    }
    return value.toString().strip();
  }

  private String quoted(Place place) {
    char quote = peek();
    at++;
    StringBuilder value = new StringBuilder();
    while (peek() != quote) {
      if (skipContinuation()) {
        skipBlanks();
      } else if (atLineEnd()) {
        fail(
            place,
            "the quote " + quote + " is not closed",
            "Expected: key = " + quote + "value" + quote);
        return "";
      } else {
        boolean escaped = quote == '"' && peek() == '\\' && (peek(1) == '"' || peek(1) == '\\');
        value.append(escaped ? peek(1) : peek());
        at += escaped ? 2 : 1;
      }
    }
    at++;
    skipBlanks();
    if (!atLineEnd() && peek() != '#') {
      String rest = text.substring(at, lineEnd()).strip();
      fail(
          place,
          "after the closing quote comes \"" + rest + "\"",
          "Expected the end of the line, or a comment.");
    }
    return value.toString();
  }

  private void fail(Place place, String message, String detail) {
    problems.add(Problem.error(place, message, detail, null));
  }

  /** Steps over a backslash and the line end behind it, if that is what comes. */
  private boolean skipContinuation() {
    if (peek() != '\\') {
      return false;
    }
    int end = at + 1;
    while (end < text.length() && isBlank(text.charAt(end))) {
      end++;
    }
    if (end < text.length() && text.charAt(end) != '\n') {
      return false;
    }
    at = Math.min(end + 1, text.length());
    lineNumber++;
    return true;
  }

  private void skipBlanksAndContinuations() {
    do {
      skipBlanks();
    } while (skipContinuation());
  }

  private void skipBlanks() {
    while (isBlank(peek())) {
      at++;
    }
  }

  private void skipLine() {
    at = Math.min(lineEnd() + 1, text.length());
    lineNumber++;
  }

  private int lineEnd() {
    int end = text.indexOf('\n', at);
    return end < 0 ? text.length() : end;
  }

  private boolean atLineEnd() {
    return at >= text.length() || text.charAt(at) == '\n';
  }

  private char peek() {
    return peek(0);
  }

  private char peek(int ahead) {
    return at + ahead < text.length() ? text.charAt(at + ahead) : END;
  }

  private static boolean isBlank(char c) {
    return c == ' ' || c == '\t';
  }
}
