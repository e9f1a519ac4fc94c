package org.rale.replica;

import java.util.Optional;
import org.rale.dstore.StoreCommand;
import org.rale.dstore.StoreLimits;
import org.rale.request.ErrorCode;
import org.rale.request.Request;
import org.rale.request.Response.Failed;

/** The sentences of failure, in one place so that they sound alike. */
final class Failures {
  private static final String READ_ANEW =
      "read the keys anew with KEYS and GET, then WATCH from the revision that KEYS tells";

  private Failures() {}

  /** In text this is {@code ERROR: outcome unknown: ...}. */
  static Failed unknownOutcome(Request request, String why) {
    return Failed.of(
        ErrorCode.UNKNOWN_OUTCOME,
        "outcome unknown: " + what(request) + " may have happened: " + why,
        check(request));
  }

  static Failed removed(int nodeId) {
    return Failed.of(
        ErrorCode.NOT_MEMBER,
        "node " + nodeId + " was removed from its cluster",
        "ask another node, or ADD this one again");
  }

  static Failed inNoCluster(int nodeId) {
    return Failed.of(
        ErrorCode.NOT_MEMBER,
        "node " + nodeId + " is in no cluster",
        "if it belongs to a cluster, start it with raled --rejoin, or give a member of the cluster"
            + " ADD of this node; only the first node of a new cluster is given its own ADD");
  }

  /** Of a node that cluster_members names. */
  static Failed notFounded(int nodeId, String detail, String hint) {
    return new Failed(
        ErrorCode.NOT_MEMBER, "node " + nodeId + " is in no cluster yet", detail, hint, 0);
  }

  static Failed shuttingDown(int nodeId) {
    return Failed.of(
        ErrorCode.SHUTTING_DOWN, "node " + nodeId + " is shutting down", "ask another node");
  }

  static Failed overloaded(String what) {
    return Failed.of(ErrorCode.OVERLOADED, what, "send fewer requests at once and try again");
  }

  /**
   * @param what the thing that finds no room
   */
  static Failed storeFull(String what, long wanted, long used, long underWay, long max) {
    return new Failed(
        ErrorCode.STORE_FULL,
        "the store is full",
        used
            + " of "
            + max
            + " bytes (max_size) are used, "
            + (underWay == 0 ? "" : "up to " + underWay + " more by writes under way, ")
            + "and "
            + what
            + " needs "
            + wanted
            + " more",
        "DELETE keys, or raise max_size on every node",
        0);
  }

  /**
   * @param floor what was up to this revision is not remembered any more
   */
  static Failed revisionTooOld(long from, long floor) {
    return new Failed(
        ErrorCode.REVISION_TOO_OLD,
        "revision " + from + " is too old: what changed after it is not remembered",
        "this node remembers what changed after revision " + floor,
        READ_ANEW,
        floor);
  }

  /** The cluster was set back, or it is another one than the client believes. */
  static Failed revisionAhead(Request request, long revision, long applied) {
    return new Failed(
        ErrorCode.REVISION_TOO_OLD,
        "revision " + revision + " is not of this cluster's present",
        "the cluster is at revision " + applied + ": it was set back, or it is another one",
        request instanceof Request.Wait
            ? "GET the key, and WAIT from the revision that it has"
            : READ_ANEW,
        applied);
  }

  /** WAIT ends without what was waited for. */
  static Failed noChange(Request.Wait wait) {
    return Failed.of(
        ErrorCode.TIMEOUT,
        wait.revision() == 0
            ? "there is no key " + wait.key().toText() + " yet"
            : "key " + wait.key().toText() + " has not changed since revision " + wait.revision(),
        "WAIT again, or give it more time");
  }

  static Failed leaseNotFound(long lease) {
    return Failed.of(
        ErrorCode.LEASE_NOT_FOUND,
        "lease not found: " + lease,
        "it has ended, and its keys with it; LEASE GRANT makes another one");
  }

  /**
   * @param lease that has too many keys; 0: there are too many leases
   */
  static Failed leaseLimit(long lease) {
    return lease == 0
        ? Failed.of(
            ErrorCode.LEASE_LIMIT,
            "there are " + StoreLimits.MAX_LEASES + " leases, no more are granted",
            "LEASE REVOKE those that nobody needs, or hang several keys on one lease")
        : Failed.of(
            ErrorCode.LEASE_LIMIT,
            "lease " + lease + " has as many keys as one may have, " + StoreLimits.MAX_LEASE_KEYS,
            "use another lease for further keys");
  }

