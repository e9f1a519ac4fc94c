package org.rale.sim;

import java.util.HashMap;
import java.util.Map;

/**
 * One rising order of revisions over all keys: a change that began when another one had been
 * answered has the higher revision, and no two have the same.
 */
final class RevisionOrder {
  private final Map<Long, Op> byRevision = new HashMap<>();
  private long highestTold;

  /** What a change that begins now must be above. */
  long now() {
    return highestTold;
  }

  /** A change was answered with its revision. */
  void told(Op op, long revision) {
    if (revision <= op.revisionsBefore) {
      throw new SimFailure(
          op + " got revision " + revision + ", and " + op.revisionsBefore + " was told before it");
    }
    Op other = byRevision.putIfAbsent(revision, op);
    if (other != null && other != op) {
      throw new SimFailure(op + " and " + other + " both got revision " + revision);
    }
    highestTold = Math.max(highestTold, revision);
  }
}
