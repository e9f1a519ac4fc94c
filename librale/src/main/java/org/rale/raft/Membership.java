package org.rale.raft;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/**
 * Who belongs to the cluster, in the order of ids.
 *
 * <p>Two memberships that follow each other differ in at most one voter, so any majority of the one
 * meets any majority of the other (dissertation, section 4.1).
 */
public record Membership(List<Member> members) {
  /** The most members a cluster may have. */
  public static final int MAX_MEMBERS = 64;

  /** The membership of a node that is in no cluster. */
  public static final Membership NONE = new Membership(List.of());

  public Membership {
    members = members.stream().sorted(Comparator.comparingInt(Member::id)).toList();
    for (int i = 1; i < members.size(); i++) {
      if (members.get(i - 1).id() == members.get(i).id()) {
        throw new IllegalArgumentException("member " + members.get(i).id() + " stands twice");
      }
    }
    if (members.size() > MAX_MEMBERS) {
      throw new IllegalArgumentException(members.size() + " members, at most " + MAX_MEMBERS);
    }
  }

  public boolean isEmpty() {
    return members.isEmpty();
  }

  public int size() {
    return members.size();
  }

  public Optional<Member> member(int id) {
    return members.stream().filter(member -> member.id() == id).findFirst();
  }

  public boolean contains(int id) {
    return member(id).isPresent();
  }

  public boolean isVoter(int id) {
    return member(id).map(Member::voter).orElse(false);
  }

  /**
   * Whether the node is a voter with this disk.
   *
   * @param incarnation {@link Raft#ANY_INCARNATION}: with any
   */
  boolean isVoter(int id, long incarnation) {
    return member(id)
        .filter(Member::voter)
        .filter(
            member -> incarnation == Raft.ANY_INCARNATION || member.incarnation() == incarnation)
        .isPresent();
  }

  public List<Integer> voters() {
    return members.stream().filter(Member::voter).map(Member::id).toList();
  }

  /** How many voters make a majority. */
  public int quorum() {
    return voters().size() / 2 + 1;
  }

  /** This membership with the member added, or put in the place of the one with its id. */
  public Membership with(Member member) {
    List<Member> next = new ArrayList<>(without(member.id()).members);
    next.add(member);
    return new Membership(next);
  }

  public Membership without(int id) {
    return new Membership(members.stream().filter(member -> member.id() != id).toList());
  }
}
