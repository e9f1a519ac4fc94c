package org.rale.replica;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import org.rale.request.Request;

/**
 * The changes of one connection that are under way, and its reads of keys, in the order in which
 * they were sent. They run all at once, and yet each sees what it would see if they ran one by one:
 * the changes before it, and none of those behind it.
 *
 * <p>At the leader a change goes into the log at once, and a read asks at once whether this node
 * still leads, whatever stands before them. The read is answered when the last change before it is
 * applied, and before the next one is ({@link Requests#applying}): a change that is committed
 * confirms the reads that came before it (see {@code raft.Reads}), so it never waits for them. At
 * another node nobody knows yet where in the log a change will stand: there a read is held until
 * the changes before it are answered, and a change until the reads are.
 *
 * <p>A change that gets out of sight (another leader, its time is up) may be applied at any time. A
 * read before it has lost its place then, and is told so; one behind it is held until it is known
 * what became of the change.
 */
final class Pipeline {
  final long connection;

  /** The oldest first. */
  private final ArrayDeque<Operation> underWay = new ArrayDeque<>();

  private int changes;
  private int reads;
  private int held;

  /** The newest change, by its id, that was answered while it might still be applied. */
  private long outOfSight;

  Pipeline(long connection) {
    this.connection = connection;
  }

  /** Whether requests of this kind keep their order here; others the connection keeps apart. */
  static boolean takes(Request request) {
    return request instanceof Request.Change
        || (request instanceof Request.Get get && !get.local());
  }

  boolean isEmpty() {
    return underWay.isEmpty();
  }

  /** Whether the end of one of them lets something begin, or displaces something. */
  boolean isStirred() {
    return held > 0 || (outOfSight > 0 && reads > 0);
  }

  void add(Operation operation) {
    underWay.add(operation);
    count(operation, 1);
  }

  /** It is about to be answered, or nobody waits for it any more. */
  void remove(Operation operation) {
    underWay.remove(operation);
    count(operation, -1);
    release(operation);
    Operation oldest = underWay.peek();
    boolean first = oldest == null || oldest.id > operation.id;
    if (!first && isChange(operation) && operation.mayHaveHappened()) {
      outOfSight = Math.max(outOfSight, operation.id);
    }
  }

  private void count(Operation operation, int by) {
    if (isChange(operation)) {
      changes += by;
    } else {
      reads += by;
    }
  }

  private static boolean isChange(Operation operation) {
    return !operation.request().isRead();
  }

  /**
   * Whether it may begin.
   *
   * @param leads whether this node does
   */
  boolean admits(Operation operation, boolean leads) {
    boolean change = isChange(operation);
    if (change ? reads == 0 : changes == 0) {
      return true;
    }
    for (Operation before : underWay) {
      if (before == operation) {
        break;
      }
      if (isChange(before) != change && !(leads && isOnItsWay(before))) {
        return false;
      }
    }
    return true;
  }

  /** Asked of the rules, or what became of that. */
  private static boolean isOnItsWay(Operation operation) {
    return operation.phase() == Operation.Phase.ASKED
        || operation.phase() == Operation.Phase.APPENDED
        || operation.phase() == Operation.Phase.READABLE;
  }

  void hold(Operation operation) {
    if (operation.phase() != Operation.Phase.HELD) {
      held++;
      operation.held();
    }
  }

  /** It begins, or has ended. */
  void release(Operation operation) {
    if (operation.phase() == Operation.Phase.HELD) {
      held--;
    }
  }

  /** Those that are held, the oldest first. */
  List<Operation> held() {
    return held == 0
        ? List.of()
        : underWay.stream().filter(each -> each.phase() == Operation.Phase.HELD).toList();
  }

  /**
   * What must be applied before this read is answered, for the sake of the changes before it.
   *
   * @param term in which the read was confirmed
   * @return the index of the last of them; 0: there are none; -1: the log of that term does not
   *     have all of them, and the read is to be held
   */
  long indexBefore(Operation read, long term) {
    if (changes == 0) {
      return 0;
    }
    long index = 0;
    for (Operation before : underWay) {
      if (before == read) {
        break;
      }
      if (isChange(before)) {
        if (before.phase() != Operation.Phase.APPENDED || before.term() != term) {
          return -1;
        }
        index = Math.max(index, before.index());
      }
    }
    return index;
  }

  /** The reads before this change, the oldest first. */
  List<Operation> readsBefore(Operation change) {
    Operation oldest = underWay.peek();
    if (reads == 0 || oldest == change) {
      return List.of();
    }
    List<Operation> before = new ArrayList<>();
    for (Operation each : underWay) {
      if (each == change) {
        break;
      }
      if (!isChange(each)) {
        before.add(each);
      }
    }
    return before;
  }

  /** The reads that have lost their place: see above. */
  List<Operation> displaced() {
    List<Operation> displaced = new ArrayList<>();
    boolean logged = false;
    boolean lost = false;
    Iterator<Operation> newestFirst = underWay.descendingIterator();
    while (newestFirst.hasNext()) {
      Operation each = newestFirst.next();
      if (isChange(each)) {
        logged |= each.mayHaveHappened();
        lost |= each.mayHaveHappened() && !isOnItsWay(each);
      } else if (lost || each.id < outOfSight || (logged && !isOnItsWay(each))) {
        displaced.add(each);
      }
    }
    outOfSight = 0;
    return displaced;
  }

  /** The reads that could be answered but for a change before them, which is out of the log. */
  List<Operation> tooEarly() {
    List<Operation> early = new ArrayList<>();
    boolean open = false;
    for (Operation each : underWay) {
      if (isChange(each)) {
        open |= !isOnItsWay(each);
      } else if (open && each.phase() == Operation.Phase.READABLE) {
        early.add(each);
      }
    }
    return early;
  }
}
