package org.rale.replica;

import org.rale.raft.Event;
import org.rale.raft.Input;
import org.rale.raft.Membership;
import org.rale.raft.Refusal;
import org.rale.request.Request;
import org.rale.request.Response;

/** REMOVE. A leader that is to go hands leadership over, and the next leader removes it. */
final class Removing implements Errand {
  private final Unit unit;
  private final Operation operation;
  private final int id;

  /** Of the member that is meant, see {@link Request.Remove}. */
  private final long incarnation;

  private final Change change;

  /** When this leader took it up. */
  private final long askedAt;

  private boolean handingOver;
  private long refusedAt = -1;
  private boolean over;

  Removing(Unit unit, Operation operation, Request.Remove remove) {
    this.unit = unit;
    this.operation = operation;
    this.id = remove.id();
    this.incarnation = remove.incarnation();
    this.change = new Change(unit);
    this.askedAt = unit.now();
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
    if (over) {
      return;
    }
    if (!change.isUnderWay() && !mayRemove()) {
      return;
    }
    if (id == unit.nodeId()) {
      if (!handingOver && unit.now() > refusedAt) {
        handingOver = true;
        unit.ask(new Input.Transfer(unit.errand(), 0));
      }
    } else if (change.make(unit.membership().without(id))) {
      unit.note(Event.Level.INFO, "node " + id + " was removed");
      end(new Response.Removed(id));
    }
  }

  private boolean mayRemove() {
    Membership now = unit.membership();
    if (incarnation != 0 && !isMember(now)) {
      if (isCommitted()) {
        end(now.contains(id) ? addedAgain() : new Response.Removed(id));
      }
      return false;
    }
    Membership next = now.without(id);
    boolean quorumHeard = !now.isVoter(id) || unit.heard(next) >= next.quorum();
    if (!now.contains(id)) {
      end(Failures.refused("node " + id + " is not a member", "LIST shows who is"));
    } else if (next.voters().isEmpty()) {
      end(
          Failures.refused(
              "node " + id + " is the last member",
              "to end the cluster, stop the node and delete its data directory"));
    } else if (!quorumHeard && unit.leadsNewly()) {
      // Nobody can be called offline yet: who answers in a moment is no reason to refuse.
      return false;
    } else if (!quorumHeard) {
      end(
          Failures.refused(
              "without node "
                  + id
                  + " only "
                  + unit.heard(next)
                  + " of "
                  + next.voters().size()
                  + " members would be online, and "
                  + next.quorum()
                  + " are needed",
              "bring the others back first, or REMOVE one that is offline"));
    }
    // Its own removal is the next leader's to judge.
    boolean needsVoices = now.isVoter(id) && id != unit.nodeId();
    return !over && (!needsVoices || hasAnswered(next));
  }

  /**
   * Whether the quorum that is left has been heard since the request came. One of them may have
   * died a moment ago, and still pass for online. Without it the new membership could not be
   * committed, and it counts as soon as it is in the log: should that disk be lost for good, nobody
   * could ever be elected again.
   */
  private boolean hasAnswered(Membership next) {
    return unit.heardSince(next, askedAt) >= next.quorum();
  }

  /**
   * Whether this request or another one took away the member that was meant can't be told, nor
   * whether the node that asks knew of the new one.
   */
  private Response addedAgain() {
    return Failures.refused(
        "node " + id + " has been removed and added again since this REMOVE was sent",
        "LIST shows it; REMOVE " + id + " again if it is to go");
  }

  private boolean isMember(Membership members) {
    return members.member(id).filter(member -> member.incarnation() == incarnation).isPresent();
  }

  /** Whether the membership in force can't be cut any more. */
  private boolean isCommitted() {
    return unit.raft().appliedIndex() >= unit.raft().membershipIndex();
  }

  @Override
  public void accepted(long index) {
    change.accepted(index);
  }

  @Override
  public void refused(Refusal refusal) {
    if (handingOver && refusal == Refusal.BAD_TARGET) {
      end(
          Failures.refused(
              "node " + id + " leads, and no other member can take over", "try again in a moment"));
    } else {
      handingOver = false;
      refusedAt = unit.now();
      change.refused();
    }
  }

  @Override
  public void expire() {
    if (change.isUnderWay()) {
      end(Failures.unknownOutcome(operation.request(), "no majority confirmed it in time"));
    } else {
      end(
          Failures.refused(
              "node " + id + " could not be removed in time", "try again, with more time"));
    }
  }

  @Override
  public void leadershipLost() {
    over = true;
    if (!operation.isDone()) {
      unit.operations.park(operation, change.isUnderWay());
    }
  }

  private void end(Response response) {
    over = true;
    if (!change.isUnderWay()) {
      // Nothing was appended, so a refusal is certain.
      operation.waitAgain(false);
    }
    unit.operations.answer(operation, response);
  }
}
