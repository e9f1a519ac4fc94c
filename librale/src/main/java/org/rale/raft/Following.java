package org.rale.raft;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** What a node does that follows a leader: takes its entries, heartbeats and snapshots. */
final class Following {
  private final Core core;

  /** The snapshot that the disk is about to put in the place of everything. */
  private @Nullable SnapshotMeta installing;

  /** Who sent it. */
  private int installingFrom;

  /** How far the log is known to be the current leader's; nothing beyond may be committed. */
  private long proven;

  private long provenTerm;
  private final Losses losses = new Losses();

  Following(Core core) {
    this.core = core;
  }

  boolean isInstalling() {
    return installing != null;
  }

  /** The sender leads the current term. */
  void onAppend(int from, Message.AppendRequest request) {
    if (installing != null) {
      // The disk is about to replace the log: an answer now would be about the old one.
      return;
    }
    if (!isSound(request) || contradictsCommitted(request)) {
      core.out.note(
          Event.Level.ERROR,
          "node "
              + from
              + " sent entries behind "
              + request.prevIndex()
              + " that no leader of term "
              + request.term()
              + " can have: they are ignored");
      return;
    }
    long prev = request.prevIndex();
    List<Entry> entries = request.entries();
    long proves = prev + entries.size();
    if (proves <= core.commit()) {
      // Committed entries are the same in every log that a leader of this term can have (5.4.3).
      accept(from, request, proves);
      return;
    }
    if (prev < core.commit()) {
      entries = entries.subList((int) (core.commit() - prev), entries.size());
    } else if (core.log.termAt(prev) != request.prevTerm()) {
      refuse(from, request);
      return;
    }
    appendMissing(entries);
    accept(from, request, proves);
  }

  /** Whether the entries follow each other; the log takes nothing else (S-17). */
  private static boolean isSound(Message.AppendRequest request) {
    if (request.prevIndex() < 0 || request.prevTerm() < 0) {
      return false;
    }
    long index = request.prevIndex();
    long term = request.prevTerm();
    for (Entry entry : request.entries()) {
      index++;
      if (entry.index() != index || entry.term() < term) {
        return false;
      }
      term = entry.term();
    }
    return term <= request.term();
  }

  /** Every leader has what is committed (5.4.3): one that has not must not harm this log (S-19). */
  private boolean contradictsCommitted(Message.AppendRequest request) {
    long offset = core.commit() - request.prevIndex();
    if (offset < 0 || offset > request.entries().size()) {
      return false;
    }
    long theirs = offset == 0 ? request.prevTerm() : request.entries().get((int) offset - 1).term();
    return theirs != core.log.termAt(core.commit());
  }

  /**
   * Cuts only where the logs really conflict (S-07): a late, short request must not cut what a
   * newer one brought.
   */
  private void appendMissing(List<Entry> entries) {
    for (Entry entry : entries) {
      long mine = core.log.termAt(entry.index());
      if (mine == entry.term()) {
        continue;
      }
      if (mine != RaftLog.UNKNOWN_TERM) {
        core.out.note(
            Event.Level.INFO,
            "cutting entries "
                + entry.index()
                + " to "
                + core.log.lastIndex()
                + ": they conflict with the leader's of term "
                + entry.term());
        core.truncateFrom(entry.index());
      }
      core.append(entry);
    }
  }

  private void accept(int from, Message.AppendRequest request, long proves) {
    prove(proves);
    core.commitTo(Math.min(request.commit(), proves));
    core.out.sendDurably(
        from,
        new Message.AppendResponse(
            core.term(), request.sequence(), true, proves, 0, 0, core.log.lastIndex()));
  }

  private void refuse(int from, Message.AppendRequest request) {
    long hint = core.log.lastAgreement(request.prevIndex(), request.prevTerm());
    core.out.sendDurably(
        from,
        new Message.AppendResponse(
            core.term(),
            request.sequence(),
            false,
            request.prevIndex(),
            hint,
            core.log.termAt(hint),
            core.log.lastIndex()));
  }

  /** The sender's term is over: the answer carries the new one, so that it steps down. */
  void refuseOldLeader(int from, Message.AppendRequest request) {
    core.out.sendDurably(
        from,
        new Message.AppendResponse(
            core.term(), request.sequence(), false, request.prevIndex(), 0, 0, 0));
  }

  void forgetLosses() {
    losses.forget();
  }

  void onHeartbeat(int from, Message.Heartbeat heartbeat) {
    learnCommit(heartbeat.commit());
    losses.came(from, core.term(), heartbeat.number());
    int loss = losses.perMille(from, core.term());
    core.out.send(from, new Message.HeartbeatResponse(core.term(), heartbeat.round(), loss));
  }

  /** The leader has committed so far; of that counts here what is proven to be the leader's. */
  void learnCommit(long commit) {
    if (installing == null && provenTerm == core.term()) {
      core.commitTo(Math.min(commit, proven));
    }
  }

  private void prove(long index) {
    if (provenTerm != core.term()) {
      provenTerm = core.term();
      proven = 0;
    }
    proven = Math.max(proven, index);
  }

  void onPiece(int from, Message.SnapshotPiece piece) {
    if (installing == null && !alreadyHolds(from, piece.meta())) {
      core.out.add(new Effect.Piece(from, piece));
    }
  }

  /** All pieces are there. */
  void snapshotArrived(int from, SnapshotMeta meta) {
    if (installing == null && !alreadyHolds(from, meta)) {
      installing = meta;
      installingFrom = from;
      core.out.add(new Effect.Install(meta, core.hardState()));
    }
  }

  /**
   * A log that has the snapshot's last entry keeps what follows it: those entries may have been
   * acknowledged (section 7, "retain log entries following it").
   */
  private boolean alreadyHolds(int from, SnapshotMeta meta) {
    boolean has = meta.index() <= core.commit() || core.log.termAt(meta.index()) == meta.term();
    if (has) {
      core.commitTo(meta.index());
      answerInstalled(from, meta);
    }
    return has;
  }

  void installed(SnapshotMeta meta) {
    Invariant.check(meta.equals(installing), "installed %s, which was not asked for", meta.index());
    installing = null;
    core.reset(meta);
    core.out.note(
        Event.Level.INFO,
        "installed the snapshot of node " + installingFrom + " at index " + meta.index());
    answerInstalled(installingFrom, meta);
  }

  private void answerInstalled(int from, SnapshotMeta meta) {
    core.out.sendDurably(from, new Message.SnapshotResponse(core.term(), meta.index(), 0, true));
  }
}
