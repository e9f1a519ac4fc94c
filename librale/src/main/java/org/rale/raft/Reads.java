package org.rale.raft;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Linearizable reads by read index (dissertation 6.4).
 *
 * <p>A leader notes its commit index, asks a majority whether it still leads, and lets the read go
 * on once they agree. Each question has a round that is never used again within the term (S-12): an
 * answer to an older question proves nothing about a younger read. All reads that came since the
 * last question share one.
 *
 * <p>An entry that was appended after the read came, and is committed, says the same: the majority
 * that holds it had voted for nobody else when it came to them. So no read waits for longer than
 * the changes behind it, whatever becomes of the question.
 */
final class Reads {
  /**
   * Reads that may wait here for a majority, and for the leader (S-16). Above what the nodes of a
   * cluster have under way at once; beyond it a read is refused, and whoever wished it may wish
   * again.
   */
  static final int MAX_WAITING = 65_536;

  /** A read at this leader, for a client here ({@code from} is this node) or at a follower. */
  private record Waiting(int from, long tokenOrId, long index, long logEnd, long round) {}

  /** A read at this follower, asked of the leader. */
  private record Asked(long token, long since) {}

  private final Core core;
  private final ArrayDeque<Waiting> waiting = new ArrayDeque<>();
  private final Map<Long, Asked> asked = new LinkedHashMap<>();
  private long round;
  private boolean unasked;
  private long nextId;

  Reads(Core core, long firstId) {
    this.core = core;
    this.nextId = firstId;
  }

  long round() {
    return round;
  }

  /** A new term of leadership: rounds are told apart by term. */
  void started() {
    round = 0;
    unasked = false;
  }

  /**
   * A client's read at the leader, or a follower's.
   *
   * @param index what must be applied before it is answered
   * @param logEnd the last index of the log as it is now
   */
  void add(int from, long tokenOrId, long index, long logEnd) {
    if (waiting.size() >= MAX_WAITING) {
      refuse(from, tokenOrId, Refusal.OVERLOADED);
      return;
    }
    if (!unasked) {
      round++;
      unasked = true;
    }
    waiting.add(new Waiting(from, tokenOrId, index, logEnd, round));
  }

  private void refuse(int from, long tokenOrId, Refusal why) {
    if (from == core.self()) {
      core.out.add(new Effect.Refused(tokenOrId, why));
    } else {
      core.out.send(from, new Message.ReadIndexResponse(core.term(), tokenOrId, -1));
    }
  }

  /** Whether reads wait whose round was never asked. */
  boolean hasUnasked() {
    return unasked;
  }

  /**
   * The round for a question that goes out now. It ends with that: an answer to this question
   * proves nothing about a read that comes later.
   */
  long question() {
    unasked = false;
    return round;
  }

  /** The round of the last question: one that nobody asked yet is not it. */
  long lastQuestion() {
    return unasked ? round - 1 : round;
  }

  /**
   * A majority has confirmed everything up to this round.
   *
   * @param commit the commit index, reached by counting entries of this term
   */
  void confirmed(long upTo, long commit) {
    while (!waiting.isEmpty()
        && (waiting.peek().round() <= upTo || waiting.peek().logEnd() < commit)) {
      Waiting read = waiting.remove();
      if (read.from() == core.self()) {
        core.out.add(new Effect.ReadReady(read.tokenOrId(), read.index(), core.term()));
      } else {
        core.out.send(
            read.from(),
            new Message.ReadIndexResponse(core.term(), read.tokenOrId(), read.index()));
      }
    }
  }

  /** This node asks the leader. */
  void ask(long token) {
    if (asked.size() >= MAX_WAITING) {
      core.out.add(new Effect.Refused(token, Refusal.OVERLOADED));
      return;
    }
    long id = nextId++;
    asked.put(id, new Asked(token, core.now));
    core.out.send(core.leaderId(), new Message.ReadIndexRequest(core.term(), id));
  }

  void answered(Message.ReadIndexResponse response) {
    Asked read = asked.remove(response.id());
    if (read != null) {
      core.out.add(
          response.index() < 0
              ? new Effect.Refused(read.token(), Refusal.LOST)
              : new Effect.ReadReady(read.token(), response.index(), core.term()));
    }
  }

  /** Gives up what the leader has not answered for a whole election timeout. */
  void tick() {
    Iterator<Asked> reads = asked.values().iterator();
    while (reads.hasNext()) {
      Asked read = reads.next();
      if (core.now - read.since() < core.settings.electionTicksMax()) {
        break;
      }
      reads.remove();
      core.out.add(new Effect.Refused(read.token(), Refusal.LOST));
    }
  }

  /** The leader changed: nothing that was asked or noted before will be confirmed. */
  void drop() {
    List<Asked> lost = new ArrayList<>(asked.values());
    asked.clear();
    lost.forEach(read -> core.out.add(new Effect.Refused(read.token(), Refusal.LOST)));
    waiting.forEach(read -> refuse(read.from(), read.tokenOrId(), Refusal.LOST));
    waiting.clear();
  }
}
