package org.rale.sim;

import java.util.stream.Stream;
import org.rale.raft.Entry;
import org.rale.raft.Membership;
import org.rale.raft.RaftStatus;
import org.rale.raft.Role;

/**
 * What a leader calls committed is on the disks of a majority of the voters (S-02), and of its own
 * term (S-08). A disk that has forgotten since is believed to have held it: how it got lost is
 * judged elsewhere.
 */
final class CommittedByMajority {
  private final World world;

  CommittedByMajority(World world) {
    this.world = world;
  }

  void look(Life life, RaftStatus before, RaftStatus status) {
    long commit = status.commitIndex();
    if (status.role() != Role.LEADER || commit <= before.commitIndex()) {
      return;
    }
    Entry entry = life.shadow().at(commit);
    boolean leads = before.role() == Role.LEADER && before.term() == status.term();
    if (entry == null || !leads) {
      return;
    }
    if (entry.term() != status.term()) {
      throw new SimFailure(
          "node "
              + life.id()
              + " leads term "
              + status.term()
              + " and commits by counting "
              + entry);
    }
    // Within a turn the membership may change between the count and now.
    boolean held =
        Stream.of(before.membership(), status.membership()).anyMatch(one -> isHeld(one, entry));
    if (!held) {
      throw new SimFailure(
          "node "
              + life.id()
              + " commits "
              + entry
              + ", which no majority of "
              + status.membership().voters()
              + " has on disk");
    }
  }

  private boolean isHeld(Membership members, Entry entry) {
    long holders =
        members.voters().stream().map(world::machine).filter(each -> holds(each, entry)).count();
    return holders >= members.quorum();
  }

  private static boolean holds(Machine machine, Entry entry) {
    Shadow shadow = machine.shadow();
    return machine.hasForgotten() || (shadow != null && shadow.holds(entry));
  }
}
