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
  enum Mode {
    PROBE,
    REPLICATE,
    SNAPSHOT,
    LOST
  }

  final int peer;
  private Mode mode = Mode.PROBE;
  private long match;
  private long next;

  /** Answers up to this sequence are about an earlier life of the peer (S-07). */
  private final long bornAt;

  private boolean probing;
  private long newestAnswered;

  /** The last index of each unanswered request. */
  private final ArrayDeque<Long> inFlight = new ArrayDeque<>();

  private long acknowledgedAt;
  private long heardAt;
  private long sentAt;
  private long round;

  /**
   * @param sequence the last one that this leader has used for any peer
   */
  Progress(int peer, long next, long sequence, long now) {
    this.peer = peer;
    this.bornAt = sequence;
    this.next = next;
    this.acknowledgedAt = now;
    this.heardAt = Long.MIN_VALUE / 2;
    this.sentAt = Long.MIN_VALUE / 2;
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

  boolean maySend(RaftSettings settings) {
    return switch (mode) {
      case PROBE -> !probing;
      case REPLICATE -> inFlight.size() < settings.maxInFlight();
      case SNAPSHOT, LOST -> false;
    };
  }

  /** Notes a request with entries up to {@code lastIndex}. */
  void sent(long lastIndex, long now) {
    sentAt = now;
    if (mode == Mode.PROBE) {
      probing = true;
    } else {
      inFlight.add(lastIndex);
      next = lastIndex + 1;
    }
  }

  /** The probe went unanswered for too long: it may be sent again. */
  void forgetProbe() {
    probing = false;
  }

  /** Whether the window has been full of silence since before that tick. */
  boolean stuckSince(long tick) {
    return mode == Mode.REPLICATE && !inFlight.isEmpty() && acknowledgedAt < tick;
  }

  /** Whether the answer is about a request of this life of the peer. */
  boolean isMine(Message.AppendResponse answer) {
    return answer.sequence() > bornAt;
  }

  void heard(long now) {
    heardAt = now;
  }

  void confirmed(long readRound) {
    round = Math.max(round, readRound);
  }

  /**
   * Whether the answer shows that the peer's log is shorter than it once said. Only an answer to a
   * newer request can: an older one was true when it was sent.
   */
  boolean fellBack(Message.AppendResponse answer) {
    return answer.sequence() > newestAnswered && answer.lastIndex() < match;
  }

  void lost() {
    mode = Mode.LOST;
    inFlight.clear();
  }

  void accepted(Message.AppendResponse answer, long now) {
    acknowledgedAt = now;
    newestAnswered = Math.max(newestAnswered, answer.sequence());
    match = Math.max(match, answer.index());
    next = Math.max(next, match + 1);
    while (!inFlight.isEmpty() && inFlight.peek() <= match) {
      inFlight.poll();
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

  void refused(Message.AppendResponse answer, long agreement, long now) {
    acknowledgedAt = now;
    newestAnswered = Math.max(newestAnswered, answer.sequence());
    probe(Math.max(agreement, match) + 1);
  }

  void probe(long from) {
    mode = Mode.PROBE;
    next = from;
    probing = false;
    inFlight.clear();
  }

  void snapshot() {
    mode = Mode.SNAPSHOT;
    inFlight.clear();
  }

  /** The peer holds the snapshot at the index. */
  void installed(long index, long now) {
    acknowledgedAt = now;
    match = Math.max(match, index);
    probe(match + 1);
  }

  /** A piece of the snapshot was taken: the peer's disk and TCP path work. */
  void pieceTaken(long now) {
    acknowledgedAt = now;
  }

  private void replicate() {
    mode = Mode.REPLICATE;
    probing = false;
    next = match + 1;
    inFlight.clear();
  }
}
