package org.rale.replica;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.rale.bytes.Bytes;
import org.rale.dstore.ChangedKeys;
import org.rale.dstore.Changes;
import org.rale.dstore.Item;
import org.rale.dstore.KeyChange;
import org.rale.request.Request;
import org.rale.request.Response;

/**
 * WATCH and WAIT: requests that wait until a key changes. What is told of is what this node has
 * applied, so what is committed; and nothing of a client is kept from one request to the next, so
 * it goes on at any node.
 *
 * <p>Each has a revision up to which it has seen everything: the operation's index. Those that have
 * seen all that is applied wait, and cost a look at each in a turn in which something changed;
 * those that have something to see are in line, and a turn serves so many that it stays short
 * (S-16).
 */
final class KeyWatches {
  /** The longest that one waits: its client may be gone, and nobody says so here (S-16). */
  static final int LONGEST_MS = LeaderWatches.LONGEST_MS;

  /** How many answers of full length a turn gives. */
  private static final int ANSWERS_A_TURN = 16;

  /** What a look costs, against the bytes that a turn may answer. */
  private static final long LOOK_BYTES = 64;

  private final Unit unit;
  private final int most;

  /** Of one answer, unless a single revision has more. */
  private final long answerBytes;

  /** Changes that a turn looks at for one of them. */
  private final int looks;

  /**
   * Those that were let wait, and have no answer yet: bounded. Also those in line among them, which
   * mostly wait on when they were looked at.
   */
  private final Set<Operation> admitted = new HashSet<>();

  private final Map<Long, Operation> waiting = new LinkedHashMap<>();
  private final ArrayDeque<Operation> line = new ArrayDeque<>();

  /** What all that wait have seen. */
  private long seen;

  KeyWatches(Unit unit) {
    this.unit = unit;
    // The others leave room for those that do not wait.
    this.most = Math.max(1, unit.config.maxOperations() / 4);
    this.answerBytes = Math.max(1, unit.config.readBytesATurn() / ANSWERS_A_TURN);
    this.looks = (int) Math.max(1, answerBytes / LOOK_BYTES);
  }

  static boolean takes(Request request) {
    return request instanceof Request.Watch || request instanceof Request.Wait;
  }

  /** Whether this node can serve the request without asking how far the others are. */
  boolean isKnown(Request request) {
    return request instanceof Request.Watch watch
        && watch.from() >= 0
        && watch.from() <= unit.store().appliedIndex();
  }

  /** This node has applied all that was committed when the request came, or it {@link #isKnown}. */
  void enter(Operation operation) {
    long applied = unit.store().appliedIndex();
    if (operation.request() instanceof Request.Watch watch) {
      if (watch.from() < 0) {
        answer(operation, new Response.Events(List.of(), applied));
      } else if (watch.from() > applied) {
        answer(operation, Failures.revisionAhead(watch, watch.from(), applied));
      } else {
        operation.watching(watch.from());
        line.add(operation);
      }
      return;
    }
    Request.Wait wait = (Request.Wait) operation.request();
    if (wait.revision() > applied) {
      answer(operation, Failures.revisionAhead(wait, wait.revision(), applied));
      return;
    }
    Response now = ofTable(wait);
    if (now != null) {
      answer(operation, now);
    } else {
      operation.watching(applied);
      await(operation);
    }
  }

  /** It has seen all that is applied. */
  private void await(Operation operation) {
    if (admitted.size() < most || admitted.contains(operation)) {
      admitted.add(operation);
      waiting.put(operation.id, operation);
    } else {
      answer(
          operation,
          Failures.overloaded("node " + unit.nodeId() + " has " + most + " that wait for changes"));
    }
  }

  private void answer(Operation operation, Response response) {
    admitted.remove(operation);
    unit.operations.answer(operation, response);
  }

  /** Answers those that something has changed for, as many as a turn has time for. */
  void serve() {
    if (unit.raft().isRemoved()) {
      answerAll(Failures.removed(unit.nodeId()));
      return;
    }
    lookAtChanges();
    long left = unit.config.readBytesATurn();
    for (int i = line.size(); i > 0 && left > 0; i--) {
      left -= serve(line.remove());
    }
  }

