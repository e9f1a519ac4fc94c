package org.rale.ralectrl.client;

import java.util.List;
import org.rale.ralectrl.output.ExitCode;
import org.rale.ralectrl.output.Failure;
import org.rale.request.ErrorCode;
import org.rale.request.Response;

/**
 * What a server replied.
 *
 * @param json the reply as it came, without the end of the line
 */
public record Answer(Response response, String json) {

  /**
   * The response, which the request asks for.
   *
   * @throws Failure where it is of another kind: the server has lost its place
   */
  public <R extends Response> R as(Class<R> type) throws Failure {
    if (!type.isInstance(response)) {
      throw Failure.of(
          ExitCode.FAILED,
          ErrorCode.INTERNAL,
          "the server replied to another request than the one it got",
          List.of("Reply: " + json),
          null);
    }
    return type.cast(response);
  }
}
