package org.rale.replica;

import org.jspecify.annotations.Nullable;
import org.rale.request.ErrorCode;
import org.rale.request.Request;
import org.rale.request.Response;
import org.rale.request.Response.Failed;

/** What needs neither leader nor log: what this node knows by itself, and what it must refuse. */
final class AtOnce {
  private final Unit unit;
  private final Founding founding;
  private final Reports reports;
  private final ReadDesk reads;
  private final LeaderWatches watches;

  AtOnce(Unit unit, Founding founding, Reports reports, ReadDesk reads, LeaderWatches watches) {
    this.unit = unit;
    this.founding = founding;
    this.reports = reports;
    this.reads = reads;
    this.watches = watches;
  }

  /** The answer, or null where the request has a way to go. */
  @Nullable Response answer(Asker asker, Request request) {
    if (request instanceof Request.Ping) {
      return new Response.Pong();
    }
    if (request instanceof Request.Status) {
      return reports.status();
    }
    if (request instanceof Request.ListNodes) {
      return reports.list();
    }
    if (request instanceof Request.Stop) {
      return Failed.of(
          ErrorCode.FORBIDDEN, "STOP is only taken over the control socket", "use that");
    }
    if (unit.isLeaving()) {
      return Failures.shuttingDown(unit.nodeId());
    }
    if (!unit.identity().inCluster()) {
      return outside(asker, request);
    }
    if (unit.raft().isRemoved()) {
      return Failures.removed(unit.nodeId());
    }
    if (request instanceof Request.WatchLeader watch) {
      return watches.news(watch);
    }
    return request instanceof Request.Get get && get.local() ? reads.value(get.key()) : null;
  }

  /** ADD may found a cluster, and what clients ask waits for the one that is due. */
  private @Nullable Response outside(Asker asker, Request request) {
    boolean local = (request instanceof Request.Get get && get.local()) || Backups.isLocal(request);
    boolean waits = founding.isAwaited() && !local && asker instanceof Asker.Client;
    if (waits && request instanceof Request.WatchLeader watch) {
      return watches.news(watch);
    }
    return waits || request instanceof Request.Add ? null : founding.notFounded();
  }
}
