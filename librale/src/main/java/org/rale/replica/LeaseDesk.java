package org.rale.replica;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import org.rale.dstore.LeaseItem;
import org.rale.dstore.Outcome;
import org.rale.dstore.StoreCodec;
import org.rale.dstore.StoreCommand;
import org.rale.raft.Entry;
import org.rale.raft.Input;
import org.rale.request.Response;

/**
 * When leases end: the leader's part, and its alone. The table knows which leases there are; until
 * when they last is in the memory of the leader only, counted in its ticks.
 *
 * <p><b>The promise.</b> A lease whose GRANT or KEEPALIVE was answered with OK, and that nobody
 * revokes, is in the table until its holder has counted its ttl from the moment at which it
 * <i>sent</i> that request, all clocks going at one rate. Where rates differ, the holder takes
 * care: if its clock may be slower than a leader's by a part r of the time, it counts (1 - r) of
 * the ttl; 5 % is what the simulator tries.
 *
 * <p><b>How it is kept.</b>
 *
 * <ol>
 *   <li><i>One leader.</i> When OK is decided the deadline becomes now + ttl + 1 tick, and is never
 *       moved back. The request was sent before, and what was sent before this turn read the clock
 *       is not later than now + 1 tick. At the deadline, not before, the leader proposes the entry
 *       that ends the lease. From then on it refuses to keep it alive, whatever becomes of the
 *       entry; so no OK comes behind the proposal.
 *   <li><i>A former leader.</i> OK is decided only in answer to a read index: a majority has
 *       answered a round that began after the request came, or has taken an entry that was appended
 *       after it, and everything up to the index is applied here, the entry that opened this term
 *       among it. A majority's voter that does so votes for a higher term afterwards only. So who
 *       leads a later term was elected after the request was sent, and (3) holds for it; a former
 *       leader gets no answer to its round, and says nothing.
 *   <li><i>A new leader</i> gives each lease that it finds its full ttl, from when the entry that
 *       opened its term is applied. That is after its election.
 *   <li><i>Entries of former leaders</i> that end a lease and are in the new leader's log are
 *       applied before that moment, so before its first OK, and the lease is gone then. Those that
 *       are not in its log can't be committed once the entry that opened its term is: every later
 *       leader has that entry, and with it the log before it.
 *   <li><i>A hand-over</i> (TRANSFER) is an election. While it is under way the rules take no
 *       proposal, and leases end later.
 *   <li><i>A leader that stood still</i> may find requests that came meanwhile, and does not know
 *       when. It counts ticks, and what it slept through is no tick ({@code ReplicaInput.Woke}):
 *       its leases last longer by that. Late is safe. After a long sleep it leads no more.
 *   <li><i>A GRANT that is sent again</i> is answered by the outcome of the first one. That is
 *       taken for a sign of life, for its holder may count from the last attempt; where the lease
 *       has ended, or is about to, the answer is LEASE_NOT_FOUND. Only who still leads the term of
 *       its entry knows that: a former leader may learn in one message that this entry is
 *       committed, and the next one, which ends the lease. It says nothing, and the new leader is
 *       asked.
 * </ol>
 *
 * <p>That the rules know no clock stays as it is: what ends a lease is an entry, and applying it
 * asks for nothing but the table.
 */
final class LeaseDesk {
  /**
   * The token of the proposals that end leases. Whether they are taken is not waited for: the lease
   * is gone, or it is proposed again.
   */
  private static final long TOKEN = Long.MAX_VALUE;

  /** Keys of the leases that are ending at a time: each entry takes all keys of one (S-16). */
  private static final int MOST_ENDING_KEYS = 4_096;

  /** The deadline of a lease. */
  private record Due(long tick, long lease) {}

  /**
   * @param since when its end was proposed last
   * @param cost what it counts for: its keys, and one for itself
   */
  private record Ending(long since, int cost) {}

  private final Unit unit;
  private final Map<Long, Due> deadlines = new HashMap<>();
  private final TreeSet<Due> inOrder =
      new TreeSet<>(Comparator.comparingLong(Due::tick).thenComparingLong(Due::lease));

  /** Leases whose end was proposed in this term. */
  private final Map<Long, Ending> ending = new LinkedHashMap<>();

  private int endingCost;

  /** Ticks that this process was there for. */
  private long now;

  /** The term in which the deadlines hold, 0: none. */
  private long term;

  LeaseDesk(Unit unit) {
    this.unit = unit;
  }

