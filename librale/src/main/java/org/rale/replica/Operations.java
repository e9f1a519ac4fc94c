package org.rale.replica;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.rale.request.ErrorCode;
import org.rale.request.Request;
import org.rale.request.Response;
import org.rale.wire.PeerMessage;

/** All requests under way: found by number, ended by an answer or by their deadline. */
final class Operations {
  private final Outbox out;
  private final int max;
  private final Map<Long, Operation> byId = new HashMap<>();
  private final Map<Long, Operation> waiting = new LinkedHashMap<>();

  /** Those without an answer only, so that it holds no more than {@link #byId}. */
  private final TreeSet<Operation> byDeadline =
      new TreeSet<>(
          Comparator.<Operation>comparingLong(operation -> operation.deadline)
              .thenComparingLong(operation -> operation.id));

  private long nextId;

  Operations(Outbox out, int max, long firstId) {
    this.out = out;
    this.max = max;
    this.nextId = firstId;
  }

  boolean isFull() {
    return byId.size() >= max;
  }

  boolean isEmpty() {
    return byId.isEmpty();
  }

  Operation open(Asker asker, Request request, long deadline) {
    Operation operation = new Operation(nextId++, asker, request, deadline);
    byId.put(operation.id, operation);
    byDeadline.add(operation);
    return operation;
  }

  @Nullable Operation find(long id) {
    return byId.get(id);
  }

  /** Puts it among those that are tried again when there is a leader. */
  void park(Operation operation, boolean perhaps) {
    if (operation.asker instanceof Asker.Nobody) {
      close(operation);
      return;
    }
    operation.waitAgain(perhaps);
    waiting.put(operation.id, operation);
  }

  /** Those that wait, in the order in which they came; they wait no more. */
  List<Operation> takeWaiting() {
    if (waiting.isEmpty()) {
      return List.of();
    }
    List<Operation> taken = new ArrayList<>(waiting.values());
    waiting.clear();
    return taken;
  }

  List<Operation> matching(Predicate<Operation> wanted) {
    return byId.values().stream()
        .filter(wanted)
        .sorted(Comparator.comparingLong(operation -> operation.id))
        .toList();
  }

  /** Those whose time has run out, the oldest first; again and again until they are answered. */
  List<Operation> expired(long tick) {
    if (byDeadline.isEmpty() || byDeadline.first().deadline > tick) {
      return List.of();
    }
    List<Operation> expired = new ArrayList<>();
    for (Operation operation : byDeadline) {
      if (operation.deadline > tick) {
        break;
      }
      expired.add(operation);
    }
    return expired;
  }

  void answer(Operation operation, Response response) {
    if (operation.isDone()) {
      return;
    }
    Response honest = response;
    if (response instanceof Response.Failed failed
        && failed.code() != ErrorCode.UNKNOWN_OUTCOME
        && failed.code() != ErrorCode.REVISION_MISMATCH
        && operation.mayHaveHappened()) {
      honest = Failures.unknownOutcome(operation.request(), failed.message());
    }
    close(operation);
    tell(operation.asker, honest);
  }

  private void close(Operation operation) {
    operation.done();
    byId.remove(operation.id);
    byDeadline.remove(operation);
    waiting.remove(operation.id);
  }

  void tell(Asker asker, Response response) {
    if (asker instanceof Asker.Client client) {
      out.reply(client.token(), response);
    } else if (asker instanceof Asker.Node node) {
      out.send(node.nodeId(), new PeerMessage.ForwardReply(node.id(), response));
    }
  }
}
