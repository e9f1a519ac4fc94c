package org.rale.sim;

import org.rale.raft.Entry;
import org.rale.raft.PeerStatus;
import org.rale.raft.RaftStatus;
import org.rale.raft.Role;

/** A leader believes no more of a follower than is on that one's disk (S-02, S-07). */
final class TrueMatches {
  private final World world;

  TrueMatches(World world) {
    this.world = world;
  }

  void look(Life life, RaftStatus status) {
    if (status.role() != Role.LEADER) {
      return;
    }
    for (PeerStatus peer : status.peers()) {
      Machine machine = world.machine(peer.id());
      Life other = machine.life();
      // In another term it may have cut what it held in this one.
      if (other == null || machine.hasForgotten() || other.status().term() != status.term()) {
        continue;
      }
      requireEqual(life, other, peer);
      long held = Math.max(other.shadow().durable(), other.shadow().snapshotIndex());
      if (peer.match() > held) {
        throw new SimFailure(
            "node "
                + life.id()
                + " leads term "
                + status.term()
                + " and believes that node "
                + peer.id()
                + " holds entries up to "
                + peer.match()
                + ", it holds them up to "
                + held);
      }
    }
  }

  private static void requireEqual(Life life, Life other, PeerStatus peer) {
    Entry mine = life.shadow().at(peer.match());
    Entry theirs = other.shadow().at(peer.match());
    if (mine != null && theirs != null && mine.term() != theirs.term()) {
      throw new SimFailure(
          "node "
              + life.id()
              + " believes that node "
              + peer.id()
              + " holds its "
              + mine
              + ", which has "
              + theirs);
    }
  }
}
