package org.rale.replica;

import java.util.Optional;
import org.rale.raft.Event;
import org.rale.raft.Member;
import org.rale.raft.Membership;
import org.rale.raft.PeerStatus;
import org.rale.raft.Refusal;
import org.rale.request.ErrorCode;
import org.rale.request.Response;
import org.rale.request.Response.Failed;
import org.rale.wire.Handshake;
import org.rale.wire.Handshake.Refused;
import org.rale.wire.Identity;

/**
 * ADD: reach the node, make it a learner, bring it up to date, make it a voter.
 *
 * <p>A learner costs no quorum; only a node that keeps up becomes a voter, so an ADD never stops
 * the cluster (dissertation 4.2.1).
 */
final class Joining implements Errand {
  private enum Step {
    REACH,
    ENTER,
    CATCH_UP,
    PROMOTE,
    WITHDRAW,
    OVER
  }

  /** A daemon that was just started listens by then; who waits longer has the wrong address. */
  private static final long REACH_MS = 5_000;

  private final Unit unit;
  private final Formats formats;
  private final Operation operation;
  private final Member node;

  /** A learner before this ADD, which therefore does not take it out again. */
  private final boolean wasLearner;

  private Step step;
  private Change change;
  private long roundTarget = -1;
  private long roundSince;
  private long withdrawUntil;
  private final long reachUntil;

  Joining(Unit unit, Formats formats, Operation operation, Member node) {
    this.unit = unit;
    this.formats = formats;
    this.operation = operation;
    this.node = node;
    this.reachUntil = unit.now() + unit.config.ticks(REACH_MS);
    this.change = new Change(unit);
    this.wasLearner = unit.membership().contains(node.id());
    if (wasLearner) {
      step = Step.CATCH_UP;
    } else {
      step = Step.REACH;
      unit.addCandidate(node);
    }
  }

  @Override
  public Operation operation() {
    return operation;
  }

  @Override
  public boolean isOver() {
    return step == Step.OVER;
  }

  @Override
  public void advance() {
    switch (step) {
      case REACH -> reach();
      case ENTER -> enter();
      case CATCH_UP -> catchUp();
      case PROMOTE -> promote();
      case WITHDRAW -> withdraw();
      case OVER -> {}
    }
  }

  private void reach() {
    Optional<Refused> refused = unit.links.refusal(node.id()).filter(each -> !isOfBefore(each));
    if (refused.isPresent()) {
      operation.waitAgain(false);
      end(
          Failures.refused(
              "node " + node.id() + " can't join: " + refused.get().reason(),
              "the membership is as it was before"));
    } else if (unit.links.isUp(node.id())) {
      go(Step.ENTER);
      enter();
    } else if (unit.now() >= reachUntil && unit.links.failure(node.id()).isPresent()) {
      end(unreachable());
    }
  }

  /**
   * Whether it answers a dial from before this ADD. By now no membership names the node, so this
   * node knows no other disk of it; when it was dialled, the one before the REMOVE was still known.
   */
  private boolean isOfBefore(Refused refused) {
    return refused.refusal() == Handshake.Refusal.OTHER_INCARNATION
        && refused.sender().nodeId() == unit.nodeId();
  }

  private void enter() {
    Optional<Identity> peer = unit.links.peer(node.id());
    if (peer.isEmpty() && !change.isUnderWay()) {
      go(Step.REACH);
      return;
    }
    long incarnation = peer.map(Identity::incarnation).orElse(0L);
    Member learner =
        new Member(
            node.id(),
            node.name(),
            node.host(),
            node.ralePort(),
            node.dstorePort(),
            incarnation,
            false);
    if (!change.isUnderWay() && !formats.isUnderstoodBy(learner)) {
      operation.waitAgain(false);
      end(
          Failures.refused(
              "node " + node.id() + " runs an older program, which can't read this cluster's log",
              "update the program on node " + node.id() + ", then ADD it again"));
      return;
    }
    if (change.make(unit.membership().with(learner))) {
      unit.dropCandidate(node.id());
      go(Step.CATCH_UP);
    }
  }