  /** Whether some wait for nothing but the next turn. */
  boolean isBehind() {
    return !line.isEmpty();
  }

  private void lookAtChanges() {
    long applied = unit.store().appliedIndex();
    if (applied > seen && !waiting.isEmpty()) {
      // What is not remembered here is found out for each of them.
      boolean remembered = seen >= unit.store().historyFloor();
      ChangedKeys changed = remembered ? unit.store().changedKeys(seen, waiting.size()) : null;
      List<Operation> concerned = new ArrayList<>();
      for (Operation operation : waiting.values()) {
        if (changed == null || changed.any(key(operation))) {
          concerned.add(operation);
        }
      }
      for (Operation operation : concerned) {
        waiting.remove(operation.id);
        operation.watching(Math.max(seen, operation.index()));
        line.add(operation);
      }
    }
    seen = applied;
  }

  private static Bytes key(Operation operation) {
    return operation.request() instanceof Request.Watch watch
        ? watch.prefix()
        : ((Request.Wait) operation.request()).key();
  }

  /** Returns what it cost. */
  private long serve(Operation operation) {
    long floor = unit.store().historyFloor();
    Response answer = null;
    long bytes = LOOK_BYTES;
    if (operation.index() < floor) {
      answer =
          operation.request() instanceof Request.Wait wait
              ? ofTable(wait)
              : Failures.revisionTooOld(operation.index(), floor);
      operation.watching(unit.store().appliedIndex());
    } else {
      Changes changes = unit.store().changes(key(operation), operation.index(), answerBytes, looks);
      bytes += LOOK_BYTES * Math.min(looks, changes.revision() - operation.index());
      bytes += Answers.bytes(changes.list());
      operation.watching(changes.revision());
      if (operation.request() instanceof Request.Wait wait) {
        answer = ofChanges(wait, changes.list());
      } else if (!changes.list().isEmpty()) {
        answer = new Response.Events(changes.list(), changes.revision());
      }
      if (answer == null && !changes.complete()) {
        line.add(operation);
        return bytes;
      }
    }
    if (answer != null) {
      answer(operation, answer);
    } else {
      await(operation);
    }
    return bytes;
  }

  private @Nullable Response ofTable(Request.Wait wait) {
    return decided(wait, unit.store().get(wait.key()));
  }

  private static @Nullable Response ofChanges(Request.Wait wait, List<KeyChange> changes) {
    for (KeyChange change : changes) {
      // Longer keys begin with it as well.
      Response answer = change.key().equals(wait.key()) ? decided(wait, change.item()) : null;
      if (answer != null) {
        return answer;
      }
    }
    return null;
  }

  private static @Nullable Response decided(Request.Wait wait, @Nullable Item item) {
    if (item != null) {
      return item.revision() > wait.revision() ? Response.Value.of(item) : null;
    }
    return wait.revision() > 0 ? Response.Failed.keyNotFound(wait.key()) : null;
  }

  /** What one is told whose time is up; it is dropped afterwards. */
  Response timedOut(Operation operation) {
    boolean sawAll = waiting.containsKey(operation.id);
    if (operation.request() instanceof Request.Wait wait) {
      // In line stands what may have come by now.
      Response now = sawAll ? null : ofTable(wait);
      return now == null ? Failures.noChange(wait) : now;
    }
    return new Response.Events(
        List.of(), sawAll ? Math.max(seen, operation.index()) : operation.index());
  }

  /** It is answered by others. */
  void drop(Operation operation) {
    admitted.remove(operation);
    if (waiting.remove(operation.id) == null) {
      line.remove(operation);
    }
  }

  private void answerAll(Response response) {
    List<Operation> all = new ArrayList<>(waiting.values());
    all.addAll(line);
    waiting.clear();
    line.clear();
    all.forEach(operation -> answer(operation, response));
  }
}
