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
  private final Share share;

  /** Those in which something may begin, or has to be put right. */
  private final Set<Pipeline> stirred = new LinkedHashSet<>();

  Pipelines(ReplicaConfig config) {
    this.share = new Share(config.share(), config.ticks(config.share().memoryMs()));
  }

  void tick(long tick) {
    share.tick(tick);
  }

  /** The newest request of the connection. */
  void enter(long connection, Operation operation) {
    byConnection
        .computeIfAbsent(connection, number -> new Pipeline(number, share.part()))
        .add(operation);
  }

  /** The request is tried again later. */
  void parked(Operation operation) {
    Pipeline pipeline = operation.pipeline();
    if (pipeline != null) {
      pipeline.parked();
      stirred.add(pipeline);
    }
  }

  /** One of them got on: those behind it may begin. */
  void stir(Pipeline pipeline) {
    if (pipeline.isStirred()) {
      stirred.add(pipeline);
    }
  }

  /** Another leader, or none. */
  void leaderChanged() {
    byConnection.values().forEach(Pipeline::leaderChanged);
    byConnection.values().forEach(this::stir);
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
      pipeline.close();
      stirred.remove(pipeline);
    } else {
      stir(pipeline);
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
