package org.rale.sim;

import java.util.HashMap;
import java.util.Map;
import org.rale.raft.RaftStatus;
import org.rale.raft.Role;

/** At most one leader a term (Raft figure 3). */
final class ElectionSafety {
  private final Coverage coverage;
  private final Map<Long, Integer> leaders = new HashMap<>();

  ElectionSafety(Coverage coverage) {
    this.coverage = coverage;
  }

  void look(Life life, RaftStatus before, RaftStatus status) {
    if (status.role() == Role.LEADER) {
      Integer first = leaders.putIfAbsent(status.term(), life.id());
      if (first == null) {
        coverage.saw(Seen.ELECTION);
      } else if (first != life.id()) {
        throw new SimFailure(
            "nodes " + first + " and " + life.id() + " both lead term " + status.term());
      }
    } else if (before.role() == Role.LEADER && before.term() == status.term()) {
      coverage.saw(Seen.STEPPED_DOWN);
    }
  }
}
