package org.rale.replica;

import java.util.List;
import java.util.Optional;
import org.rale.raft.Member;
import org.rale.raft.Membership;
import org.rale.wire.Identity;

/**
 * What the edge of the process must know of the cluster, as of now: who this node is, whom to link
 * to, whom to believe. Immutable; published anew at each change.
 *
 * @param candidates nodes that are asked to join and are in no membership yet, with incarnation 0;
 *     and nodes that were removed and still have to hear of it, with theirs
 * @param leaderId -1 where none is known
 */
public record ClusterView(
    Identity self, Membership membership, List<Member> candidates, int leaderId, long term) {
  public ClusterView {
    candidates = List.copyOf(candidates);
  }

  /** Members and candidates but this node itself: the nodes to hold links to. */
  public List<Member> peers() {
    return java.util.stream.Stream.concat(
            membership.members().stream(),
            candidates.stream().filter(node -> !membership.contains(node.id())))
        .filter(node -> node.id() != self.nodeId())
        .toList();
  }

  public Optional<Member> peer(int nodeId) {
    return peers().stream().filter(node -> node.id() == nodeId).findFirst();
  }
}
