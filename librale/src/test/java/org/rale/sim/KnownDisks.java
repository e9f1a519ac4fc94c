package org.rale.sim;

import java.util.stream.Stream;
import org.rale.raft.Member;
import org.rale.raft.Membership;
import org.rale.raft.RaftStatus;
import org.rale.raft.Role;
import org.rale.wire.Identity;

/**
 * Nobody makes a link with another disk under the id of a member, and nobody asks for power whose
 * disk no membership of its log names a voter: on an emptied disk the log begins anew, and tells of
 * the time when the disk before was one (S-06).
 */
final class KnownDisks {
  /** The node has a link with the other one. */
  void linked(Life life, Identity peer) {
    Membership members = life.clusterView().membership();
    boolean other =
        members
            .member(peer.nodeId())
            .filter(known -> known.incarnation() != peer.incarnation())
            .isPresent();
    if (other) {
      throw new SimFailure(
          "node " + life.id() + " has a link with " + peer + ", and its members are " + members);
    }
  }

  void look(Life life, RaftStatus status) {
    if (status.role() == Role.FOLLOWER) {
      return;
    }
    long incarnation = life.replica().identity().incarnation();
    boolean named =
        Stream.concat(Stream.of(status.membership()), life.shadow().memberships())
            .flatMap(members -> members.member(life.id()).stream())
            .filter(Member::voter)
            .anyMatch(member -> member.incarnation() == incarnation);
    if (!named) {
      throw new SimFailure(
          "node "
              + life.id()
              + " is "
              + status.role()
              + " with disk "
              + incarnation
              + ", which is no voter in "
              + status.membership());
    }
  }
}
