package org.rale.raled.clients;

import java.util.function.Consumer;
import org.rale.request.Request;
import org.rale.request.Response;

/** Who carries the requests of one connection out: the node. */
@FunctionalInterface
public interface RequestHandler {

  /**
   * Never blocks.
   *
   * @param timeoutMs after which the reply says that time ran out
   * @param reply called once, on any thread, perhaps before this returns
   */
  void submit(Request request, int timeoutMs, Consumer<Response> reply);
}
