package org.rale.replica;

import java.util.Comparator;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.rale.raft.Membership;
import org.rale.wire.Identity;
import org.rale.wire.PeerMessage.Members;

/**
 * Memberships that others know to be committed, and that this node's log does not reach yet.
 *
 * <p>A member that was away while a node was removed, emptied and added again knows its former disk
 * only, and refuses the one that may lead now (S-06). No majority of such a leader and this member
 * is without a third one that has the new disk in its log: that one tells. What is heard decides
 * whom to link to and whom to let in, at which address and with which disk. The rules go by the log
 * alone.
 *
 * <p>Votes stay safe, although they name a node and not its disk. A node is added after its removal
 * is committed, so a term that its new disk asks for is later than any that the old one can win.
 */
final class MembershipNews {
  private final Unit unit;

  /** By who told it. It is forgotten with the last link to that node, which tells it again. */
  private final Map<Integer, Members> heard = new HashMap<>();

  /** What all who were linked were told last; who is linked later is told then. */
  private Membership told;

  MembershipNews(Unit unit) {
    this.unit = unit;
    this.told = settled().membership();
  }

  void hear(int from, Members news) {
    if (!unit.links.isUp(from)) {
      // It came over a link that is gone by now, and would be forgotten with none.
      return;
    }
    Members before = heard.get(from);
    if (before == null || news.index() > before.index()) {
      heard.put(from, news);
      unit.viewChanged();
    }
  }

  /** No link to the node is left. */
  void forget(int from) {
    if (heard.remove(from) != null) {
      unit.viewChanged();
    }
  }

  /**
   * The newest membership, where it names this disk. A node that was removed still calls those it
   * knew, so that it is told, and lets in who may take it back: each as the newest one names it.
   */
  Membership newest() {
    Membership own = unit.membership();
    Optional<Members> news =
        heard.values().stream().filter(this::isAhead).max(Comparator.comparingLong(Members::index));
    if (news.isEmpty()) {
      return own;
    }
    Membership newer = news.get().membership();
    return names(newer, unit.identity()) ? newer : renewed(own, newer);
  }

  private Membership renewed(Membership known, Membership newer) {
    return new Membership(
        known.members().stream()
            .map(
                member ->
                    member.id() == unit.nodeId()
                        ? member
                        : newer.member(member.id()).orElse(member))
            .toList());
  }

  /**
   * Whether this node's log lacks the entry at which the news is in force. It is committed, so a
   * log that has another one there ends in entries that will be cut.
   */
  private boolean isAhead(Members news) {
    return news.index() > unit.raft().appliedIndex()
        && unit.raft().termAt(news.index()) != news.term();
  }

  private static boolean names(Membership membership, Identity self) {
    return membership
        .member(self.nodeId())
        .filter(member -> member.incarnation() == self.incarnation())
        .isPresent();
  }

  /** The peer is linked. */
  void tell(Identity peer) {
    if (peer.inCluster() && unit.identity().inCluster()) {
      unit.out.send(peer.nodeId(), settled());
    }
  }

  /** Another membership may be known to be committed by now. */
  void tellAll() {
    Members news = settled();
    if (news.membership().equals(told)) {
      return;
    }
    told = news.membership();
    unit.links.all().stream()
        .filter(Identity::inCluster)
        .forEach(peer -> unit.out.send(peer.nodeId(), news));
  }

  private Members settled() {
    long index = unit.raft().settledIndex();
    return new Members(index, unit.raft().termAt(index), unit.raft().membershipAt(index));
  }
}
