package org.rale.sim;

import java.util.List;
import org.rale.raft.Entry;
import org.rale.raft.Membership;
import org.rale.raft.Payload;
import org.rale.raft.RaftStatus;
import org.rale.raft.Role;

/**
 * One change of the voters at a time, in every log (S-09); and a leader begins one only when the
 * one before it is committed, and an entry of its own term as well (S-08). In force is the last one
 * of the log.
 */
final class MembershipSteps {
  void look(Life life, RaftStatus status, List<Entry> fresh) {
    requireInForce(life, status);
    for (Entry entry : fresh) {
      if (entry.payload() instanceof Payload.Members next && entry.index() > 1) {
        Entry before = life.shadow().membershipBefore(entry.index());
        if (before != null) {
          requireOneStep(life, before, entry, next.membership());
          requireOneAtATime(life, status, before, entry);
        }
      }
    }
  }

  private static void requireInForce(Life life, RaftStatus status) {
    Entry last = life.shadow().membershipBefore(Long.MAX_VALUE);
    if (last != null && !new Payload.Members(status.membership()).equals(last.payload())) {
      throw new SimFailure(
          "in force at node "
              + life.id()
              + " is "
              + status.membership()
              + ", and the last one of its log is "
              + last);
    }
  }

  private static void requireOneStep(Life life, Entry before, Entry entry, Membership next) {
    Membership last = ((Payload.Members) before.payload()).membership();
    long gone = last.voters().stream().filter(id -> !next.isVoter(id)).count();
    long come = next.voters().stream().filter(id -> !last.isVoter(id)).count();
    if (gone + come > 1) {
      throw new SimFailure(
          "node " + life.id() + " has " + entry + " behind " + before + ": more than one step");
    }
  }

  private static void requireOneAtATime(Life life, RaftStatus status, Entry before, Entry entry) {
    if (status.role() != Role.LEADER || entry.term() != status.term()) {
      return;
    }
    Entry committed = life.shadow().at(status.commitIndex());
    boolean ownTerm = committed == null || committed.term() == status.term();
    if (before.index() > status.commitIndex() || !ownTerm) {
      throw new SimFailure(
          "node "
              + life.id()
              + " leads term "
              + status.term()
              + ", has committed up to "
              + status.commitIndex()
              + ", and begins "
              + entry
              + " while "
              + (ownTerm ? before + " is open" : "nothing of its term is committed"));
    }
  }
}
