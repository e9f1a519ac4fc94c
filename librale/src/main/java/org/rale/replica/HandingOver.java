package org.rale.replica;

import org.rale.raft.Input;
import org.rale.raft.Refusal;
import org.rale.request.ErrorCode;
import org.rale.request.Response;
import org.rale.request.Response.Failed;

/** TRANSFER: done when another node is heard as the leader. */
final class HandingOver implements Errand {
  private final Unit unit;
  private final Operation operation;
  private final int target;
  private boolean asked;
  private long refusedAt = -1;
  private boolean over;

  HandingOver(Unit unit, Operation operation, int target) {
    this.unit = unit;
    this.operation = operation;
    this.target = target;
  }

  @Override
  public Operation operation() {
    return operation;
  }

  @Override
  public boolean isOver() {
    return over;
  }

  @Override
  public void advance() {
    int leader = unit.raft().leaderId();
    if (over || leader < 0) {
      return;
    }
    if (leader != unit.nodeId()) {
      takenOver(leader);
    } else if (target == unit.nodeId()) {
      end(new Response.Transferred(leader));
    } else if (!asked && unit.now() > refusedAt) {
      asked = true;
      unit.ask(new Input.Transfer(unit.errand(), target));
    }
  }

  private void takenOver(int leader) {
    if (target == 0 || leader == target) {
      end(new Response.Transferred(leader));
    } else if (asked) {
      end(failed(ErrorCode.NODE_UNREACHABLE, "node " + leader + " took over instead"));
    } else {
      // Another hand-over was under way: the wish is the new leader's to fulfil.
      over = true;
      unit.operations.park(operation, false);
    }
  }

  @Override
  public void accepted(long index) {
    throw new IllegalStateException("a hand-over has no log entry");
  }

  @Override
  public void refused(Refusal refusal) {
    if (refusal != Refusal.BAD_TARGET) {
      asked = false;
      refusedAt = unit.now();
    } else if (target == 0) {
      end(failed(ErrorCode.NODE_UNREACHABLE, "no other member can take over"));
    } else if (unit.membership().isVoter(target)) {
      end(failed(ErrorCode.NODE_UNREACHABLE, "node " + target + " did not take over"));
    } else {
      end(failed(ErrorCode.MEMBERSHIP_REFUSED, "node " + target + " is no voting member"));
    }
  }

  private Failed failed(ErrorCode code, String message) {
    return Failed.of(code, message, "STATUS shows who leads, LIST who could");
  }

  @Override
  public void expire() {
    end(failed(ErrorCode.TIMEOUT, "no new leader was heard in time"));
  }

  /** That is what it is for: the new leader's first heartbeat ends it. */
  @Override
  public void leadershipLost() {}

  private void end(Response response) {
    over = true;
    // To hand over twice does no harm: a failure here needs no doubt.
    operation.waitAgain(false);
    unit.operations.answer(operation, response);
  }
}
