package org.rale.replica;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.rale.raft.Raft;
import org.rale.raft.Role;
import org.rale.request.Request;

/**
 * The changes of one connection that are under way, and its reads of keys, in the order in which
 * they were sent. They run all at once, and yet the changes are made in that order, and each read
 * sees what it would see if they ran one by one: the changes before it, none of those behind it,
 * and no older table than the read before it.
 *
 * <p>They begin in their order: none does while one before it waits for a leader, or to be tried
 * again. At the leader a change goes into the log at once, and a read asks at once whether this
 * node still leads. The read is answered when the last change before it is applied, and before the
 * next one is ({@link Requests#applying}): a change that is committed confirms the reads that came
 * before it (see {@code raft.Reads}), so it never waits for them. At another node nobody knows yet
 * where in the log a change will stand: there a read is held until the changes before it are
 * answered, and a change until the reads are. Changes go to the leader one behind the other.
 *
 * <p>A change that gets out of sight (another leader, its time is up) may be applied at any time. A
 * read before it has lost its place then, and is told so; one behind it is held until it is known
 * what became of the change. A change that was turned away, while one behind it was not, has lost
 * its place as well.
 *
 * <p>They also begin no faster than their {@link Share} of the node lets them.
 *
 * <p>What another node passes on for a connection of its clients is a pipeline, too: it stands in
 * the log as that node sent it.
 */
final class Pipeline {
  final Line line;
  private final Share.Part share;

  /** The oldest first. */
  private final ArrayDeque<Operation> underWay = new ArrayDeque<>();

  /** Those that were held or parked, by id. */
  private final TreeMap<Long, Operation> idle = new TreeMap<>();

  private int changes;
  private int idleChanges;

  /** The newest change that is not idle; null: not known, or there is none. */
  private @Nullable Operation newest;

  /** How often one of them began. */
  private long begins;

  /** Whether a read was asked for a second time, so that words may come in another order. */
  private boolean askedAgain;

  /**
   * The newest change, by its id, that was made, or might still be, when it was answered: in front
   * of it there is no place any more.
   */
  private long outOfSight;

  /** Whether there may be some that have lost their place since it was last looked. */
  private boolean disturbed;

  /** The highest index that a read of it waits for, or waited. */
  private long seen;

  Pipeline(Line line, Share.Part share) {
    this.line = line;
    this.share = share;
  }

  /** Whether requests of this kind keep their order here; others the connection keeps apart. */
  static boolean takes(Request request) {
    return request instanceof Request.Change
        || (request instanceof Request.Get get && !get.local());
  }

  boolean isEmpty() {
    return underWay.isEmpty();
  }

  /** Whether something may begin, or has to be put right. */
  boolean isStirred() {
    return disturbed || !idle.isEmpty();
  }

  void add(Operation operation) {
    underWay.add(operation);
    changes += isChange(operation) ? 1 : 0;
    operation.joins(this);
    share.asks(underWay.size());
  }

  /** It is about to be answered, or nobody waits for it any more. */
  void remove(Operation operation) {
    operation.joins(null);
    if (!operation.isIdle()) {
      share.rests();
    }
    share.asks(underWay.size());
    share.answered();
    underWay.remove(operation);
    changes -= isChange(operation) ? 1 : 0;
    awake(operation);
    forget(operation);
    Operation oldest = underWay.peek();
    boolean first = oldest == null || oldest.id > operation.id;
    if (!first && isChange(operation) && operation.mayHaveHappened()) {
      outOfSight = Math.max(outOfSight, operation.id);
      disturbed = true;
    }
  }

  /** It is empty, and not used any more. */
  void close() {
    share.close();
  }

  /** Whether others were sent behind it. */
  boolean hasBehind(Operation operation) {
    return underWay.getLast() != operation;
  }

  /** It was held or parked, or begins, or gets on. */
  void moves(Operation operation, Operation.Phase to) {
    if (to == Operation.Phase.HELD || to == Operation.Phase.WAITING) {
      if (idle.put(operation.id, operation) == null) {
        idleChanges += isChange(operation) ? 1 : 0;
        forget(operation);
      }
      if (!operation.isIdle()) {
        share.rests();
      }
    } else if (operation.isIdle()) {
      share.begins();
      Operation before = newestBegunChange();
      awake(operation);
      askedAgain |= !isChange(operation) && operation.began() > 0;
      operation.begins(++begins, before);
      newest = isChange(operation) ? operation : newest;
    }
  }

  private void awake(Operation operation) {
    if (!idle.isEmpty() && idle.remove(operation.id) != null) {
      idleChanges -= isChange(operation) ? 1 : 0;
    }
  }

  private void forget(Operation operation) {
    if (newest == operation) {
      newest = null;
    }
  }

  /** An attempt failed: it is tried again. */
  void parked() {
    disturbed = true;
  }

  private static boolean isChange(Operation operation) {
    return !operation.request().isRead();
  }

