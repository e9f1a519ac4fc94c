package org.rale.ralectrl.output;

import java.util.List;
import org.jspecify.annotations.Nullable;
import org.rale.request.ErrorCode;

/** The command did not do what was asked: why, and what to do next. */
public final class Failure extends Exception {
  private final int exitCode;
  private final ErrorCode code;
  private final List<String> details;
  private final @Nullable String hint;
  private final @Nullable String json;

  private Failure(
      int exitCode,
      ErrorCode code,
      String message,
      List<String> details,
      @Nullable String hint,
      @Nullable String json) {
    super(message);
    this.exitCode = exitCode;
    this.code = code;
    this.details = List.copyOf(details);
    this.hint = hint;
    this.json = json;
  }

  /** The command line is wrong. */
  public static Failure usage(String message, String hint) {
    return new Failure(
        ExitCode.USAGE, ErrorCode.BAD_REQUEST, message, List.of(), hint, /* json= */ null);
  }

  /**
   * A failure that is seen on this side of the connection.
   *
   * @param exitCode of {@link ExitCode}, or the one of a program that this one started
   */
  public static Failure of(
      int exitCode, ErrorCode code, String message, List<String> details, @Nullable String hint) {
    return new Failure(exitCode, code, message, details, hint, /* json= */ null);
  }

  /**
   * A failure that a server replied.
   *
   * @param json the reply as it came
   */
  public static Failure replied(
      ErrorCode code,
      String message,
      List<String> details,
      @Nullable String hint,
      @Nullable String json) {
    return new Failure(ExitCode.of(code), code, message, details, hint, json);
  }

  /**
   * A failure that servers have no code for.
   *
   * @param json the whole of it, with a code of its own
   */
  public static Failure ofOwnCode(
      int exitCode, String message, List<String> details, @Nullable String hint, String json) {
    return new Failure(exitCode, ErrorCode.INTERNAL, message, details, hint, json);
  }

  /** The message; never null, as it is for other exceptions. */
  public String text() {
    String message = getMessage();
    return message == null ? "" : message;
  }

  public int exitCode() {
    return exitCode;
  }

  public ErrorCode code() {
    return code;
  }

  public List<String> details() {
    return details;
  }

  public @Nullable String hint() {
    return hint;
  }

  /** The server's reply, where the failure came in one, or the words of {@link #ofOwnCode}. */
  public @Nullable String json() {
    return json;
  }
}
