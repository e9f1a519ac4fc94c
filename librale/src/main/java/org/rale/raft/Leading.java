package org.rale.raft;

import java.util.List;
import org.jspecify.annotations.Nullable;
import org.rale.bytes.Bytes;

/** One term of leadership: proposals, membership changes, reads, and its end. */
final class Leading {
  private final Core core;
  private final Reads reads;
  private final Replication replication;
  private final Succession succession;
  private final long firstIndex;

  /** Of entries of this term that are not committed, or not durable here. */
  private long openBytes;

  /** Up to where entries are closed in that sense. */
  private long closed;

  private long heartbeatAt;

  /**
   * @param giver who handed its leadership to this node, {@link Core#NOBODY} where it was elected
   * @param electors who voted for it, for people
   */
  Leading(Core core, Reads reads, int giver, String electors) {
    this.core = core;
    this.reads = reads;
    this.replication = new Replication(core);
    this.succession = new Succession(core, replication, giver);
    this.firstIndex = core.log.lastIndex() + 1;
    this.closed = core.commit();
    this.heartbeatAt = core.now;
    reads.started();
    core.append(new Entry(firstIndex, core.term(), new Payload.Empty()));
    core.out.note(
        Event.Level.INFO,
        "node "
            + core.self()
            + " leads term "
            + core.term()
            + " from index "
            + firstIndex
            + ", elected by "
            + electors);
    replication.heartbeat(reads.question());
  }

  Replication replication() {
    return replication;
  }

  Succession succession() {
    return succession;
  }

  /** Whether the entry that opened the term is committed: before it nothing is read (S-08). */
  boolean isReady() {
    return core.commit() >= firstIndex;
  }

  void tick() {
    if (core.now - heartbeatAt >= core.settings.heartbeatTicks()) {
      heartbeatAt = core.now;
      succession.askAgain();
      replication.heartbeat(reads.question());
    } else {
      replication.heartbeatsBetween(reads.lastQuestion());
    }
    succession.tick();
    replication.release();
  }

  /** Whether a majority proves that entries can still be made durable (S-11). */
  boolean hasVoices() {
    return replication.voices() >= core.membership().quorum();
  }

  void propose(long token, Bytes command) {
    Refusal refusal = refusal();
    if (refusal == null) {
      accept(token, new Payload.Command(command));
    } else {
      refuse(token, refusal);
    }
  }

  /** Why no command is taken at this moment; null: each is. */
  @Nullable Refusal refusal() {
    if (succession.isUnderWay()) {
      return Refusal.TRANSFERRING;
    }
    return openBytes >= core.settings.maxUncommittedBytes() ? Refusal.OVERLOADED : null;
  }

  void changeMembership(long token, Membership next) {
    Membership now = core.membership();
    if (succession.isUnderWay()) {
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
    reads.add(from, tokenOrId, Math.max(core.commit(), firstIndex), core.log.lastIndex());
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
    peer.loses(answer.loss());
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
      reads.confirmed(replication.confirmedRound(reads.round()), core.commit());
    }
    succession.advance();
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
