package org.rale.replica;

import java.util.Locale;
import java.util.Optional;
import org.rale.raft.Member;
import org.rale.raft.Membership;
import org.rale.raft.Message;
import org.rale.wire.Handshake;
import org.rale.wire.Handshake.Refusal;
import org.rale.wire.Handshake.Refused;
import org.rale.wire.Identity;
import org.rale.wire.PeerMessage;

/**
 * Who may talk to this node (S-06). One judge for links in both directions and for datagrams.
 *
 * <p>A node of the same cluster that is in no membership known here is let in: this node's
 * membership may be the older one, and its vote may be needed (dissertation 4.1). What a stranger
 * may do is the rules' business. Another disk under a known id is refused: links and answers go by
 * the node id, so there is one disk of each, which the newest membership names ({@link
 * MembershipNews}).
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
          "node %d is known with another cluster.db, and may have forgotten a vote: start it with"
              + " raled --rejoin, or REMOVE %d and ADD it again, or put its own data directory"
              + " back",
          peer.nodeId(),
          peer.nodeId());
    }
    return Optional.empty();
  }

  /** The node is linked by another process, which lives: the one that dialled is one too many. */
  public static Refused twin(ClusterView view, Identity peer) {
    return new Refused(
        view.self(),
        Refusal.SAME_ID,
        String.format(
            Locale.ROOT,
            "another process runs as node %d with the same cluster.db: its data directory was"
                + " copied, or is used twice. Stop one of the two, and REMOVE %d and ADD it again"
                + " if both have run",
            peer.nodeId(),
            peer.nodeId()));
  }

  /**
   * Whether the message counts, of a node that was let in. What the disk that the membership names
   * has promised, another one under the same id has forgotten: it answers for nobody (S-06). What
   * it asks for as the leader of its term, or to become it, is judged by the rules.
   */
  public static boolean takes(Membership membership, Identity sender, PeerMessage message) {
    return !isAnswer(message)
        || membership
            .member(sender.nodeId())
            .map(known -> known.incarnation() == sender.incarnation())
            .orElse(true);
  }

  /** Whether a candidate or a leader counts it for a majority. */
  private static boolean isAnswer(PeerMessage message) {
    return message instanceof PeerMessage.Raft raft
        && (raft.message() instanceof Message.PreVoteResponse
            || raft.message() instanceof Message.VoteResponse
            || raft.message() instanceof Message.AppendResponse
            || raft.message() instanceof Message.HeartbeatResponse
            || raft.message() instanceof Message.SnapshotResponse);
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
