package org.rale.replica;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** The pipelines of all connections that have something under way: as many as requests at most. */
final class Pipelines {
  private final Map<Long, Pipeline> byConnection = new HashMap<>();

  /** Those in which something may begin, or has to be put right. */
  private final Set<Pipeline> stirred = new LinkedHashSet<>();

  /** The newest request of the connection. */
  void enter(long connection, Operation operation) {
    Pipeline pipeline = byConnection.computeIfAbsent(connection, Pipeline::new);
    pipeline.add(operation);
    operation.joins(pipeline);
  }

  /** The request is tried again later. */
  void parked(Operation operation) {
    Pipeline pipeline = operation.pipeline();
    if (pipeline != null) {
      pipeline.release(operation);
      stirred.add(pipeline);
    }
  }

  /** The request waits for those before it. */
  void hold(Pipeline pipeline, Operation operation) {
    pipeline.hold(operation);
    stirred.add(pipeline);
  }

  /** The request ends. */
  void left(Operation operation) {
    Pipeline pipeline = operation.pipeline();
    if (pipeline == null) {
      return;
    }
    pipeline.remove(operation);
    if (pipeline.isEmpty()) {
      byConnection.remove(pipeline.connection);
      stirred.remove(pipeline);
    } else if (pipeline.isStirred()) {
      stirred.add(pipeline);
    }
  }

  boolean anyStirred() {
    return !stirred.isEmpty();
  }

  List<Pipeline> takeStirred() {
    List<Pipeline> taken = new ArrayList<>(stirred);
    stirred.clear();
    return taken;
  }
}
