package org.rale.ralectrl.client;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.OptionalInt;
import org.rale.bytes.MalformedException;
import org.rale.command.ReplyParser;
import org.rale.command.RequestWriter;
import org.rale.request.Request;
import org.rale.request.Response;

/** Requests and replies as lines of JSON. */
final class Protocol {
  /** By so much the server's time is shorter than ours, so that its answer arrives in ours. */
  private static final int MARGIN_PART = 10;

  private static final int LEAST_MARGIN_MS = 20;
  private static final int MOST_MARGIN_MS = 500;
  private static final int MOST_TIMEOUT_MS = 3_600_000;

  private Protocol() {}

  /** The request with the end of the line, for a server whose answer we await for so long. */
  static byte[] write(Request request, long leftMs) {
    byte[] line = RequestWriter.toJson(request, OptionalInt.of(timeoutMs(leftMs)));
    byte[] ended = new byte[line.length + 1];
    System.arraycopy(line, 0, ended, 0, line.length);
    ended[line.length] = '\n';
    return ended;
  }

  private static int timeoutMs(long leftMs) {
    long margin = Math.min(MOST_MARGIN_MS, Math.max(LEAST_MARGIN_MS, leftMs / MARGIN_PART));
    return (int) Math.min(MOST_TIMEOUT_MS, Math.max(1, leftMs - margin));
  }

  /** The reply to the request. */
  static Answer read(Request request, byte[] line) throws IOException {
    try {
      Response response = new ReplyParser().parse(request, line);
      return new Answer(response, new String(line, StandardCharsets.UTF_8));
    } catch (MalformedException e) {
      throw new IOException("the reply is not understood: " + e.getMessage(), e);
    }
  }

  /** The field last_applied of a reply to STATUS; 0 where it has none. */
  static long lastApplied(Response response) {
    if (response instanceof Response.StatusReport status) {
      for (Response.Field field : status.fields()) {
        if (field.name().equals("last_applied") && field.value().matches("[0-9]{1,18}")) {
          return Long.parseLong(field.value());
        }
      }
    }
    return 0;
  }
}
