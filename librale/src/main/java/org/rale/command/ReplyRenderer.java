package org.rale.command;

import java.nio.charset.StandardCharsets;
import org.rale.request.Response;

/**
 * Words the answers. A reply is one line of UTF-8, given without its end; it never holds a control
 * character, but for a tab that stands in a value.
 */
public final class ReplyRenderer {
  private ReplyRenderer() {}

  /** The answer to the request of this form. */
  public static byte[] render(Form form, Response response) {
    return form instanceof Form.Json json
        ? JsonReplies.render(json, response)
        : TextReplies.render(form.request(), response);
  }

  public static byte[] render(ParsedLine.Rejected rejected) {
    return render(rejected.form(), rejected.failure());
  }

  public static byte[] render(ParsedLine.Answered answered) {
    return answered.reply().getBytes(StandardCharsets.UTF_8);
  }
}
