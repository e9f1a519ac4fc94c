package org.rale.sim;

import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import org.rale.bytes.Bytes;
import org.rale.dstore.Origin;
import org.rale.dstore.StoreCommand;
import org.rale.raft.Member;
import org.rale.raft.Membership;
import org.rale.raft.RaftStatus;
import org.rale.request.Request;
import org.rale.request.Response;

/** What must come about when the faults are over: writes at every member, and one state. */
final class Recovery {
  private final World world;
  private final Operator operator;
  private final Set<Integer> wrote = new HashSet<>();

  /**
   * Those whose last attempt is open: more at once would only make a slow disk's backlog longer.
   */
  private final Set<Life> asked = new HashSet<>();

  private int attempts;

  Recovery(World world, Operator operator) {
    this.world = world;
    this.operator = operator;
  }

  /** Tries a write at each member that has not done one yet. */
  void tryWrites() {
    for (Member member : world.judges.applied.membership().members()) {
      Life life = world.machine(member.id()).life();
      if (life != null && !wrote.contains(member.id()) && asked.add(life)) {
        Bytes key = Bytes.utf8("recovery" + member.id());
        Bytes value = Bytes.utf8("attempt" + ++attempts);
        life.submit(
            new Request.Change(new StoreCommand.Put(Origin.NONE, key, value)),
            1_000,
            response -> {
              asked.remove(life);
              boolean full =
                  response instanceof Response.Failed failed
                      && failed.code() == org.rale.request.ErrorCode.STORE_FULL;
              if (response instanceof Response.Stored || full) {
                wrote.add(member.id());
              }
            });
      }
    }
  }

  /** What has not come about, in words; null when all has. */
  @Nullable String missing() {
    Membership members = world.judges.applied.membership();
    if (members.isEmpty()) {
      return "a cluster";
    }
    Set<List<Long>> states = new HashSet<>();
    TreeSet<Integer> silent = new TreeSet<>();
    for (Member member : members.members()) {
      Life life = world.machine(member.id()).life();
      if (life == null || operator.lostItsDisk(member)) {
        return "the removal of node " + member.id() + ", which lost its disk";
      }
      RaftStatus status = life.replica().raftStatus();
      states.add(List.of(status.appliedIndex(), life.replica().stateHash()));
      if (!wrote.contains(member.id())) {
        silent.add(member.id());
      }
    }
    if (!silent.isEmpty()) {
      return "a write at nodes " + silent;
    }
    if (world.leader() == null) {
      return "a leader";
    }
    return states.size() == 1 ? null : "one state at all members, there are " + states;
  }

  /** What the membership lacks of the one that was asked for; null when it is in force. */
  @Nullable String missingMembers() {
    List<Integer> wanted = operator.wanted();
    Membership members = world.judges.applied.membership();
    if (wanted == null || !wanted.equals(members.voters())) {
      return "the membership " + wanted + ", it is " + members;
    }
    for (int id : wanted) {
      Life life = world.machine(id).life();
      if (life == null || !life.status().membership().equals(members)) {
        return "the knowledge of " + members + " at node " + id;
      }
    }
    return null;
  }
}