  /** The next to begin; null: there is none, or it may not begin yet. */
  @Nullable Operation next(Raft raft) {
    Map.Entry<Long, Operation> oldest = idle.firstEntry();
    return oldest != null
            && oldest.getValue().phase() == Operation.Phase.HELD
            && admits(oldest.getValue(), raft)
        ? oldest.getValue()
        : null;
  }

  /**
   * Whether it may begin: if none before it is idle, and whatever becomes of those before it, it
   * comes behind them; and if others who ask for less do not wait for it.
   */
  boolean admits(Operation operation, Raft raft) {
    if ((!idle.isEmpty() && idle.firstKey() < operation.id) || !share.admits()) {
      return false;
    }
    Operation before = newestBegunChange();
    if (before != null && before.id > operation.id) {
      // It was turned away, and waits until it is known whether that one was, too.
      return false;
    }
    if (raft.role() == Role.LEADER) {
      return before == null
          || before.phase() == Operation.Phase.ASKED
          || (before.phase() == Operation.Phase.APPENDED && before.term() == raft.term());
    }
    if (!isChange(operation)) {
      return before == null;
    }
    int begunReads = underWay.size() - changes - (idle.size() - idleChanges);
    return begunReads == 0
        && (before == null
            || before.phase() == Operation.Phase.IN_LINE
            || (before.phase() == Operation.Phase.FORWARDED
                && before.forwardedTo() == raft.leaderId()));
  }

  /** Those before it have begun as well, at the same place. */
  private @Nullable Operation newestBegunChange() {
    if (newest == null && changes > idleChanges) {
      Iterator<Operation> newestFirst = underWay.descendingIterator();
      while (newest == null && newestFirst.hasNext()) {
        Operation each = newestFirst.next();
        newest = isChange(each) && !each.isIdle() ? each : null;
      }
    }
    return newest;
  }

  /** Asked of the rules, or what became of that. */
  private static boolean isOnItsWay(Operation operation) {
    return operation.phase() == Operation.Phase.ASKED
        || operation.phase() == Operation.Phase.APPENDED
        || operation.phase() == Operation.Phase.READABLE;
  }

  /**
   * The reads that a leader's word to this one confirms: those before it that were asked as well
   * came earlier. At a leader words come in the order in which they were asked for.
   */
  List<Operation> confirmedBy(Operation read, boolean leads) {
    return leads && !askedAgain
        ? List.of(read)
        : underWay.stream()
            .filter(each -> each.id <= read.id && each.phase() == Operation.Phase.ASKED)
            .filter(each -> !isChange(each))
            .toList();
  }

  /**
   * What must be applied before this read is answered, for the sake of those before it.
   *
   * @param index what must be applied for its own sake
   * @param term in which the read was confirmed
   * @return -1: the log of that term does not have all changes before it, or another read before it
   *     has yet to be asked, and the read is to be held
   */
  long place(Operation read, long index, long term) {
    long place = Math.max(index, seen);
    if (changes > 0 || !idle.isEmpty()) {
      for (Operation before : underWay) {
        if (before == read) {
          break;
        }
        if (before.isIdle()) {
          return -1;
        }
        if (isChange(before)) {
          if (before.phase() != Operation.Phase.APPENDED || before.term() != term) {
            return -1;
          }
          place = Math.max(place, before.index());
        }
      }
    }
    seen = place;
    return place;
  }

  /** Another leader, or none: what was to be applied may never be. */
  void leaderChanged() {
    seen = 0;
    disturbed = true;
  }

  /** The reads before this change, the oldest first. */
  List<Operation> readsBefore(Operation change) {
    Operation oldest = underWay.peek();
    if (changes == underWay.size() || oldest == change) {
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

  /** Whether {@link #displaced} and {@link #tooEarly} are to be asked. Once. */
  boolean takeDisturbed() {
    boolean was = disturbed;
    disturbed = false;
    return was;
  }

  /** Those that have lost their place: see above. */
  List<Operation> displaced() {
    List<Operation> displaced = new ArrayList<>();
    boolean logged = false;
    boolean lost = false;
    long lostAttempt = 0;
    Iterator<Operation> newestFirst = underWay.descendingIterator();
    while (newestFirst.hasNext()) {
      Operation each = newestFirst.next();
      if (isChange(each)) {
        boolean turnedAway = each.isIdle() && !each.isLost();
        if ((each.isIdle() && each.id < outOfSight) || (turnedAway && each.began() < lostAttempt)) {
          displaced.add(each);
        }
        logged |= each.mayHaveHappened();
        lost |= each.mayHaveHappened() && !isOnItsWay(each);
        if (each.isIdle() && each.isLost()) {
          lostAttempt = Math.max(lostAttempt, each.began());
        }
      } else if (lost || each.id < outOfSight || (logged && !isOnItsWay(each))) {
        displaced.add(each);
      }
    }
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
