package org.rale.replica;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import org.rale.request.ErrorCode;
import org.rale.request.Request;
import org.rale.request.Response;
import org.rale.wire.PeerMessage;

/**
 * All requests under way: found by number, ended by an answer or by their deadline. Bounded in
 * number and bytes (S-16); what comes at the bound is answered OVERLOADED.
 */
final class Operations {
  private final Outbox out;
  private final Quota quota;
  private final Pipelines pipelines;
  private final Map<Long, Operation> byId = new HashMap<>();
  private final Map<Long, Operation> waiting = new HashMap<>();

  /** Those without an answer only, so that it holds no more than {@link #byId}. */
  private final TreeSet<Operation> byDeadline =
      new TreeSet<>(
          Comparator.<Operation>comparingLong(operation -> operation.deadline)
              .thenComparingLong(operation -> operation.id));

  /** No other process begins with the same. */
  private final long firstId;

  private long nextId;

  Operations(Outbox out, Pipelines pipelines, int max, long maxBytes, long firstId) {
    this.out = out;
    this.pipelines = pipelines;
    this.quota = new Quota(max, maxBytes);
    this.firstId = firstId;
    this.nextId = firstId;
  }

  boolean admits(Request request) {
    return quota.admits(request.bytes());
  }

  /** What they take in memory, about. */
  long bytes() {
    return quota.bytes();
  }

  /** By which this process's numbers differ from those of another one of this node. */
  long firstId() {
    return firstId;
  }

  boolean isEmpty() {
    return byId.isEmpty();
  }

  Operation open(Asker asker, Request request, long deadline) {
    Operation operation = new Operation(nextId++, asker, request, deadline);
    byId.put(operation.id, operation);
    quota.take(operation.bytes);
    byDeadline.add(operation);
    return operation;
  }

  @Nullable Operation find(long id) {
    return byId.get(id);
  }

  /** Puts it among those that are tried again when there is a leader. */
  void park(Operation operation, boolean perhaps) {
    park(operation, perhaps, 0);
  }

  /**
   * @param untilTick not to be tried again before, unless another node leads
   */
  void park(Operation operation, boolean perhaps, long untilTick) {
    if (operation.asker instanceof Asker.Nobody) {
      close(operation);
      return;
    }
    operation.waitAgain(perhaps);
    pipelines.parked(operation);
    operation.rest(untilTick);
    waiting.put(operation.id, operation);
  }

  /** Those that wait and may be tried by this tick, the oldest first. */
  List<Operation> takeWaiting(long tick) {
    if (waiting.isEmpty()) {
      return List.of();
    }
    List<Operation> taken =
        waiting.values().stream()
            .filter(operation -> operation.notBefore() <= tick)
            .sorted(Comparator.comparingLong(operation -> operation.id))
            .toList();
    taken.forEach(operation -> waiting.remove(operation.id));
    return taken;
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

  /** Wherever they are, the oldest first. */
  List<Operation> awaitingNews() {
    return byId.values().stream()
        .filter(operation -> operation.request().awaitsNews())
        .sorted(Comparator.comparingLong(operation -> operation.id))
        .toList();
  }

  /**
   * A failure of something that may have happened all the same is told as that (S-15): to a client
   * as an unknown outcome, to a node so that it may try again elsewhere.
   */
  void answer(Operation operation, Response response) {
    if (operation.isDone()) {
      return;
    }
    Response.@Nullable Failed doubtful = doubtful(operation, response);
    close(operation);
    if (doubtful == null) {
      tell(operation.asker, response);
    } else if (operation.asker instanceof Asker.Node node) {
      out.send(node.nodeId(), new PeerMessage.ForwardLost(node.id()));
    } else {
      tell(operation.asker, Failures.unknownOutcome(operation.request(), doubtful.message()));
    }
  }

  private static Response.@Nullable Failed doubtful(Operation operation, Response response) {
    return response instanceof Response.Failed failed
            && failed.code() != ErrorCode.UNKNOWN_OUTCOME
            && !isOfTheTable(failed.code())
            && operation.mayHaveHappened()
        ? failed
        : null;
  }

  /** Whether the table said so, when the change was applied: that is what became of it. */
  static boolean isOfTheTable(ErrorCode code) {
    return code == ErrorCode.REVISION_MISMATCH
        || code == ErrorCode.LEASE_NOT_FOUND
        || code == ErrorCode.LEASE_LIMIT;
  }

  private void close(Operation operation) {
    pipelines.left(operation);
    operation.done();
    if (byId.remove(operation.id) != null) {
      quota.give(operation.bytes);
    }
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
