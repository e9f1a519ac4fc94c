package org.rale.sim;

import org.rale.raft.RaftStatus;
import org.rale.wire.PeerMessage;

/** All that must hold, looked at after every turn of every node. */
final class Judges {
  private final Trace trace;
  private final ElectionSafety elections = new ElectionSafety();
  private final VoteSafety votes = new VoteSafety();
  private final LogMatching logs = new LogMatching();
  private final AppliedBounds bounds = new AppliedBounds();
  private final LeaderCompleteness completeness = new LeaderCompleteness();
  final AppliedLog applied = new AppliedLog();
  final ExactlyOnce once = new ExactlyOnce(applied);

  Judges(Trace trace) {
    this.trace = trace;
  }

  void afterTurn(Life life) {
    RaftStatus status = life.replica().raftStatus();
    long hash = life.replica().stateHash();
    trace.mix(life.id(), status.term(), status.commitIndex(), status.appliedIndex(), hash);
    elections.look(life, status);
    logs.look(life);
    bounds.look(life, status);
    applied.look(life, status, hash);
    completeness.look(life, status, applied);
  }

  void sent(Life from, int to, PeerMessage message) {
    votes.sent(from, to, message);
  }
}
