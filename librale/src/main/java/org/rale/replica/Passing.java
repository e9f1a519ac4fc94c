package org.rale.replica;

import java.util.List;
import org.jspecify.annotations.Nullable;
import org.rale.request.ErrorCode;
import org.rale.request.Response;
import org.rale.request.Response.Failed;

/** What becomes of requests that were passed on to the leader: its answers, and the lack of one. */
final class Passing {
  private final Unit unit;
  private final Forwards forwards;
  private final Endings endings;

  Passing(Unit unit, Forwards forwards, Endings endings) {
    this.unit = unit;
    this.forwards = forwards;
    this.endings = endings;
  }

  void answered(int from, long id, Response response) {
    Operation operation = forwards.answered(from, id);
    if (operation == null) {
      return;
    }
    boolean notTaken =
        response instanceof Failed failed
            && (failed.code() == ErrorCode.NO_LEADER
                || failed.code() == ErrorCode.SHUTTING_DOWN
                || failed.code() == ErrorCode.NOT_MEMBER);
    if (notTaken) {
      turnedAway(operation, false);
      sendAgainBefore(operation, from);
      return;
    }
    if (response instanceof Failed failed && !Operations.isOfTheTable(failed.code())) {
      // The leader's word is certain, as far as this attempt goes.
      operation.waitAgain(false);
    }
    endings.answer(operation, response);
    forwards.advance();
  }

  /** The node does not know what became of the request, and nobody there will ever find out. */
  void lost(int from, long id) {
    turnedAway(forwards.answered(from, id), true);
  }

  /** It found no room on the link to the node. */
  void dropped(int nodeId, long id) {
    turnedAway(forwards.answered(nodeId, id), false);
  }

  /**
   * Words and requests keep their order. So if a change is turned away while the one before it has
   * no answer, that one was lost on its way: an inbox that is full drops without a word.
   */
  private void sendAgainBefore(Operation operation, int from) {
    Operation before = unit.operations.find(operation.after());
    if (before != null
        && before.phase() == Operation.Phase.FORWARDED
        && before.forwardedTo() == from) {
      forwards.drop(before);
      unit.operations.park(before, true, unit.afterRest());
    }
  }

  /**
   * The node does not lead any more, or did not take the change before it, or its link is full: it
   * need not be asked again until something is heard.
   */
  private void turnedAway(@Nullable Operation operation, boolean perhaps) {
    if (operation != null) {
      unit.operations.park(operation, perhaps, unit.afterRest());
      park(forwards.takeLine(), unit.afterRest());
    }
  }

  /** A link to the node broke: what it had, or its answer, may be lost. */
  void linkBroke(int nodeId) {
    parkAll(forwards.takeFrom(node -> node == nodeId));
  }

  /** Another node leads, or none: what others have, or had, is tried again. */
  void leaderChanged(int leader) {
    parkAll(forwards.takeFrom(node -> node != leader));
  }

  private void parkAll(List<Operation> sent) {
    sent.forEach(each -> unit.operations.park(each, true));
    park(forwards.takeLine(), 0);
  }

  private void park(List<Operation> unsent, long untilTick) {
    unsent.forEach(each -> unit.operations.park(each, false, untilTick));
  }
}
