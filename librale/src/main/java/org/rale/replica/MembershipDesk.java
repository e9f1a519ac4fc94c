package org.rale.replica;

import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.rale.raft.Member;
import org.rale.raft.Membership;
import org.rale.raft.PeerStatus;
import org.rale.raft.Refusal;
import org.rale.request.Request;
import org.rale.request.Response;
import org.rale.wire.Handshake;

/**
 * Where a leader takes members in and out and hands leadership over: one errand at a time (S-09),
 * the next waits. It also finishes what an earlier leader began: a learner that is caught up
 * becomes a voter.
 */
final class MembershipDesk {
  private final Unit unit;
  private final Formats formats;
  private @Nullable Errand errand;

  MembershipDesk(Unit unit, Formats formats) {
    this.unit = unit;
    this.formats = formats;
  }

  /** Whether such a request is for the desk. */
  static boolean isOne(Request request) {
    return request instanceof Request.Add
        || request instanceof Request.Remove
        || request instanceof Request.Transfer;
  }

  /** Takes the operation on, answers it, or leaves it to be tried again. */
  void take(Operation operation) {
    if (errand != null && operation.request() instanceof Request.Remove remove && means(remove)) {
      errand.removalAsked(remove.id());
    }
    if (errand != null && !errand.isOver()) {
      unit.operations.park(operation, false);
      return;
    }
    if (operation.request() instanceof Request.Add add) {
      add(operation, add);
    } else if (operation.request() instanceof Request.Remove remove) {
      remove(operation, remove);
    } else if (operation.request() instanceof Request.Transfer transfer) {
      begin(operation, new HandingOver(unit, operation, transfer.id()));
    } else {
      throw new IllegalStateException("not for this desk: " + operation.request());
    }
  }

  /** Whether the node is meant as it is now: a REMOVE that is tried again may mean another disk. */
  private boolean means(Request.Remove remove) {
    return remove.incarnation() == 0
        || unit.membership()
            .member(remove.id())
            .filter(member -> member.incarnation() == remove.incarnation())
            .isPresent();
  }

  /**
   * A new leader that is to go lets others come first, for a moment: of two nodes that shall both
   * be removed each would hand over to the other, and again, at the pace of the network.
   */
  private void remove(Operation operation, Request.Remove remove) {
    long settled = unit.leadsSince() + unit.config.raft().electionTicksMax();
    if (remove.id() == unit.nodeId() && unit.now() < settled) {
      unit.operations.park(operation, false, settled);
    } else {
      begin(operation, new Removing(unit, operation, remove));
    }
  }

  private void add(Operation operation, Request.Add add) {
    Member node =
        new Member(add.id(), add.name(), add.host(), add.ralePort(), add.dstorePort(), 0, false);
    Membership now = unit.membership();
    Member same = now.member(node.id()).orElse(null);
    if (same != null && !same.sameAddress(node)) {
      unit.operations.answer(
          operation,
          Failures.refused(
              "node " + node.id() + " is a member with another address: " + address(same),
              "REMOVE " + node.id() + " first"));
      return;
    }
    for (Member other : now.members()) {
      if (other.id() != node.id() && clashes(other, node)) {
        unit.operations.answer(
            operation,
            Failures.refused(
                "the address of node "
                    + node.id()
                    + " is that of member "
                    + other.id()
                    + ": "
                    + address(other),
                "give the new node ports of its own"));
        return;
      }
    }
    if (same != null && isEmptied(node.id())) {
      unit.operations.answer(
          operation,
          Failures.refused(
              "node " + node.id() + " is a member with another cluster.db: its disk was emptied",
              "REMOVE " + node.id() + " first, then ADD it again"));
      return;
    }
    if (same != null && same.voter()) {
      unit.operations.answer(operation, new Response.Added(node.id(), true, false));
    } else if (now.size() >= Membership.MAX_MEMBERS) {
      unit.operations.answer(
          operation,
          Failures.refused(
              "the cluster has " + now.size() + " members, the most it may have",
              "REMOVE one first"));
    } else {
      begin(operation, new Joining(unit, formats, operation, node));
    }
  }

  private boolean isEmptied(int id) {
    return unit.links
        .refusal(id)
        .filter(refused -> refused.refusal() == Handshake.Refusal.OTHER_INCARNATION)
        .isPresent();
  }

  private static boolean clashes(Member known, Member added) {
    return known.host().equals(added.host())
        && (known.ralePort() == added.ralePort() || known.dstorePort() == added.dstorePort());
  }

  private static String address(Member member) {
    return member.host() + " ports " + member.ralePort() + " and " + member.dstorePort();
  }

  /** What keeps others from the desk, for people. */
  Optional<Request> inTheWay() {
    return Optional.ofNullable(errand)
        .filter(each -> !each.isOver())
        .map(each -> each.operation().request());
  }

  private void begin(Operation operation, Errand next) {
    unit.nextErrand();
    operation.working();
    errand = next;
    next.advance();
  }

  void advance() {
    if (errand != null) {
      errand.advance();
      if (errand.isOver()) {
        errand = null;
      }
    } else if (unit.leads()) {
      adoptLearner();
    }
  }

  /**
   * A learner without an errand: its leader died midway, or the cluster was just founded. One that
   * is not heard does not keep others from the desk; nor does, for longer than a moment, one that
   * falls silent.
   */
  private void adoptLearner() {
    for (Member member : unit.membership().members()) {
      if (!member.voter()
          && unit.hears(member.id())
          && isClose(member.id())
          && formats.isUnderstoodBy(member)) {
        Operation own =
            unit.operations.open(
                new Asker.Nobody(),
                new Request.Add(
                    member.id(),
                    member.name(),
                    member.host(),
                    member.ralePort(),
                    member.dstorePort()),
                unit.now() + unit.config.raft().electionTicksMax());
        begin(own, new Joining(unit, formats, own, member));
        return;
      }
    }
  }

  private boolean isClose(int id) {
    long commit = unit.raft().status().commitIndex();
    return unit.peer(id).map(PeerStatus::match).orElse(0L) >= commit;
  }

  void accepted(long token, long index) {
    if (errand != null && token == unit.errand()) {
      errand.accepted(index);
    }
  }

  void refused(long token, Refusal refusal) {
    if (errand != null && token == unit.errand() && !errand.isOver()) {
      errand.refused(refusal);
    }
  }

  /** Whether the operation is this desk's, so that it ends it in its own way. */
  boolean expire(Operation operation) {
    if (errand != null && errand.operation() == operation && !errand.isOver()) {
      errand.expire();
      return true;
    }
    return false;
  }

  void leadershipLost() {
    if (errand != null) {
      errand.leadershipLost();
    }
  }
}