  /** For the node that passed it on, which tries again when it knows more of the one before it. */
  static Failed outOfTurn() {
    return Failed.of(
        ErrorCode.NO_LEADER,
        "the change before it on its connection was not taken",
        "try again in a moment");
  }

  static Failed notLeader(int nodeId) {
    return Failed.of(
        ErrorCode.NO_LEADER, "node " + nodeId + " does not lead", "try again in a moment");
  }

  /** It hears the leader by datagrams alone. */
  static Failed noLink(int nodeId, int leader, Optional<String> why) {
    return new Failed(
        ErrorCode.TIMEOUT,
        "node " + nodeId + " has no link to the leader, node " + leader,
        why.orElse(null),
        "ask another node; nothing was changed",
        0);
  }

  /** Says who would have to be online, where that is why. */
  static Failed noLeader(Unit unit) {
    Optional<String> missing = Quorum.missing(unit);
    return new Failed(
        ErrorCode.NO_LEADER,
        "no leader",
        missing.orElseGet(
            () ->
                "enough voters are linked"
                    + Quorum.silent(unit).orElse(", and none of them was elected in time")),
        missing.isPresent()
            ? "start the others, or check the network between them"
            : "try again in a moment",
        0);
  }

  /** Its own disk is what keeps it from electing or following anybody. */
  static Failed diskFull(int nodeId) {
    return new Failed(
        ErrorCode.NO_LEADER,
        "no leader",
        "the disk of node " + nodeId + " is full: it acknowledges nothing and votes for nobody",
        "free some space, it goes on by itself then; or ask another node",
        0);
  }

  /** One change of members is made at a time. */
  static Failed deskTaken(Request by) {
    return new Failed(
        ErrorCode.TIMEOUT,
        "time ran out",
        what(by) + " is still under way, and members are changed one at a time",
        by instanceof Request.Add add
            ? "wait, or end it with REMOVE " + add.id() + "; nothing was changed"
            : "try again; nothing was changed",
        0);
  }

  /** Nothing was done. */
  static Failed timeRanOut(Optional<String> missing) {
    return new Failed(
        ErrorCode.TIMEOUT,
        "time ran out",
        missing.orElse(null),
        "try again; nothing was changed",
        0);
  }

  /** It was proposed. */
  static Failed notConfirmed(Optional<String> missing) {
    return Failed.of(
        ErrorCode.TIMEOUT,
        "no majority confirmed it in time" + missing.map(who -> ": " + who).orElse(""));
  }

  /** It has lost its place among those of its connection, see {@link Pipeline}. */
  static Failed displaced(Request request) {
    return request.isRead()
        ? new Failed(
            ErrorCode.NO_LEADER,
            "this node lost sight of a change, and can't say what the key was before it",
            "the change was sent behind this read on the same connection, and may be made already",
            "read the key again",
            0)
        : new Failed(
            ErrorCode.NO_LEADER,
            "a change that was sent behind this one on the same connection may be made already",
            "the leader turned this one away, and not that one; this one was not made",
            "see whether it is still wanted, and send it again then",
            0);
  }

  static Failed refused(String message, String hint) {
    return Failed.of(ErrorCode.MEMBERSHIP_REFUSED, message, hint);
  }

  private static String what(Request request) {
    if (request instanceof Request.Change change) {
      return what(change.command());
    }
    if (request instanceof Request.Add add) {
      return "ADD of node " + add.id();
    }
    if (request instanceof Request.Remove remove) {
      return "REMOVE of node " + remove.id();
    }
    return "the hand-over";
  }

  private static String what(StoreCommand command) {
    if (command instanceof StoreCommand.OfKey ofKey) {
      String verb =
          command instanceof StoreCommand.Put
              ? "PUT"
              : command instanceof StoreCommand.Delete ? "DELETE" : "CAS";
      return verb + " of " + ofKey.key().toText();
    }
    if (command instanceof StoreCommand.Txn) {
      return "the transaction";
    }
    return command instanceof StoreCommand.LeaseRevoke revoke
        ? "LEASE REVOKE of " + revoke.lease()
        : "LEASE GRANT";
  }

  private static String check(Request request) {
    if (request instanceof Request.Change change
        && !(change.command() instanceof StoreCommand.OfKey)) {
      return change.command() instanceof StoreCommand.Txn
          ? "read the keys before you write again"
          : "look at LEASE LIST before you try again";
    }
    return request instanceof Request.Change
        ? "read the key before you write again"
        : "look at LIST before you try again";
  }
}
