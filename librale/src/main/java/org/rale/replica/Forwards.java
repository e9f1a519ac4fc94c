package org.rale.replica;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.TreeMap;
import java.util.function.IntPredicate;
import org.jspecify.annotations.Nullable;
import org.rale.wire.HandshakeCodec;
import org.rale.wire.PeerMessage;

/**
 * Requests on their way to the leader, in the order in which they came. Those beyond the window
 * stand in line here: a link that is full drops what it is given, and a request that was dropped
 * would wait for an answer until its time is up (S-16).
 */
final class Forwards {
  /**
   * What may be under way at once. Half of what a link holds: answers, and what the rules say, pass
   * over it as well.
   */
  static final long WINDOW_BYTES = 8L << 20;

  private static final long FAR_FROM_REQUESTS = 1L << 61;

  private final Unit unit;
  private final TreeMap<Long, Operation> underWay = new TreeMap<>();
  private final Deque<Operation> line = new ArrayDeque<>();
  private long bytes;

  /** Whom the line is for: what stands in it was found to be in a form that this node reads. */
  private int lineTo;

  Forwards(Unit unit) {
    this.unit = unit;
  }

  void send(Operation operation) {
    operation.inLine();
    if (line.isEmpty()) {
      lineTo = unit.raft().leaderId();
    }
    line.add(operation);
    advance();
  }

  /**
   * Sends from the line what the window allows. Where there is another leader, or none, or no way
   * to it, that is about to be told, and ends the line.
   */
  void advance() {
    int leader = unit.raft().leaderId();
    boolean open = leader == lineTo && unit.links.isUp(leader);
    while (open
        && !line.isEmpty()
        && (underWay.isEmpty() || bytes + line.peek().bytes <= WINDOW_BYTES)) {
      Operation operation = line.remove();
      operation.forwarded(leader);
      underWay.put(operation.id, operation);
      bytes += operation.bytes;
      long leftMs = Math.max(1, (operation.deadline - unit.now()) * unit.config.tickMs());
      unit.out.send(
          leader,
          new PeerMessage.Forward(
              operation.id,
              connection(operation, leader),
              after(operation, leader),
              (int) Math.min(leftMs, Integer.MAX_VALUE),
              operation.request()));
    }
  }

  private long after(Operation operation, int leader) {
    return unit.links.spoken(leader) < HandshakeCodec.TURNS_SINCE
        ? PeerMessage.Forward.UNTOLD
        : operation.after();
  }

  /** What has no connection is one for itself, under its own number. */
  private long connection(Operation operation, int leader) {
    if (unit.links.spoken(leader) < HandshakeCodec.CONNECTIONS_SINCE) {
      return ReplicaInput.Submit.ALONE;
    }
    Pipeline pipeline = operation.pipeline();
    return pipeline == null ? operation.id : told(pipeline.line.connection());
  }

  /**
   * The connections of the node's next process begin with 1 again, while the leader may still have
   * requests of this one. And no connection has the number of a request.
   */
  private long told(long connection) {
    long base = unit.operations.firstId() ^ FAR_FROM_REQUESTS;
    return Math.max(1, (base + connection) & Long.MAX_VALUE);
  }

  /**
   * The node answered, so there is room in the window; null where this is not, or no more, a
   * request that it has.
   */
  @Nullable Operation answered(int from, long id) {
    Operation operation = underWay.get(id);
    if (operation == null || operation.forwardedTo() != from) {
      return null;
    }
    remove(operation);
    return operation;
  }

  /** Its time is up. */
  void drop(Operation operation) {
    if (operation.phase() == Operation.Phase.IN_LINE) {
      line.remove(operation);
    } else if (operation.phase() == Operation.Phase.FORWARDED) {
      remove(operation);
    }
  }

  private void remove(Operation operation) {
    underWay.remove(operation.id);
    bytes -= operation.bytes;
  }

  /** What these nodes have, the oldest first: it is on its way no more. */
  List<Operation> takeFrom(IntPredicate nodes) {
    List<Operation> taken =
        underWay.values().stream()
            .filter(operation -> nodes.test(operation.forwardedTo()))
            .toList();
    taken.forEach(this::remove);
    return taken;
  }

  /** All that stand in line, the first one first. */
  List<Operation> takeLine() {
    List<Operation> taken = new ArrayList<>(line);
    line.clear();
    return taken;
  }
}
