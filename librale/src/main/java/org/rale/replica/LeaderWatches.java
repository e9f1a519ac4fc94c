package org.rale.replica;

import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.rale.request.Request;
import org.rale.request.Response;

/**
 * Requests that wait until this node knows of another leader, or of another term, than their
 * clients do. They are told what this node knows by itself, and no more than that.
 */
final class LeaderWatches {
  /** The longest that one waits: its client may be gone, and nobody says so here (S-16). */
  static final int LONGEST_MS = 60_000;

  private final Unit unit;
  private final Reports reports;
  private final Set<Operation> waiting = new LinkedHashSet<>();

  LeaderWatches(Unit unit, Reports reports) {
    this.unit = unit;
    this.reports = reports;
  }

  /** The answer where the client knows something else; null where it has to wait. */
  @Nullable Response news(Request.WatchLeader watch) {
    boolean known =
        watch.leaderId() == unit.raft().leaderId() && watch.term() == unit.raft().term();
    return known ? null : knowledge();
  }

  /** What this node knows. One that was removed hears nobody any more, and says that instead. */
  Response knowledge() {
    return unit.raft().isRemoved() ? Failures.removed(unit.nodeId()) : reports.leader();
  }

  void add(Operation operation) {
    operation.watching();
    waiting.add(operation);
  }

  /** It is answered by others. */
  void drop(Operation operation) {
    waiting.remove(operation);
  }

  /** Another leader, or none, or another term. */
  void changed() {
    for (Operation operation : List.copyOf(waiting)) {
      Response news = news((Request.WatchLeader) operation.request());
      if (news != null) {
        answer(operation, news);
      }
    }
  }

  private void answer(Operation operation, Response response) {
    waiting.remove(operation);
    unit.operations.answer(operation, response);
  }
}
