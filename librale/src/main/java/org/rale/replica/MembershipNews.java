package org.rale.replica;

import org.jspecify.annotations.Nullable;
import org.rale.raft.Membership;
import org.rale.raft.RaftStatus;
import org.rale.wire.Identity;
import org.rale.wire.PeerMessage;
import org.rale.wire.PeerMessage.Members;

/**
 * Memberships that others have applied and this node's log does not reach yet.
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
  private @Nullable Members heard;

  MembershipNews(Unit unit) {
    this.unit = unit;
  }

  void hear(Members news) {
    Members before = heard;
    if (before == null || isLater(news, before.term(), before.index())) {
      heard = news;
      unit.viewChanged();
    }
  }

  /**
   * The newest membership, where it names this disk. A node that was removed still calls those it
   * knew, so that it is told, and lets in who may take it back: each as the newest one names it.
   */
  Membership newest() {
    RaftStatus raft = unit.raft().status();
    Members news = heard;
    if (news == null || !isLater(news, raft.lastTerm(), raft.lastIndex())) {
      return raft.membership();
    }
    return names(news.membership(), unit.identity())
        ? news.membership()
        : renewed(raft.membership(), news.membership());
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
   * Whether it is of a later time than the end of a log. If not, the log has it: the leader of the
   * log's last term had all that was committed before (leader completeness, figure 3).
   */
  private static boolean isLater(Members news, long term, long index) {
    return news.term() > term || (news.term() == term && news.index() > index);
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
      unit.out.send(peer.nodeId(), applied());
    }
  }

  /** A change of the membership is applied. */
  void tellAll() {
    PeerMessage news = applied();
    unit.links.all().stream()
        .filter(Identity::inCluster)
        .forEach(peer -> unit.out.send(peer.nodeId(), news));
  }

  private Members applied() {
    long index = unit.raft().appliedIndex();
    return new Members(index, unit.raft().termAt(index), unit.raft().membershipAt(index));
  }
}
