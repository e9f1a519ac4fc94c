package org.rale.command;

import org.rale.command.ParsedLine.Rejected;
import org.rale.request.ErrorCode;
import org.rale.request.Limits;
import org.rale.request.Response.Failed;

/**
 * Reads request lines. Never throws, whatever the line holds. One parser serves any number of
 * threads.
 */
public final class CommandParser {
  private final TextRequests text;
  private final JsonRequests json;

  /**
   * @param maxValueBytes the setting max_value_size, 1 to {@link Limits#MAX_VALUE_BYTES}
   */
  public CommandParser(int maxValueBytes) {
    Arguments arguments = new Arguments(maxValueBytes);
    this.text = new TextRequests(arguments);
    this.json = new JsonRequests(arguments);
  }

  public ParsedLine parse(byte[] line) {
    return parse(line, 0, line.length);
  }

  /** Parses a line without its LF; a CR at its end is passed over. Keeps nothing of the array. */
  public ParsedLine parse(byte[] array, int offset, int length) {
    int end = offset + length;
    if (length > 0 && array[end - 1] == '\r') {
      end--;
    }
    return isJson(array, offset, end)
        ? json.parse(array, offset, end)
        : text.parse(array, offset, end);
  }

  /**
   * What to say of a line that grew over {@link Limits#MAX_LINE_BYTES} before it ended; the
   * connection is closed behind this answer.
   *
   * @param array the beginning of the line, at least a byte of it
   */
  public static Rejected tooLong(byte[] array, int offset, int length) {
    Failed failure =
        Failed.of(
            ErrorCode.LINE_TOO_LONG,
            "the line has more than " + Limits.MAX_LINE_BYTES + " bytes",
            "the connection is closed, since where the next request starts is not known");
    boolean isJson = isJson(array, offset, offset + length);
    return new Rejected(failure, isJson ? new Form.Json(null, null) : new Form.Text(null));
  }

  private static boolean isJson(byte[] array, int from, int to) {
    int at = from;
    while (at < to && (array[at] == ' ' || array[at] == '\t')) {
      at++;
    }
    return at < to && array[at] == '{';
  }
}
