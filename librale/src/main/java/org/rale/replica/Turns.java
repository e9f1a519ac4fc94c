package org.rale.replica;

import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Which changes of other nodes' connections this leader has taken last, so that none is taken whose
 * predecessor was not.
 *
 * <p>A node passes the changes of a connection on one behind the other, without waiting. One of
 * them may be turned away, find no room on its way, or be lost with one of two links, while the one
 * behind it comes through; then both are sent again, and the first one would stand in the log
 * behind the second. So each names the one before it that had no answer yet when it began, and is
 * turned away unless that one, or a later one, was taken. What is forgotten costs attempts, one a
 * heartbeat until that one is answered, and never the order.
 */
final class Turns {
  /** Connections that are remembered for a node; beyond that those that were quiet longest go. */
  private static final int MAX_CONNECTIONS = 16_384;

  /** By node and connection, the ids of changes, which grow while the node's process lives. */
  private final Map<Integer, Map<Long, Long>> taken = new HashMap<>();

  /** Whether a change may be taken now; it is taken then. */
  boolean take(Operation operation) {
    Pipeline pipeline = operation.pipeline();
    if (!(operation.asker instanceof Asker.Node node) || pipeline == null) {
      return true;
    }
    long connection = pipeline.line.connection();
    if (connection == ReplicaInput.Submit.ALONE || connection == node.id()) {
      // Not told, or of a request that is alone.
      return true;
    }
    Map<Long, Long> ofNode = taken.computeIfAbsent(node.nodeId(), each -> new LinkedHashMap<>());
    Long last = ofNode.get(connection);
    if (node.after() > 0 && (last == null || last < node.after())) {
      return false;
    }
    ofNode.remove(connection);
    ofNode.put(connection, last == null ? node.id() : Math.max(last, node.id()));
    if (ofNode.size() > MAX_CONNECTIONS) {
      ofNode.remove(ofNode.keySet().iterator().next());
    }
    return true;
  }

  /** No link leads to the node: the next one may lead to another process, with other numbers. */
  void forget(int nodeId) {
    taken.remove(nodeId);
  }

  /** Another leader, or another term: what was taken may be in no log any more. */
  void forgetAll() {
    taken.clear();
  }
}
