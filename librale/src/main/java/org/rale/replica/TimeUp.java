package org.rale.replica;

import org.rale.request.Request;
import org.rale.request.Response;

/** What a request is told whose time has run out: why, as far as this node knows. */
final class TimeUp {
  private final Unit unit;
  private final Founding founding;
  private final MembershipDesk desk;
  private final LeaderWatches watches;
  private final KeyWatches keyWatches;

  TimeUp(
      Unit unit,
      Founding founding,
      MembershipDesk desk,
      LeaderWatches watches,
      KeyWatches keyWatches) {
    this.unit = unit;
    this.founding = founding;
    this.desk = desk;
    this.watches = watches;
    this.keyWatches = keyWatches;
  }

  Response response(Operation operation) {
    if (operation.request() instanceof Request.WatchLeader) {
      return watches.knowledge();
    }
    if (operation.phase() == Operation.Phase.WATCHING) {
      return keyWatches.timedOut(operation);
    }
    if (operation.mayHaveHappened()) {
      return Failures.notConfirmed(Quorum.missing(unit));
    }
    if (!unit.identity().inCluster()) {
      return founding.notFounded();
    }
    if (unit.raft().leaderId() < 0 && unit.disk.isFull()) {
      return Failures.diskFull(unit.nodeId());
    }
    if (unit.raft().leaderId() < 0) {
      return Failures.noLeader(unit);
    }
    if (!unit.leads() && !unit.links.isUp(unit.raft().leaderId())) {
      return Failures.noLink(
          unit.nodeId(), unit.raft().leaderId(), unit.links.obstacle(unit.raft().leaderId()));
    }
    return desk.inTheWay()
        .filter(way -> MembershipDesk.isOne(operation.request()))
        .map(Failures::deskTaken)
        .orElseGet(() -> Failures.timeRanOut(Quorum.missing(unit)));
  }
}
