package org.rale.sim;

import java.util.HashMap;
import java.util.Map;
import org.rale.raft.RaftStatus;

/** Nodes that have applied as much have the same table and the same memory of clients (S-20). */
final class EqualState {
  private record First(long hash, int node) {}

  private final Map<Long, First> byIndex = new HashMap<>();

  void look(Life life, RaftStatus status, long hash) {
    First first = byIndex.putIfAbsent(status.appliedIndex(), new First(hash, life.id()));
    if (first != null && first.hash() != hash) {
      throw new SimFailure(
          "nodes "
              + first.node()
              + " and "
              + life.id()
              + " have different tables at index "
              + status.appliedIndex());
    }
  }
}
