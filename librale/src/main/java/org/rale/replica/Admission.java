package org.rale.replica;

import java.util.Locale;
import java.util.Optional;
import org.rale.raft.Member;
import org.rale.wire.Handshake;
import org.rale.wire.Handshake.Refusal;
import org.rale.wire.Handshake.Refused;
import org.rale.wire.Identity;

/**
 * Who may talk to this node (S-06). One judge for links in both directions and for datagrams.
 *
 * <p>A node of the same cluster that is in no membership known here is let in: this node's
 * membership may be the older one, and its vote may be needed (dissertation 4.1). What a stranger
 * may do is the rules' business.
 */
public final class Admission {
  private Admission() {}

  /** Judges a node that dialled and believes to talk to {@code hello.target()}. */
  public static Optional<Refused> judge(ClusterView view, Handshake.Hello hello) {
    if (hello.target() != view.self().nodeId()) {
      return refuse(
          view,
          Refusal.WRONG_NODE,
          "this is node %d, not node %d: correct the address given for node %d",
          view.self().nodeId(),
          hello.target(),
          hello.target());
    }
    return judge(view, hello.sender());
  }

  /** Judges whoever it is that a handshake or a datagram names as its sender. */
  public static Optional<Refused> judge(ClusterView view, Identity peer) {
    Identity self = view.self();
    if (peer.nodeId() == self.nodeId()) {
      return refuse(
          view,
          Refusal.SAME_ID,
          "both nodes have node_id %d: give one of them another id",
          self.nodeId());
    }
    if (self.inCluster() && peer.inCluster() && self.clusterId() != peer.clusterId()) {
      return refuse(
          view,
          Refusal.OTHER_CLUSTER,
          "node %d is in cluster %016x and node %d in cluster %016x: REMOVE it there and empty its"
              + " data directory before it can join here",
          peer.nodeId(),
          peer.clusterId(),
          self.nodeId(),
          self.clusterId());
    }
    Optional<Member> known =
        view.membership().member(peer.nodeId()).or(() -> departing(view, peer.nodeId()));
    if (known.isPresent() && known.get().incarnation() != peer.incarnation()) {
      return refuse(
          view,
          Refusal.OTHER_INCARNATION,
          "node %d is known with another cluster.db, and may have forgotten a vote: REMOVE %d and"
              + " ADD it again, or put its own data directory back",
          peer.nodeId(),
          peer.nodeId());
    }
    return Optional.empty();
  }

  /** A node that was removed and is told so: an empty disk under its id is not to be told. */
  private static Optional<Member> departing(ClusterView view, int nodeId) {
    return view.candidates().stream()
        .filter(node -> node.id() == nodeId && node.incarnation() != 0)
        .findFirst();
  }

  private static Optional<Refused> refuse(
      ClusterView view, Refusal refusal, String reason, Object... arguments) {
    return Optional.of(
        new Refused(view.self(), refusal, String.format(Locale.ROOT, reason, arguments)));
  }
}
