package org.rale.sim;

import org.rale.raft.RaftStatus;

/** Nothing is applied that is not committed and, by what the disk has said, durable here. */
final class AppliedBounds {
  void look(Life life, RaftStatus status) {
    long applied = status.appliedIndex();
    long durable = Math.max(life.shadow().durable(), life.shadow().snapshotIndex());
    if (applied > status.commitIndex() || applied > durable) {
      throw new SimFailure(
          "node "
              + life.id()
              + " applied up to "
              + applied
              + ", commit index "
              + status.commitIndex()
              + ", durable "
              + durable);
    }
  }
}
