package org.rale.ralectrl.output;

import com.fasterxml.jackson.core.io.JsonStringEncoder;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import org.rale.bytes.Bytes;

/**
 * The two streams of the program. Text is UTF-8 whatever the locale says, and values are the bytes
 * that they are: so there is no PrintStream here, which would also swallow a full disk.
 */
public final class Output {

  /** How results and failures look. */
  public enum Format {
    TEXT,
    JSON
  }

  private final OutputStream out;
  private final OutputStream err;
  private final Format format;

  public Output(OutputStream out, OutputStream err, Format format) {
    this.out = out;
    this.err = err;
    this.format = format;
  }

  public boolean isJson() {
    return format == Format.JSON;
  }

  /** One line of a result, or several with newlines between them. */
  public void line(String text) throws IOException {
    out.write((text + "\n").getBytes(StandardCharsets.UTF_8));
    out.flush();
  }

  /** A value as it is. */
  public void value(Bytes value, boolean newline) throws IOException {
    // One write, so that a reader that stops early sees a prefix and never a lone newline.
    byte[] bytes = new byte[value.length() + (newline ? 1 : 0)];
    value.copyTo(bytes, 0);
    if (newline) {
      bytes[value.length()] = '\n';
    }
    out.write(bytes);
    out.flush();
  }

  public void warning(String text) throws IOException {
    complain("ralectrl: warning: " + printable(text) + "\n");
  }

  /** What went as asked, and may not have been meant. */
  public void note(String text) throws IOException {
    complain("ralectrl: note: " + printable(text) + "\n");
  }

  public void hint(String text) throws IOException {
    complain("ralectrl: hint: " + printable(text) + "\n");
  }

  /**
   * What is to stand in the last line of a terminal until something else is said; empty: nothing.
   */
  public void passing(String text) throws IOException {
    complain("\r\033[K" + text);
  }

  /** A failure, in the form that was asked for, in one write. */
  public void failure(Failure failure) throws IOException {
    complain(format == Format.JSON ? json(failure) : text(failure));
  }

  private void complain(String text) throws IOException {
    err.write(text.getBytes(StandardCharsets.UTF_8));
    err.flush();
  }

  private static String text(Failure failure) {
    StringBuilder text = new StringBuilder(160);
    text.append("ralectrl: error: ").append(printable(failure.text())).append('\n');
    for (String detail : failure.details()) {
      text.append("ralectrl: detail: ").append(printable(detail)).append('\n');
    }
    String hint = failure.hint();
    if (hint != null) {
      text.append("ralectrl: hint: ").append(printable(hint)).append('\n');
    }
    return text.toString();
  }

  /** The fields of a server's failure; the server's own reply, where there is one. */
  private static String json(Failure failure) {
    String reply = failure.json();
    if (reply != null) {
      return reply + "\n";
    }
    StringBuilder json = new StringBuilder(160);
    json.append("{\"status\":\"error\",\"code\":\"").append(failure.code());
    json.append("\",\"message\":").append(quoted(failure.text()));
    if (!failure.details().isEmpty()) {
      json.append(",\"detail\":").append(quoted(String.join("; ", failure.details())));
    }
    String hint = failure.hint();
    if (hint != null) {
      json.append(",\"hint\":").append(quoted(hint));
    }
    return json.append("}\n").toString();
  }

  private static String quoted(String text) {
    return '"' + new String(JsonStringEncoder.getInstance().quoteAsString(text)) + '"';
  }

  /**
   * The text with control characters shown as \xNN: a message may quote a key, and a key may hold
   * what a terminal takes for a command.
   */
  public static String printable(String text) {
    StringBuilder printable = new StringBuilder(text.length());
    for (int index = 0; index < text.length(); index++) {
      char each = text.charAt(index);
      if (Character.isISOControl(each)) {
        printable.append(String.format("\\x%02x", (int) each));
      } else {
        printable.append(each);
      }
    }
    return printable.toString();
  }
}
