package org.rale.raled.hooks;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import org.rale.raft.Member;
import org.rale.raft.Membership;
import org.rale.replica.ClusterView;

/**
 * What a hook is told: where the node stands, as it knows it.
 *
 * @param leaderId -1 where none is known
 */
record Standing(Role role, long term, int nodeId, int leaderId, Membership membership) {

  /** The node's, for scripts. */
  enum Role {
    LEADER,
    /** Has a vote. Also while it stands for election, which is told as: no leader. */
    FOLLOWER,
    /** Gets the data, and has no vote yet. */
    LEARNER,
    /** In no cluster, or no longer. */
    NONE,
    /** raled is about to end. */
    STOPPED
  }

  static Standing of(ClusterView view) {
    int self = view.self().nodeId();
    Role role = Role.FOLLOWER;
    if (!view.self().inCluster() || !view.membership().contains(self)) {
      role = Role.NONE;
    } else if (view.leaderId() == self) {
      role = Role.LEADER;
    } else if (!view.membership().isVoter(self)) {
      role = Role.LEARNER;
    }
    return new Standing(role, view.term(), self, view.leaderId(), view.membership());
  }

  /** The same node when it is about to end: it leads nobody, and follows nobody. */
  Standing stopped() {
    return new Standing(Role.STOPPED, term, nodeId, -1, membership);
  }

  /**
   * Whether nothing is news of which {@code on_role_change} tells: a term counts with its leader.
   */
  boolean hasRoleOf(Standing other) {
    return role == other.role && leaderId == other.leaderId && (leaderId < 0 || term == other.term);
  }

  boolean hasMembersOf(Standing other) {
    return membership.equals(other.membership);
  }

  /** As variables of the environment. */
  Map<String, String> variables() {
    Map<String, String> variables = new LinkedHashMap<>();
    variables.put("RALE_ROLE", word());
    variables.put("RALE_TERM", Long.toString(term));
    variables.put("RALE_LEADER_ID", Integer.toString(leaderId));
    variables.put("RALE_LEADER_NAME", membership.member(leaderId).map(Member::name).orElse(""));
    variables.put("RALE_LEADER_IP", membership.member(leaderId).map(Member::host).orElse(""));
    variables.put(
        "RALE_MEMBERS", words(membership.members().stream().map(Standing::full).toList()));
    variables.put("RALE_VOTERS", words(ids(/* voters= */ true)));
    variables.put("RALE_LEARNERS", words(ids(/* voters= */ false)));
    return variables;
  }

  /** The role in a word. */
  String word() {
    return role.name().toLowerCase(Locale.ROOT);
  }

  private List<String> ids(boolean voters) {
    return membership.members().stream()
        .filter(member -> member.voter() == voters)
        .map(member -> Integer.toString(member.id()))
        .toList();
  }

  /** As in cluster_members. */
  private static String full(Member member) {
    String host = member.host().contains(":") ? "[" + member.host() + "]" : member.host();
    return "%d:%s:%s:%d:%d"
        .formatted(member.id(), member.name(), host, member.ralePort(), member.dstorePort());
  }

  private static String words(List<String> words) {
    return words.stream().collect(Collectors.joining(" "));
  }
}