  /** Rounds, as in dissertation 4.2.1: up to date is who takes the last one within a timeout. */
  private void catchUp() {
    Optional<PeerStatus> peer = unit.peer(node.id());
    if (peer.isEmpty()) {
      return;
    }
    long last = unit.raft().status().lastIndex();
    if (roundTarget < 0) {
      roundTarget = last;
      roundSince = unit.now();
    }
    if (peer.get().match() < roundTarget) {
      return;
    }
    boolean quick = unit.now() - roundSince <= unit.config.raft().electionTicksMax();
    if (quick && keepsQuorum() && isUnderstood()) {
      go(Step.PROMOTE);
      promote();
    } else {
      roundTarget = last;
      roundSince = unit.now();
    }
  }

  /** A learner takes entries that it will stop at. It must not be a voter by then. */
  private boolean isUnderstood() {
    return unit.membership().member(node.id()).filter(formats::isUnderstoodBy).isPresent();
  }

  private boolean keepsQuorum() {
    Membership next = promoted();
    return unit.heard(next) >= next.quorum();
  }

  private Membership promoted() {
    Membership now = unit.membership();
    return now.member(node.id()).map(member -> now.with(member.asVoter())).orElse(now);
  }

  private void promote() {
    if (!unit.membership().contains(node.id())) {
      end(Failures.refused("node " + node.id() + " was removed meanwhile", "look at LIST"));
    } else if (change.make(promoted())) {
      unit.note(Event.Level.INFO, "node " + node.id() + " is a voting member");
      end(new Response.Added(node.id(), false, false));
    }
  }

  private void withdraw() {
    if (unit.now() >= withdrawUntil) {
      end(Failures.unknownOutcome(operation.request(), "no majority confirmed its withdrawal"));
    } else if (change.make(unit.membership().without(node.id()))) {
      // What was appended is taken back: this refusal is certain.
      operation.waitAgain(false);
      end(
          new Failed(
              ErrorCode.MEMBERSHIP_REFUSED,
              "node " + node.id() + " did not catch up in time",
              "the membership is as it was before",
              "see the log of node " + node.id() + ", or give ADD more time",
              0));
    }
  }

  @Override
  public void accepted(long index) {
    change.accepted(index);
  }

  @Override
  public void refused(Refusal refusal) {
    change.refused();
  }

  @Override
  public void expire() {
    if (wasLearner && step == Step.CATCH_UP) {
      // The learner stays one, and becomes a voter by itself when it keeps up: no certain failure.
      end(Failures.unknownOutcome(operation.request(), "it has not caught up yet"));
      return;
    }
    switch (step) {
      case REACH -> end(unreachable());
      case ENTER -> {
        if (change.isUnderWay()) {
          beginWithdrawal();
        } else {
          end(unreachable());
        }
      }
      case CATCH_UP -> beginWithdrawal();
      case WITHDRAW -> {}
      default ->
          end(Failures.unknownOutcome(operation.request(), "no majority confirmed it in time"));
    }
  }

  @Override
  public void removalAsked(int id) {
    if (id != node.id() || step == Step.WITHDRAW || step == Step.OVER) {
      return;
    }
    if (step == Step.REACH || (step == Step.ENTER && !change.isUnderWay())) {
      operation.waitAgain(false);
      end(
          Failures.refused(
              "a REMOVE of node " + id + " came meanwhile", "the membership is as it was before"));
    } else {
      end(Failures.unknownOutcome(operation.request(), "a REMOVE of it came meanwhile"));
    }
  }

  private void beginWithdrawal() {
    withdrawUntil = unit.now() + unit.patience();
    go(Step.WITHDRAW);
  }

  /** Nothing was appended: this refusal is certain. */
  private Failed unreachable() {
    operation.waitAgain(false);
    return new Failed(
        ErrorCode.NODE_UNREACHABLE,
        "node " + node.id() + " can't be reached at " + node.host() + " port " + node.dstorePort(),
        unit.links.failure(node.id()).orElse("it did not answer in time"),
        "check that raled runs there and that the addresses are right; the membership is as it was"
            + " before",
        0);
  }

  @Override
  public void leadershipLost() {
    unit.dropCandidate(node.id());
    step = Step.OVER;
    if (!operation.isDone()) {
      unit.operations.park(operation, true);
    }
  }

  private void go(Step next) {
    step = next;
    change = new Change(unit);
  }

  private void end(Response response) {
    unit.dropCandidate(node.id());
    step = Step.OVER;
    unit.operations.answer(operation, response);
  }
}
