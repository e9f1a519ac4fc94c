package org.rale.replica;

import java.util.EnumSet;
import java.util.Set;
import org.rale.request.ErrorCode;
import org.rale.request.Request;
import org.rale.request.Response;
import org.rale.request.Response.Failed;

/** How requests end; and whether an answer is an end at all, or the next attempt tells more. */
final class Endings {
  /** Answers that say of this attempt alone that it changed nothing. */
  private static final Set<ErrorCode> NOT_TAKEN =
      EnumSet.of(ErrorCode.OVERLOADED, ErrorCode.STORE_FULL, ErrorCode.NOT_SUPPORTED);

  private final Unit unit;
  private final Appended appended;
  private final Forwards forwards;
  private final ReadDesk reads;
  private final LeaderWatches watches;
  private final KeyWatches keyWatches;

  Endings(
      Unit unit,
      Appended appended,
      Forwards forwards,
      ReadDesk reads,
      LeaderWatches watches,
      KeyWatches keyWatches) {
    this.unit = unit;
    this.appended = appended;
    this.forwards = forwards;
    this.reads = reads;
    this.watches = watches;
    this.keyWatches = keyWatches;
  }

  /** The answer to an attempt, of whoever carried it out or refused to. */
  void answer(Operation operation, Response response) {
    if (mayStillBeTold(operation, response)) {
      unit.operations.park(operation, false, unit.afterRest());
      return;
    }
    if (operation.request() instanceof Request.Change change) {
      unit.session.close(change.command().origin());
    }
    unit.operations.answer(operation, response);
  }

  /** The same, from outside: wherever the request is, it is there no more. */
  void end(Operation operation, Response response) {
    letGo(operation);
    answer(operation, response);
  }

  /** Whoever has it forgets it: an entry of the log stays, what it was asked with does not. */
  void letGo(Operation operation) {
    switch (operation.phase()) {
      case READABLE -> reads.drop(operation);
      case APPENDED -> appended.drop(operation);
      case IN_LINE, FORWARDED -> forwards.drop(operation);
      case WATCHING -> {
        watches.drop(operation);
        keyWatches.drop(operation);
      }
      default -> {}
    }
  }

  /**
   * Whether a change was not taken this time, and may have been applied by an earlier attempt. The
   * next attempt tells, if it is taken before the time is up; until then nothing is certain. What
   * may last is no reason to let others of its connection wait: one behind it may make the room.
   */
  private static boolean mayStillBeTold(Operation operation, Response response) {
    return response instanceof Failed failed
        && NOT_TAKEN.contains(failed.code())
        && operation.request() instanceof Request.Change
        && operation.asker instanceof Asker.Client
        && operation.mayHaveHappened()
        && (failed.code() == ErrorCode.OVERLOADED || !othersWaitBehind(operation));
  }

  private static boolean othersWaitBehind(Operation operation) {
    Pipeline pipeline = operation.pipeline();
    return pipeline != null && pipeline.hasBehind(operation);
  }
}
