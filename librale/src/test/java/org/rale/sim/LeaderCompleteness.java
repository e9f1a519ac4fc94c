package org.rale.sim;

import java.util.HashSet;
import java.util.Set;
import org.rale.raft.Entry;
import org.rale.raft.RaftStatus;
import org.rale.raft.Role;

/**
 * A leader has every entry that was committed before its term (Raft figure 3): so nothing that was
 * acknowledged is ever lost.
 */
final class LeaderCompleteness {
  private final Set<Long> terms = new HashSet<>();

  void look(Life life, RaftStatus status, AppliedLog applied) {
    if (status.role() != Role.LEADER || !terms.add(status.term())) {
      return;
    }
    Shadow log = life.shadow();
    for (long index = log.snapshotIndex() + 1; index <= applied.last(); index++) {
      AppliedLog.Applied committed = applied.at(index);
      if (committed == null || committed.term() >= status.term()) {
        return;
      }
      Entry mine = log.at(index);
      if (!committed.entry().equals(mine)) {
        throw new SimFailure(
            "node "
                + life.id()
                + " leads term "
                + status.term()
                + " and has "
                + mine
                + " where "
                + committed.entry()
                + " was committed");
      }
    }
  }
}
