package org.rale.raft;

import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * A leader's requests to its peers and what it learns from the answers, for one term.
 *
 * <p>Members that were removed get the entries until they know of it, so that they end by knowledge
 * and not by silence; they count for nothing meanwhile.
 */
final class Replication {
  private final Core core;

  /** By id, so that messages leave in the same order on every run. */
  private final Map<Integer, Progress> peers = new TreeMap<>();

  /** Removed members that still have to hear of it, and until which tick. */
  private final Map<Integer, Long> departing = new TreeMap<>();

  /** Of append requests, rising over all peers: tells late answers from new ones. */
  private long sequence;

  Replication(Core core) {
    this.core = core;
    update();
  }

  Collection<Progress> peers() {
    return peers.values();
  }

  Collection<Integer> departing() {
    return departing.keySet();
  }

  /** The membership in force changed: new peers begin as probes, removed ones depart. */
  void update() {
    for (Member member : core.membership().members()) {
      if (member.id() != core.self() && !isKnown(member)) {
        begin(member);
      }
    }
    long until = core.now + 2L * core.settings.leaseTicks();
    for (int peer : peers.keySet()) {
      if (!core.membership().contains(peer)) {
        departing.putIfAbsent(peer, until);
      }
    }
  }

  /**
   * A member that was removed and is back may have another disk under the old id: what the former
   * one acknowledged does not count for it (S-06).
   */
  private boolean isKnown(Member member) {
    Progress peer = peers.get(member.id());
    return peer != null
        && peer.incarnation == member.incarnation()
        && !departing.containsKey(member.id());
  }

  private void begin(Member member) {
    departing.remove(member.id());
    Progress former =
        peers.put(member.id(), new Progress(member, core.log.lastIndex() + 1, sequence, core.now));
    if (former != null && former.mode() == Progress.Mode.SNAPSHOT) {
      core.out.add(new Effect.StopSnapshot(member.id()));
    }
  }

  /** A heartbeat to all, and an append to those that have not had one for as long. */
  void heartbeat(long round) {
    for (Progress peer : peers.values()) {
      sendHeartbeat(peer, round);
      if (peer.isStuck(core.now, core.settings)) {
        agreeAnew(peer);
      }
      if (core.now - peer.sentAt() >= core.settings.heartbeatTicks()) {
        peer.forgetProbe();
        append(peer, true);
      }
    }
  }

  /**
   * Heartbeats in between, to peers on whose way many get lost.
   *
   * @param round the last one that was asked: none may begin here, since not all are asked
   */
  void heartbeatsBetween(long round) {
    for (Progress peer : peers.values()) {
      int interval = Pace.heartbeatTicks(core.settings, peer.loss());
      if (interval < core.settings.heartbeatTicks() && core.now - peer.beatAt() >= interval) {
        sendHeartbeat(peer, round);
      }
    }
  }

  void ask(long round) {
    peers.values().stream()
        .filter(peer -> core.membership().isVoter(peer.peer))
        .forEach(peer -> sendHeartbeat(peer, round));
  }

  private void sendHeartbeat(Progress peer, long round) {
    long commit = Math.min(core.commit(), peer.match());
    long number = peer.nextBeat(core.now);
    core.out.send(peer.peer, new Message.Heartbeat(core.term(), commit, round, number));
  }

  /** Sends whatever the windows allow. */
  void appendAll() {
    peers.values().forEach(peer -> append(peer, false));
  }

  /**
   * @param empty whether a request goes out even where there are no entries to send
   */
  private void append(Progress peer, boolean empty) {
    boolean owed = empty || peer.mode() == Progress.Mode.PROBE;
    while (peer.maySend(core.settings) && (owed || peer.next() <= core.log.lastIndex())) {
      owed = false;
      long prev = peer.next() - 1;
      long prevTerm = core.log.termAt(prev);
      if (prevTerm == RaftLog.UNKNOWN_TERM) {
        peer.snapshot(core.applied(), core.now);
        core.out.add(new Effect.SendSnapshot(peer.peer));
        return;
      }
      List<Entry> entries = core.log.slice(peer.next(), core.settings.maxAppendBytes());
      sequence++;
      long bytes = entries.stream().mapToLong(Entry::memoryBytes).sum();
      peer.sent(prev + entries.size(), bytes, core.now);
      core.out.send(
          peer.peer,
          new Message.AppendRequest(core.term(), sequence, prev, prevTerm, core.commit(), entries));
    }
  }

  void onAppendResponse(Progress peer, Message.AppendResponse answer) {
    peer.heard(core.now);
    if (peer.mode() == Progress.Mode.LOST
        || !peer.isMine(answer)
        || answer.index() > core.log.lastIndex()) {
      return;
    }
    if (peer.fellBack(answer)) {
      core.out.note(
          Event.Level.ERROR,
          "node "
              + peer.peer
              + " had acknowledged entries up to "
              + peer.match()
              + " and now holds only "
              + answer.lastIndex()
              + ": an old copy of its cluster.db was put back, or its disk lies. REMOVE "
              + peer.peer
              + ", empty its data directory and ADD it again");
      peer.lost();
      return;
    }
    if (answer.accepted()) {
      accepted(peer, answer);
    } else if (peer.refusalCounts(answer)) {
      long agreement = core.log.lastAgreement(answer.hintIndex(), answer.hintTerm());
      peer.refused(agreement, core.now);
    }
    append(peer, false);
  }

