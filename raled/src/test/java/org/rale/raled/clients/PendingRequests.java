package org.rale.raled.clients;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.rale.bytes.Bytes;
import org.rale.request.Request;
import org.rale.request.Response;

/** A node that answers when the test says so. PING is answered at once. */
final class PendingRequests implements RequestHandler {
  record Pending(Request request, int timeoutMs, Consumer<Response> reply) {
    void value(String text) {
      reply.accept(new Response.Value(Bytes.utf8(text), 1, 1, 1));
    }
  }

  final List<Pending> pending = new ArrayList<>();
  int submitted;

  @Override
  public void submit(Request request, int timeoutMs, Consumer<Response> reply) {
    submitted++;
    if (request instanceof Request.Ping) {
      reply.accept(new Response.Pong());
    } else {
      pending.add(new Pending(request, timeoutMs, reply));
    }
  }

  List<Request> requests() {
    return pending.stream().map(Pending::request).toList();
  }
}
