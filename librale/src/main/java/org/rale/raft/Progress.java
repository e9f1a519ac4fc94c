package org.rale.raft;

import java.util.ArrayDeque;

/**
 * What a leader knows of one peer, in its term.
 *
 * <p>PROBE: one request at a time, until the logs are known to agree somewhere. REPLICATE: requests
 * follow each other without waiting, up to a window. SNAPSHOT: the entries it needs are gone. LOST:
 * its disk forgot what it had acknowledged, and nothing it says counts any more (S-06).
 */
final class Progress {
  private static final long NO_SNAPSHOT = -1;

  enum Mode {
    PROBE,
    REPLICATE,
    SNAPSHOT,
    LOST
  }

  final int peer;
  final long incarnation;
  private Mode mode = Mode.PROBE;
  private long match;
  private long next;

  /** Answers up to this sequence are about an earlier life of the peer (S-07). */
  private final long bornAt;

  private boolean probing;

  /** Requests up to this sequence were sent before {@code match} was known. */
  private long matchedAt;

  /** An unanswered request: the last index in it, and about how long it is. */
  private record Request(long lastIndex, long bytes) {}

  private final ArrayDeque<Request> inFlight = new ArrayDeque<>();
  private long inFlightBytes;

  private long acknowledgedAt;
  private long heardAt;
  private long sentAt;
  private long snapshotMovedAt;

  /** Where the snapshot began that it gets, or has got and has not caught up behind. */
  private long snapshotFrom = NO_SNAPSHOT;

  private long round;

  private long beats;
  private long beatAt;
  private int loss = Message.HeartbeatResponse.LOSS_UNKNOWN;

  /**
   * @param sequence the last one that this leader has used for any peer
   */
  Progress(Member member, long next, long sequence, long now) {
    this.peer = member.id();
    this.incarnation = member.incarnation();
    this.bornAt = sequence;
    this.matchedAt = sequence;
    this.next = next;
    this.acknowledgedAt = now;
    this.heardAt = Long.MIN_VALUE / 2;
    this.sentAt = Long.MIN_VALUE / 2;
    this.beatAt = now;
  }

  Mode mode() {
    return mode;
  }

  long match() {
    return mode == Mode.LOST ? 0 : match;
  }

  long next() {
    return next;
  }

  long round() {
    return round;
  }

  /** The tick of the last answer to an append: the only proof that the peer's log works (S-11). */
  long acknowledgedAt() {
    return acknowledgedAt;
  }

  /** The tick of the last answer of any kind. */
  long heardAt() {
    return heardAt;
  }

  /** The tick of the last append request. */
  long sentAt() {
    return sentAt;
  }

  /**
   * The peer wants entries behind this index when its snapshot is installed, and until it has
   * caught up: under load it would need another snapshot otherwise, and after that one the next.
   * Not if it is gone: one that is down for a day must not cost the leader's memory.
   */
  long heldFrom(long now, RaftSettings settings) {
    boolean lives = now - heardAt <= settings.snapshotTicks();
    return snapshotFrom != NO_SNAPSHOT && lives ? Math.max(snapshotFrom, match) : Long.MAX_VALUE;
  }

  /** Nothing is held for a peer that has come as far as this leader's table. */
  void caughtUp(long applied) {
    if (mode == Mode.REPLICATE && match >= applied) {
      snapshotFrom = NO_SNAPSHOT;
    }
  }

  boolean maySend(RaftSettings settings) {
    return switch (mode) {
      case PROBE -> !probing;
      case REPLICATE ->
          inFlight.size() < settings.maxInFlight() && inFlightBytes < settings.maxInFlightBytes();
      case SNAPSHOT, LOST -> false;
    };
  }

  /** Notes a request with entries up to {@code lastIndex}. */
  void sent(long lastIndex, long bytes, long now) {
    sentAt = now;
    if (mode == Mode.PROBE) {
      probing = true;
    } else {
      inFlight.add(new Request(lastIndex, bytes));
      inFlightBytes += bytes;
      next = lastIndex + 1;
    }
  }