  private void accepted(Progress peer, Message.AppendResponse answer) {
    boolean hadSnapshot = peer.mode() == Progress.Mode.SNAPSHOT;
    if (hadSnapshot) {
      if (answer.index() < core.log.baseIndex()) {
        return;
      }
      core.out.add(new Effect.StopSnapshot(peer.peer));
      peer.installed(answer.index(), sequence, core.now);
    }
    peer.accepted(answer.index(), sequence, core.now);
    peer.caughtUp(core.applied());
  }

  void onSnapshotResponse(Progress peer, Message.SnapshotResponse answer) {
    peer.heard(core.now);
    if (peer.mode() != Progress.Mode.SNAPSHOT || answer.index() > core.commit()) {
      return;
    }
    if (answer.installed()) {
      peer.installed(answer.index(), sequence, core.now);
      core.out.add(new Effect.StopSnapshot(peer.peer));
      append(peer, true);
    } else {
      peer.pieceTaken(core.now);
      core.out.add(new Effect.PieceAnswer(peer.peer, answer));
    }
  }

  void pathChanged(int id) {
    Progress peer = peers.get(id);
    if (peer != null) {
      peer.loses(Message.HeartbeatResponse.LOSS_UNKNOWN);
    }
  }

  /**
   * What was on its way may be lost: agree anew. Lost pieces of a snapshot are sent again, and it
   * goes on where the peer stands when there is a link again.
   */
  void linkBroken(int id) {
    Progress peer = peers.get(id);
    if (peer != null && peer.mode() != Progress.Mode.SNAPSHOT) {
      agreeAnew(peer);
    }
  }

  private void agreeAnew(Progress peer) {
    switch (peer.mode()) {
      case REPLICATE -> peer.probe(peer.match() + 1);
      // No answer yet says where the logs agree: the guess stays as good as it was.
      case PROBE -> peer.forgetProbe();
      case SNAPSHOT -> {
        core.out.add(new Effect.StopSnapshot(peer.peer));
        peer.probe(peer.next());
      }
      case LOST -> {}
    }
  }

  /** Commits by counting, and only entries of the own term (section 5.4.2, S-08). */
  void countCommit() {
    long[] held = core.membership().voters().stream().mapToLong(this::held).sorted().toArray();
    if (held.length == 0) {
      return;
    }
    long onMajority = held[held.length - core.membership().quorum()];
    if (onMajority > core.commit() && core.log.termAt(onMajority) == core.term()) {
      core.commitTo(onMajority);
    }
  }

  /** How far the voter's durable log is known to be this leader's. */
  private long held(int voter) {
    if (voter == core.self()) {
      return core.log.durable();
    }
    Progress peer = peers.get(voter);
    return peer == null ? 0 : peer.match();
  }

  /** The newest round that a majority has confirmed. */
  long confirmedRound(long ownRound) {
    long[] rounds =
        core.membership().voters().stream()
            .mapToLong(voter -> voter == core.self() ? ownRound : round(voter))
            .sorted()
            .toArray();
    return rounds.length == 0 ? 0 : rounds[rounds.length - core.membership().quorum()];
  }

  private long round(int voter) {
    Progress peer = peers.get(voter);
    return peer == null ? 0 : peer.round();
  }

  /**
   * How many voters proved within the lease that their logs work, this one included. None while its
   * own disk hangs: a majority of the others may commit without it, but what is not durable here is
   * not applied here, so no client gets an answer, and another one can lead (S-11).
   */
  int voices() {
    long since = core.now - core.settings.leaseTicks();
    if (core.out.waitingSince(core.now) < since) {
      return 0;
    }
    int voices = 0;
    for (int voter : core.membership().voters()) {
      Progress peer = peers.get(voter);
      boolean works =
          voter == core.self()
              || (peer != null
                  && peer.mode() != Progress.Mode.LOST
                  && peer.acknowledgedAt() >= since);
      if (works) {
        voices++;
      }
    }
    return voices;
  }

  /** Lets removed members go that know of it, or that had their time. */
  void release() {
    departing
        .entrySet()
        .removeIf(
            entry -> {
              Progress peer = peers.get(entry.getKey());
              boolean knows =
                  peer != null
                      && peer.match() >= core.memberships.currentIndex()
                      && core.commit() >= core.memberships.currentIndex();
              if (peer != null && knows) {
                sendHeartbeat(peer, 0);
              }
              if (knows || core.now >= entry.getValue()) {
                peers.remove(entry.getKey());
                core.out.add(new Effect.StopSnapshot(entry.getKey()));
                core.out.add(new Effect.MembershipChanged(core.membership()));
                return true;
              }
              return false;
            });
  }

  /** Entries behind this index are kept for peers that get a snapshot, or catch up behind it. */
  long heldFrom() {
    return peers.values().stream()
        .mapToLong(peer -> peer.heldFrom(core.now, core.settings))
        .min()
        .orElse(Long.MAX_VALUE);
  }

  boolean isPeer(int id) {
    return peers.containsKey(id);
  }

  Progress peer(int id) {
    Progress peer = peers.get(id);
    if (peer == null) {
      throw new IllegalArgumentException("node " + id + " is no peer");
    }
    return peer;
  }
}
