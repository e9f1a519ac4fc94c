package org.rale.settings;

import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * Something about the configuration that its owner has to know, in the three parts that PostgreSQL
 * gives a message: what is wrong, the detail, and what to do.
 *
 * @param detail what was expected, or null where the message says it all
 * @param hint what to do, or null where nothing is to be recommended
 */
public record Problem(
    Severity severity,
    Place place,
    String message,
    @Nullable String detail,
    @Nullable String hint) {

  /** An error keeps the daemon from starting; a warning does not. */
  public enum Severity {
    WARNING,
    ERROR
  }

  public static Problem error(
      Place place, String message, @Nullable String detail, @Nullable String hint) {
    return new Problem(Severity.ERROR, place, message, detail, hint);
  }

  public static Problem warning(Place place, String message, @Nullable String detail) {
    return new Problem(Severity.WARNING, place, message, detail, null);
  }

  public boolean isError() {
    return severity == Severity.ERROR;
  }

  /**
   * One to three lines without a line end after the last. A problem quotes what stands in the file,
   * which may be anything: control characters are shown as \xNN.
   */
  public String render() {
    StringBuilder text = new StringBuilder();
    text.append(place).append(isError() ? ": error: " : ": warning: ").append(shown(message));
    if (detail != null) {
      text.append("\n  detail: ").append(shown(detail));
    }
    if (hint != null) {
      text.append("\n  hint: ").append(shown(hint));
    }
    return text.toString();
  }

  private static String shown(String text) {
    StringBuilder shown = new StringBuilder(text.length());
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (Character.isISOControl(c)) {
        shown.append(String.format(Locale.ROOT, "\\x%02x", (int) c));
      } else {
        shown.append(c);
      }
    }
    return shown.toString();
  }

  public static boolean anyError(List<Problem> problems) {
    return problems.stream().anyMatch(Problem::isError);
  }
}
