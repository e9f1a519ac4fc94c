package org.rale.replica;

import org.jspecify.annotations.Nullable;
import org.rale.dstore.StoreCodec;
import org.rale.raft.Member;
import org.rale.request.ErrorCode;
import org.rale.request.Request;
import org.rale.request.Response.Failed;
import org.rale.wire.HandshakeCodec;

/**
 * Whether the others understand what was asked, while the nodes of a cluster are updated one by
 * one.
 *
 * <p>A node that does not understand an entry can't go past it. So a leader takes the first command
 * of a new format only when each member has shown that it knows it, by the version that its last
 * link spoke. From then on the format is a part of the table ({@code DStore.format}), and who does
 * not know it can't follow anyway: nothing is asked any more, whoever is linked.
 */
final class Formats {
  private final Unit unit;

  /** The term in which this leader proposed a command of the new format, 0: none. */
  private long proposedIn;

  Formats(Unit unit) {
    this.unit = unit;
  }

  /** The leader proposes this request. */
  void proposes(Request request) {
    if (isOfFormat2(request)) {
      proposedIn = unit.raft().term();
    }
  }

  /**
   * Whether the node can follow what is in the log. One that can't would take entries, since it
   * does not know yet that they are committed, and stop at the first one that it is to apply.
   */
  boolean isUnderstoodBy(Member member) {
    boolean isNeeded =
        unit.store().format() >= StoreCodec.FORMAT || proposedIn == unit.raft().term();
    return !isNeeded || unit.links.version(member) >= HandshakeCodec.FORMAT_2_SINCE;
  }

  /** Why this leader can't do it; null where it can. */
  @Nullable Failed refusal(Request request) {
    if (!isOfFormat2(request) || unit.store().format() >= StoreCodec.FORMAT) {
      return null;
    }
    for (Member member : unit.membership().members()) {
      int version = unit.links.version(member);
      if (member.id() != unit.nodeId() && version < HandshakeCodec.FORMAT_2_SINCE) {
        return refusal(member.id(), version);
      }
    }
    return null;
  }

  /**
   * Why the request can't be passed on to the leader, to which a link stands; null where it can.
   * That link tells, and no membership: a node that has just entered has none yet.
   */
  @Nullable Failed refusalToForward(Request request, int leader) {
    int version = unit.links.spoken(leader);
    return isOfFormat2(request) && version < HandshakeCodec.FORMAT_2_SINCE
        ? refusal(leader, version)
        : null;
  }

  private static boolean isOfFormat2(Request request) {
    return request instanceof Request.LeaseKeepAlive
        || (request instanceof Request.Change change
            && StoreCodec.formatOf(change.command()) > StoreCodec.FIRST_FORMAT);
  }

  private static Failed refusal(int member, int version) {
    return new Failed(
        ErrorCode.NOT_SUPPORTED,
        "not every member knows transactions and leases",
        version == 0
            ? "node " + member + " was not linked yet since this leader started"
            : "node " + member + " runs an older program",
        version == 0
            ? "start node " + member + ", or REMOVE it; nothing was changed"
            : "update the program on node " + member + "; nothing was changed",
        0);
  }
}
