package org.rale.sim;

import org.rale.raft.RaftStatus;

/**
 * snapshot &lt;= applied &lt;= min(commit, durable) &lt;= last: nothing is applied that is not
 * committed and, by what the disk has said, durable here. And none of them falls while the node
 * lives, but for the end of a log whose entries conflict.
 */
final class IndexOrder {
  /**
   * The rules of a founder are told from the start that this entry is durable. All that they ask of
   * the disk comes behind it there, a vote for themselves first of all.
   */
  private static final long FOUNDING = 1;

  void look(Life life, RaftStatus before, RaftStatus status) {
    Shadow log = life.shadow();
    long snapshot = log.durableSnapshot();
    long applied = status.appliedIndex();
    long durable = Math.max(log.durable(), snapshot);
    long commit = status.commitIndex();
    long last = Math.max(log.last(), log.snapshotIndex());
    if (snapshot > applied
        || applied > Math.min(commit, durable)
        || commit > last
        || (!log.isBeingReplaced() && status.durableIndex() > Math.max(durable, FOUNDING))) {
      throw new SimFailure(
          "node "
              + life.id()
              + " has snapshot "
              + snapshot
              + ", applied "
              + applied
              + ", commit "
              + commit
              + ", durable "
              + durable
              + " (and believes "
              + status.durableIndex()
              + "), last "
              + last);
    }
    boolean entered = before.lastIndex() == 0;
    if (!entered && (applied < before.appliedIndex() || commit < before.commitIndex())) {
      throw new SimFailure(
          "node "
              + life.id()
              + " goes back: applied "
              + before.appliedIndex()
              + " to "
              + applied
              + ", commit "
              + before.commitIndex()
              + " to "
              + commit);
    }
    if (status.term() < before.term()) {
      throw new SimFailure(
          "node " + life.id() + " goes back from term " + before.term() + " to " + status.term());
    }
  }
}
