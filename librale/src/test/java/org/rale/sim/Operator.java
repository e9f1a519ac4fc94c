package org.rale.sim;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.rale.raft.Member;
import org.rale.raft.Membership;
import org.rale.request.Request;
import org.rale.request.Response;

/** Who founds the cluster, takes nodes in and out, hands leadership over, and replaces disks. */
final class Operator {
  /** After so long no request about a node is under way any more, whatever its answer was. */
  private static final long QUIET_MICROS = 9_000_000;

  private final World world;
  private final Dice dice;

  /** Disks get lost in this run; then no member is removed but those that lost theirs. */
  private final boolean losesDisks;

  private final Map<Integer, Long> addedAt = new HashMap<>();
  private boolean founded;
  private boolean ending;

  Operator(World world) {
    this.world = world;
    this.dice = world.dice.split();
    this.losesDisks = dice.chance(0.35);
  }

  void begin() {
    if (world.plan.founders() == 0) {
      found();
    } else {
      founded = true;
    }
    world.schedule.after(dice.between(500_000, 2_500_000), this::order);
  }

  private void found() {
    if (world.judges.applied.last() > 0) {
      founded = true;
      return;
    }
    Life first = world.machine(1).life();
    if (first == null) {
      world.schedule.after(300_000, this::found);
      return;
    }
    first.submit(
        add(1),
        1_000,
        response -> {
          if (response instanceof Response.Added) {
            founded = true;
            addAllOthers();
          } else {
            found();
          }
        });
    world.schedule.after(
        4_000_000,
        () -> {
          if (!founded) {
            found();
          }
        });
  }

  private void addAllOthers() {
    for (Machine machine : world.machines) {
      if (machine.id != 1 && machine.id <= 3) {
        order(add(machine.id), 4_000);
      }
    }
  }

  static Request.Add add(int id) {
    Member node = Machine.member(id);
    return new Request.Add(id, node.name(), node.host(), node.ralePort(), node.dstorePort());
  }

  /** The faults are over: nodes that lost their disks are removed, so that the rest is whole. */
  void end() {
    ending = true;
    mend();
  }

  private void mend() {
    for (Member member : world.judges.applied.membership().members()) {
      if (lostItsDisk(member)) {
        order(new Request.Remove(member.id()), 1_500);
      }
    }
    world.schedule.after(700_000, this::mend);
  }

  /** Whether the member's disk is not the one that the cluster knows. */
  boolean lostItsDisk(Member member) {
    Life life = world.machine(member.id()).life();
    return life != null && member.incarnation() != life.replica().identity().incarnation();
  }

  private void order() {
    if (ending) {
      return;
    }
    if (founded) {
      choose();
    }
    world.schedule.after(dice.between(1, 2 * world.plan.operatorMicros()), this::order);
  }

  private void choose() {
    Membership members = world.judges.applied.membership();
    Optional<Member> broken = members.members().stream().filter(this::lostItsDisk).findFirst();
    if (broken.isPresent() && dice.chance(0.6)) {
      order(new Request.Remove(broken.get().id()), timeout());
      return;
    }
    int id = dice.pick(world.machines).id;
    int what = dice.below(100);
    if (what < 25) {
      order(new Request.Transfer(dice.chance(0.5) ? 0 : id), timeout());
    } else if (what < 60 && (!members.contains(id) || dice.chance(0.2))) {
      addedAt.put(id, world.schedule.now());
      order(add(id), timeout());
    } else if (what < 80) {
      if (!losesDisks) {
        order(new Request.Remove(id), timeout());
      }
    } else {
      emptyDisk(id, members);
    }
  }

  private int timeout() {
    return (int) dice.between(300, 4_000);
  }

  private void order(Request request, int timeoutMs) {
    // A node that is in no cluster would found a second one by an ADD of itself.
    List<Life> up = world.inCluster();
    if (!up.isEmpty()) {
      world.trace.add("operator asks", request);
      dice.pick(up).submit(request, timeoutMs, response -> {});
    }
  }

  /** Only where the cluster can bear it: what a majority has lost nobody can bring back. */
  private void emptyDisk(int id, Membership members) {
    Machine machine = world.machine(id);
    long added = addedAt.getOrDefault(id, -QUIET_MICROS);
    boolean quiet = world.schedule.now() - added > QUIET_MICROS;
    boolean bearable =
        members.contains(id)
            ? losesDisks && members.voters().size() >= 3 && allAgreeOn(members)
            : quiet && allAgreeOn(members) && world.plan.founders() == 0;
    if (bearable && machine.isUp()) {
      machine.crash(true);
      machine.wipe();
      world.schedule.after(dice.between(0, 1_500_000), machine::start);
    }
  }

  private boolean allAgreeOn(Membership members) {
    for (Member member : members.members()) {
      Life life = world.machine(member.id()).life();
      if (life == null
          || lostItsDisk(member)
          || !member.voter()
          || !life.replica().raftStatus().membership().equals(members)) {
        return false;
      }
    }
    return true;
  }
}
