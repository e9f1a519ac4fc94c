package org.rale.replica;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** The pipelines of all connections that have something under way: as many as requests at most. */
final class Pipelines {
  private final Map<Line, Pipeline> byLine = new LinkedHashMap<>();
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
  void enter(Line line, Operation operation) {
    byLine.computeIfAbsent(line, each -> new Pipeline(each, share.part(each))).add(operation);
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
    byLine.values().forEach(Pipeline::leaderChanged);
    byLine.values().forEach(this::stir);
  }

  /** The request ends. */
  void left(Operation operation) {
    Pipeline pipeline = operation.pipeline();
    if (pipeline == null) {
      if (asksForLittle(operation)) {
        share.answeredAlone();
      }
      return;
    }
    pipeline.remove(operation);
    if (pipeline.isEmpty()) {
      byLine.remove(pipeline.line);
      pipeline.close();
      stirred.remove(pipeline);
    } else {
      stir(pipeline);
    }
  }

  /** Whether a client stood in the queue with it: a backup of minutes does not. */
  private static boolean asksForLittle(Operation operation) {
    return operation.asker instanceof Asker.Client
        && !operation.request().awaitsNews()
        && !Backups.isLocal(operation.request());
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
