package org.rale.sim;

import org.rale.request.ErrorCode;
import org.rale.request.Request;
import org.rale.request.Response;

/**
 * A read is answered by a node that has applied all that any node had applied when it was asked, be
 * it about that key or not (S-12). Histories alone show a stale read only where its key was written
 * at just the wrong time.
 */
final class FreshReads {
  void answered(Life life, Request request, long appliedBefore, Response response) {
    // Whether a lease lasts the leader says, whoever is asked.
    boolean reads =
        request.isRead()
            && !(request instanceof Request.LeaseKeepAlive)
            && !(request instanceof Request.WatchLeader)
            && !(request instanceof Request.Watch watch && watch.from() >= 0);
    boolean local = request instanceof Request.Get get && get.local();
    boolean told =
        !(response instanceof Response.Failed failed) || failed.code() == ErrorCode.KEY_NOT_FOUND;
    long applied = life.replica().raftStatus().appliedIndex();
    if (reads && !local && told && applied < appliedBefore) {
      throw new SimFailure(
          "node "
              + life.id()
              + " answers "
              + request
              + " from a table at index "
              + applied
              + ", and "
              + appliedBefore
              + " had been applied when it was asked");
    }
  }
}