  /** The probe went unanswered for too long: it may be sent again. */
  void forgetProbe() {
    probing = false;
  }

  /**
   * Whether requests, or pieces of a snapshot, have gone unanswered for so long that they are lost.
   */
  boolean isStuck(long now, RaftSettings settings) {
    return switch (mode) {
      case REPLICATE -> !inFlight.isEmpty() && now - acknowledgedAt > settings.electionTicksMax();
      case SNAPSHOT -> now - snapshotMovedAt > settings.snapshotTicks();
      case PROBE, LOST -> false;
    };
  }

  /** Whether the answer is about a request of this life of the peer. */
  boolean isMine(Message.AppendResponse answer) {
    return answer.sequence() > bornAt;
  }

  void heard(long now) {
    heardAt = now;
  }

  /** The number of the heartbeat that goes out now. */
  long nextBeat(long now) {
    beatAt = now;
    return ++beats;
  }

  /** The tick of the last heartbeat. */
  long beatAt() {
    return beatAt;
  }

  /** What the peer says of how many heartbeats get lost. */
  void loses(int perMille) {
    loss = perMille;
  }

  /** In thousandths, {@link Message.HeartbeatResponse#LOSS_UNKNOWN} at first. */
  int loss() {
    return loss;
  }

  void confirmed(long readRound) {
    round = Math.max(round, readRound);
  }

  /**
   * Whether the answer shows that the peer's log is shorter than it once said. Only the answer to a
   * request that was sent when {@code match} was known already can: the others may have been
   * answered before the peer had that much.
   */
  boolean fellBack(Message.AppendResponse answer) {
    return answer.sequence() > matchedAt && answer.lastIndex() < match;
  }

  void lost() {
    mode = Mode.LOST;
    snapshotFrom = NO_SNAPSHOT;
    forgetInFlight();
  }

  /**
   * @param sequence the last one that this leader has used for any peer
   */
  void accepted(long index, long sequence, long now) {
    acknowledgedAt = now;
    raise(index, sequence);
    next = Math.max(next, match + 1);
    while (!inFlight.isEmpty() && inFlight.peek().lastIndex() <= match) {
      inFlightBytes -= inFlight.remove().bytes();
    }
    if (mode == Mode.PROBE) {
      replicate();
    }
  }

  /** Whether the refusal is about a request that still matters. */
  boolean refusalCounts(Message.AppendResponse answer) {
    return switch (mode) {
      case PROBE -> answer.index() == next - 1;
      case REPLICATE -> answer.index() > match;
      case SNAPSHOT, LOST -> false;
    };
  }

  void refused(long agreement, long now) {
    acknowledgedAt = now;
    probe(Math.max(agreement, match) + 1);
  }

  void probe(long from) {
    mode = Mode.PROBE;
    next = from;
    probing = false;
    forgetInFlight();
  }

  /**
   * @param applied where the table is now: the snapshot is as of this index or a later one
   */
  void snapshot(long applied, long now) {
    mode = Mode.SNAPSHOT;
    snapshotFrom = applied;
    snapshotMovedAt = now;
    forgetInFlight();
  }

  /** The peer holds the snapshot at the index. */
  void installed(long index, long sequence, long now) {
    acknowledgedAt = now;
    raise(index, sequence);
    probe(match + 1);
  }

  private void forgetInFlight() {
    inFlight.clear();
    inFlightBytes = 0;
  }

  private void raise(long index, long sequence) {
    if (index > match) {
      match = index;
      matchedAt = sequence;
    }
  }

  /** A piece of the snapshot was taken: the peer's disk owes nothing, and the TCP path works. */
  void pieceTaken(long now) {
    acknowledgedAt = now;
    snapshotMovedAt = now;
  }

  private void replicate() {
    mode = Mode.REPLICATE;
    probing = false;
    next = match + 1;
    forgetInFlight();
  }
}