  /** An entry was applied. The first one of a term that this node leads opens it. */
  void applied(Entry entry, @Nullable Outcome outcome) {
    if (!unit.leads() || entry.term() != unit.raft().term()) {
      return;
    }
    if (term != entry.term()) {
      close();
      term = entry.term();
      unit.store().leases().forEach(this::keep);
    } else if (outcome instanceof Outcome.LeaseEnded ended) {
      forget(ended.lease());
    } else if (outcome instanceof Outcome.LeaseGranted granted) {
      LeaseItem lease = alive(granted.lease());
      if (lease != null) {
        keep(lease);
      }
    }
  }

  /**
   * The answer to a KEEPALIVE whose read index is confirmed and applied; null where this node leads
   * no more, and somebody else has to be asked.
   *
   * @param confirmed the term in which the index was confirmed
   */
  @Nullable Response keepAlive(long lease, long confirmed) {
    if (!unit.leads() || confirmed != unit.raft().term() || confirmed != term) {
      return null;
    }
    LeaseItem item = alive(lease);
    if (item == null) {
      return Failures.leaseNotFound(lease);
    }
    keep(item);
    return new Response.LeaseKept(lease, item.ttlMs());
  }

  /**
   * The answer to a GRANT whose entry was applied, in the term in which this node appended it; null
   * where this node leads no more, and somebody else has to be asked. The first entry of a GRANT
   * needs no leader: nobody can have ended its lease before.
   */
  @Nullable Response granted(Entry entry, Outcome.LeaseGranted granted) {
    boolean again = granted.lease() != entry.index();
    if (again && !(isOpen() && term == entry.term())) {
      return null;
    }
    return again && alive(granted.lease()) == null
        ? Failures.leaseNotFound(granted.lease())
        : new Response.LeaseGranted(granted.lease(), granted.ttlMs());
  }

  /** The lease, unless it has ended, or its end was proposed. */
  private @Nullable LeaseItem alive(long lease) {
    return ending.containsKey(lease) ? null : unit.store().lease(lease);
  }

  /** A client's wish to end it is in the log. */
  void revoked(long lease) {
    LeaseItem item = alive(lease);
    if (item != null && isOpen()) {
      ends(item);
    }
  }

  void tick() {
    now++;
    if (!isOpen()) {
      close();
      return;
    }
    proposeAgain();
    while (!inOrder.isEmpty() && inOrder.first().tick() <= now && endingCost < MOST_ENDING_KEYS) {
      LeaseItem item = unit.store().lease(inOrder.first().lease());
      if (item == null) {
        forget(inOrder.first().lease());
      } else {
        ends(item);
        propose(item.id());
      }
    }
  }

  private boolean isOpen() {
    return term != 0 && unit.leads() && term == unit.raft().term();
  }

  private void close() {
    deadlines.clear();
    inOrder.clear();
    ending.clear();
    endingCost = 0;
    term = 0;
  }

  private void keep(LeaseItem item) {
    long tick = now + unit.config.ticks(item.ttlMs()) + 1;
    Due before = deadlines.get(item.id());
    if (before == null || before.tick() < tick) {
      Due due = new Due(tick, item.id());
      deadlines.put(item.id(), due);
      if (before != null) {
        inOrder.remove(before);
      }
      inOrder.add(due);
    }
  }

  private void ends(LeaseItem item) {
    forget(item.id());
    Ending end = new Ending(now, 1 + item.keys());
    ending.put(item.id(), end);
    endingCost += end.cost();
  }

  private void forget(long lease) {
    Due due = deadlines.remove(lease);
    if (due != null) {
      inOrder.remove(due);
    }
    Ending end = ending.remove(lease);
    if (end != null) {
      endingCost -= end.cost();
    }
  }

  /** A proposal may have been refused: too much waits for a majority, or a hand-over is tried. */
  private void proposeAgain() {
    long patience = unit.config.raft().electionTicksMax();
    List<Long> again = new ArrayList<>();
    ending.forEach(
        (lease, end) -> {
          if (now - end.since() >= patience) {
            again.add(lease);
          }
        });
    for (long lease : again) {
      LeaseItem item = unit.store().lease(lease);
      forget(lease);
      if (item != null) {
        ends(item);
        propose(lease);
      }
    }
  }

  private void propose(long lease) {
    unit.ask(new Input.Propose(TOKEN, StoreCodec.encode(new StoreCommand.LeaseExpire(lease))));
  }
}
