package org.rale.raft;

import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import org.rale.bytes.Bytes;

/** One term of leadership: proposals, membership changes, reads, the hand-over, and its end. */
final class Leading {
  private final Core core;
  private final Reads reads;
  private final Replication replication;
  private final long firstIndex;

  /** Of entries of this term that are not committed, or not durable here. */
  private long openBytes;

  /** Up to where entries are closed in that sense. */
  private long closed;

  /** 0: leadership is not being handed over. */
  private int transferTarget;

  private long transferToken;
  private long transferUntil;
  private boolean transferAsked;
  private long heartbeatAt;

  Leading(Core core, Reads reads) {
    this.core = core;
    this.reads = reads;
    this.replication = new Replication(core);
    this.firstIndex = core.log.lastIndex() + 1;
    this.closed = core.commit();
    this.heartbeatAt = core.now;
    reads.started();
    core.append(new Entry(firstIndex, core.term(), new Payload.Empty()));
    core.out.note(
        Event.Level.INFO,
        "node " + core.self() + " leads term " + core.term() + " from index " + firstIndex);
    replication.heartbeat(reads.question());
  }

  Replication replication() {
    return replication;
  }

  /** Whether the entry that opened the term is committed: before it nothing is read (S-08). */
  boolean isReady() {
    return core.commit() >= firstIndex;
  }

  void tick() {
    if (core.now - heartbeatAt >= core.settings.heartbeatTicks()) {
      heartbeatAt = core.now;
      transferAsked = false;
      replication.heartbeat(reads.question());
    }
    if (transferTarget != 0 && core.now >= transferUntil) {
      endTransfer("node " + transferTarget + " did not take over in time");
    }
    replication.release();
  }

  /** Whether a majority proves that entries can still be made durable (S-11). */
  boolean hasVoices() {
    return replication.voices() >= core.membership().quorum();
  }

  void propose(long token, Bytes command) {
    if (transferTarget != 0) {
      refuse(token, Refusal.TRANSFERRING);
    } else if (openBytes >= core.settings.maxUncommittedBytes()) {
      refuse(token, Refusal.OVERLOADED);
    } else {
      accept(token, new Payload.Command(command));
    }
  }

  void changeMembership(long token, Membership next) {
    Membership now = core.membership();
    if (transferTarget != 0) {
      refuse(token, Refusal.TRANSFERRING);
    } else if (!isReady()) {
      refuse(token, Refusal.NOT_READY);
    } else if (core.memberships.currentIndex() > core.commit()) {
      refuse(token, Refusal.CHANGE_PENDING);
    } else if (votersApart(now, next) > 1 || next.voters().isEmpty()) {
      refuse(token, Refusal.NOT_ONE_STEP);
    } else {
      accept(token, new Payload.Members(next));
      replication.update();
    }
  }

  private static long votersApart(Membership one, Membership other) {
    return votersMissing(one, other) + votersMissing(other, one);
  }

  /** A voter under the same id with another disk is another voter (S-06). */
  private static long votersMissing(Membership of, Membership in) {
    return of.members().stream()
        .filter(Member::voter)
        .filter(
            voter ->
                in.member(voter.id())
                    .filter(Member::voter)
                    .filter(same -> same.incarnation() == voter.incarnation())
                    .isEmpty())
        .count();
  }

  private void accept(long token, Payload payload) {
    Entry entry = new Entry(core.log.lastIndex() + 1, core.term(), payload);
    core.append(entry);
    openBytes += entry.memoryBytes();
    core.out.add(new Effect.Accepted(token, entry.index(), entry.term()));
  }

  private void refuse(long token, Refusal refusal) {
    core.out.add(new Effect.Refused(token, refusal));
  }

  /**
   * Before the first own entry is committed the commit index may be an old one; everything that was
   * committed before this term lies before that entry.
   */
  void read(int from, long tokenOrId) {
    reads.add(from, tokenOrId, Math.max(core.commit(), firstIndex));
  }

  void onAppendResponse(int from, Message.AppendResponse answer) {
    replication.onAppendResponse(replication.peer(from), answer);
  }

  void onSnapshotResponse(int from, Message.SnapshotResponse answer) {
    replication.onSnapshotResponse(replication.peer(from), answer);
  }

  void onHeartbeatResponse(int from, Message.HeartbeatResponse answer) {
    Progress peer = replication.peer(from);
    peer.heard(core.now);
    if (answer.round() <= reads.round()) {
      peer.confirmed(answer.round());
    }
  }

  /** After every step: what the step made possible. */
  void settle() {
    replication.countCommit();
    // A majority of others may commit what this disk does not take: memory has a bound all the
    // same.
    long done = Math.min(core.commit(), core.log.durable());
    while (closed < done) {
      closed++;
      if (core.log.termAt(closed) == core.term() && closed > firstIndex) {
        openBytes -= core.log.at(closed).memoryBytes();
      }
    }
    replication.appendAll();
    if (isReady()) {
      if (reads.hasUnasked()) {
        replication.ask(reads.question());
      }
      reads.confirmed(replication.confirmedRound(reads.round()));
    }
    askTransferTarget();
  }

  void transfer(long token, int wanted) {
    if (transferTarget != 0) {
      refuse(token, Refusal.TRANSFERRING);
      return;
    }
    Optional<Integer> target =
        wanted == 0 ? bestSuccessor() : Optional.of(wanted).filter(this::mayTakeOver);
    if (target.isEmpty()) {
      refuse(token, Refusal.BAD_TARGET);
      return;
    }
    transferTarget = target.get();
    transferToken = token;
    transferUntil = core.now + core.settings.leaseTicks();
    transferAsked = false;
    core.out.note(Event.Level.INFO, "handing leadership over to node " + transferTarget);
  }

  private boolean mayTakeOver(int id) {
    return id != core.self()
        && core.membership().isVoter(id)
        && replication.isPeer(id)
        && replication.peer(id).mode() != Progress.Mode.LOST
        && core.now - replication.peer(id).acknowledgedAt() <= core.settings.leaseTicks();
  }

  private Optional<Integer> bestSuccessor() {
    return core.membership().voters().stream()
        .filter(this::mayTakeOver)
        .max(
            Comparator.<Integer>comparingLong(id -> replication.peer(id).match())
                .thenComparingInt(core.timer::priorityOf)
                .thenComparing(Comparator.reverseOrder()));
  }

  /** The successor is asked as soon as it has everything (dissertation 3.10). */
  private void askTransferTarget() {
    if (transferTarget == 0 || transferAsked) {
      return;
    }
    if (!mayTakeOver(transferTarget)) {
      endTransfer("node " + transferTarget + " does not answer");
    } else if (replication.peer(transferTarget).match() == core.log.lastIndex()) {
      transferAsked = true;
      core.out.send(transferTarget, new Message.TimeoutNow(core.term()));
    }
  }

  private void endTransfer(String why) {
    core.out.note(Event.Level.WARNING, "leadership stays with this node: " + why);
    refuse(transferToken, Refusal.BAD_TARGET);
    transferTarget = 0;
  }

  /** A member list with what this leader knows of each, for people. */
  List<PeerStatus> peerStatus() {
    return replication.peers().stream()
        .map(
            peer ->
                new PeerStatus(
                    peer.peer,
                    peer.match(),
                    core.now - peer.acknowledgedAt(),
                    core.now - peer.heardAt(),
                    peer.mode().name().toLowerCase(java.util.Locale.ROOT)))
        .toList();
  }
}
