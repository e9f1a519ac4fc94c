package org.rale.sim;

import java.util.HashMap;
import java.util.Map;
import org.rale.raft.RaftStatus;
import org.rale.raft.Role;

/** At most one leader a term (Raft figure 3). */
final class ElectionSafety {
  private final Map<Long, Integer> leaders = new HashMap<>();

  void look(Life life, RaftStatus status) {
    if (status.role() == Role.LEADER) {
      Integer first = leaders.putIfAbsent(status.term(), life.id());
      if (first != null && first != life.id()) {
        throw new SimFailure(
            "nodes " + first + " and " + life.id() + " both lead term " + status.term());
      }
    }
  }
}
