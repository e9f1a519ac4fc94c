package org.rale.history;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * Whether there is an order of one key's operations that agrees with time and with every answer
 * (Wing and Gong 1993, with Lowe's memory of what was tried). An operation whose outcome nobody was
 * told may stand anywhere after its beginning, or nowhere.
 */
final class Linearizability {
  private static final int MOST_STATES = 400_000;
  private static final int ABSENT = -1;
  private static final int IMPOSSIBLE = -2;

  private record Tried(BitSet done, int state) {}

  private final List<Op> ops;
  private final Map<String, Integer> writers = new HashMap<>();

  /** What is known of the revisions that writes got. */
  private final Map<Integer, Long> revisions = new HashMap<>();

  /** The changes whose revisions are known, in the order of these: they came in no other. */
  private final int[] byRevision;

  /**
   * Of an open change that nobody saw: the one before it that could stand in its place, -1 for
   * none. It could at any time, having begun earlier; so the later one is never needed before it,
   * and of many such changes the numbers are tried, not the sets.
   */
  private final int[] twinBefore;

  private final Set<Tried> tried = new HashSet<>();

  /** Those in {@link #byRevision}. */
  private final BitSet ranked = new BitSet();

  /** The longest beginning for which an order was found. */
  private BitSet deepest = new BitSet();

  private int deepestState = ABSENT;

  Linearizability(List<Op> history) {
    ops = new ArrayList<>(history);
    ops.sort(Comparator.comparingLong(op -> op.from));
    for (int i = 0; i < ops.size(); i++) {
      Op op = ops.get(i);
      if (op.kind == Op.Kind.PUT || op.kind == Op.Kind.CAS) {
        writers.put(op.value, i);
        if (!op.isOpen() && op.yes) {
          revisions.put(i, op.revision);
        }
      }
    }
    for (Op op : ops) {
      Integer writer = op.kind == Op.Kind.GET && op.yes ? writers.get(op.value) : null;
      if (writer != null) {
        revisions.put(writer, op.revision);
      }
    }
    Map<Integer, Long> known = new HashMap<>(revisions);
    for (int i = 0; i < ops.size(); i++) {
      Op op = ops.get(i);
      if (op.kind == Op.Kind.DELETE && !op.isOpen() && op.yes) {
        known.put(i, op.revision);
      }
    }
    byRevision =
        known.entrySet().stream()
            .sorted(Map.Entry.comparingByValue())
            .mapToInt(Map.Entry::getKey)
            .toArray();
    for (int i : byRevision) {
      ranked.set(i);
    }
    twinBefore = new int[ops.size()];
    Map<String, Integer> lastTwin = new HashMap<>();
    for (int i = 0; i < ops.size(); i++) {
      Op op = ops.get(i);
      Integer before =
          op.isOpen() && !ranked.get(i) ? lastTwin.put(op.kind + " " + op.expected, i) : null;
      twinBefore[i] = before == null ? -1 : before;
    }
  }

  void judge() {
    if (!search()) {
      throw new BrokenHistory(
          "no order of the operations on "
              + ops.get(0).key
              + " agrees with what clients saw; the best one leaves the key with "
              + (deepestState == ABSENT ? "nothing" : ops.get(deepestState))
              + " before\n"
              + IntStream.range(0, ops.size())
                  .filter(i -> !deepest.get(i))
                  .mapToObj(i -> ops.get(i).toString())
                  .limit(30)
                  .collect(Collectors.joining("\n")));
    }
  }

  /** A beginning for which an order was found, and which operation may come next. */
  private final class Beginning {
    final BitSet done;
    final int state;
    final long bound;
    final int nextByRevision;
    private int from;

    Beginning(BitSet done, int state) {
      this.done = done;
      this.state = state;
      this.bound = firstEnd(done);
      this.nextByRevision = nextByRevision(done);
    }

    /** The next operation that may stand here, by the times; -1 when all were tried. */
    int candidate() {
      int i = done.nextClearBit(from);
      from = i + 1;
      return i < ops.size() && ops.get(i).from <= bound ? i : -1;
    }
  }

  /** Depth first, without recursion: a history may be longer than a thread's stack. */
  private boolean search() {
    ArrayDeque<Beginning> path = new ArrayDeque<>();
    push(path, new BitSet(ops.size()), ABSENT);
    while (!path.isEmpty()) {
      Beginning here = path.peek();
      if (here.bound == Op.OPEN) {
        return true;
      }
      int i = here.candidate();
      if (i < 0) {
        path.pop();
        continue;
      }
      boolean early =
          (ranked.get(i) && i != here.nextByRevision)
              || (twinBefore[i] >= 0 && !here.done.get(twinBefore[i]));
      int next = early ? IMPOSSIBLE : after(i, here.state);
      if (next != IMPOSSIBLE && !(next == here.state && ops.get(i).isOpen())) {
        BitSet done = (BitSet) here.done.clone();
        done.set(i);
        push(path, done, next);
      }
    }
    return false;
  }

  /** Goes on from there, unless that was tried before. */
  private void push(ArrayDeque<Beginning> path, BitSet done, int state) {
    takeReads(done, state);
    if (!tried.add(new Tried(done, state))) {
      return;
    }
    if (tried.size() > MOST_STATES) {
      throw new BrokenHistory("too many orders to look at for key " + ops.get(0).key);
    }
    if (done.cardinality() > deepest.cardinality()) {
      deepest = done;
      deepestState = state;
    }
    path.push(new Beginning(done, state));
  }

  private int nextByRevision(BitSet done) {
    for (int i : byRevision) {
      if (!done.get(i)) {
        return i;
      }
    }
    return -1;
  }

  /** What changes nothing and may stand here, may as well stand here. */
  private void takeReads(BitSet done, int state) {
    boolean taken = true;
    while (taken) {
      taken = false;
      long bound = firstEnd(done);
      for (int i = done.nextClearBit(0);
          i < ops.size() && ops.get(i).from <= bound;
          i = done.nextClearBit(i + 1)) {
        if (!ops.get(i).isOpen() && after(i, state) == state) {
          done.set(i);
          taken = true;
        }
      }
    }
  }

  /** When the first of those ended that are still to be placed; open ones need not be. */
  private long firstEnd(BitSet done) {
    long first = Op.OPEN;
    for (int i = done.nextClearBit(0); i < ops.size(); i = done.nextClearBit(i + 1)) {
      first = Math.min(first, ops.get(i).to);
    }
    return first;
  }

  /**
   * @param state who wrote the value that stands, or ABSENT
   */
  private int after(int i, int state) {
    Op op = ops.get(i);
    boolean there = state != ABSENT;
    return switch (op.kind) {
      case PUT -> i;
      case DELETE -> op.isOpen() || op.yes == there ? ABSENT : IMPOSSIBLE;
      case EXISTS -> op.yes == there ? state : IMPOSSIBLE;
      case GET -> {
        boolean same = there && writers.getOrDefault(op.value, ABSENT) == state;
        yield (op.yes ? same : !there) ? state : IMPOSSIBLE;
      }
      case CAS -> {
        if (op.isOpen() || op.yes) {
          yield mayBeAt(state, op.expected) ? i : op.isOpen() ? state : IMPOSSIBLE;
        }
        yield mayBeAt(state, op.revision) ? state : IMPOSSIBLE;
      }
    };
  }

  /** A write that nobody saw may have any revision that is not another's. */
  private boolean mayBeAt(int state, long revision) {
    if (state == ABSENT || revision == 0) {
      return state == ABSENT && revision == 0;
    }
    Long known = revisions.get(state);
    return known == null ? !revisions.containsValue(revision) : known == revision;
  }
}
