package org.rale.sim;

import java.util.Map;
import java.util.WeakHashMap;
import org.rale.raft.Entry;
import org.rale.raft.RaftStatus;

/**
 * What a node knew to be committed, and its disk to hold, stands in its log ever after, in its next
 * lives too, or behind a snapshot (S-02, S-04). {@link LeaderCompleteness} sees a loss only when
 * one leads who suffered it. A disk that was emptied, replaced or hit by rot is judged no more.
 */
final class CommittedNeverLost {
  /** The last such entry of each. */
  private final Map<Machine, Entry> kept = new WeakHashMap<>();

  void look(Life life, RaftStatus status) {
    if (life.machine.hasForgotten()) {
      return;
    }
    Shadow log = life.shadow();
    Entry before = kept.get(life.machine);
    if (before != null
        && before.index() > log.snapshotIndex()
        && !before.equals(log.at(before.index()))) {
      throw new SimFailure(
          "node "
              + life.id()
              + " has lost "
              + before
              + ", which was committed and on its disk; it has "
              + log.at(before.index()));
    }
    Entry now = log.at(Math.min(status.commitIndex(), log.durable()));
    if (now != null && (before == null || now.index() > before.index())) {
      kept.put(life.machine, now);
    }
  }
}
