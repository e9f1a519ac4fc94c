package org.rale.sim;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
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
  final OldCopy oldCopy;
  private long quietAt;
  private final RetiredDisk retiredDisk;
  private final ReplacedMeanwhile replacedMeanwhile;
  final Clone clone;
  private final Map<Integer, Long> addedAt = new HashMap<>();
  private boolean founded;
  private boolean ending;

  /** Whom the membership shall have in the end; null: whoever is in it then. */
  private @Nullable List<Integer> wanted;

  Operator(World world) {
    this.world = world;
    this.dice = world.dice.split();
    this.oldCopy = new OldCopy(world, this, dice.split());
    this.retiredDisk = new RetiredDisk(world, dice.split());
    this.replacedMeanwhile = new ReplacedMeanwhile(world, this, dice.split());
    this.clone = new Clone(world, dice.split());
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
    oldCopy.end();
    retiredDisk.end();
    replacedMeanwhile.end();
    clone.end();
    mend();
  }

  /** Asks for a membership, and goes on asking until it has come about. */
  void demandMembership() {
    List<Integer> all =
        world.machines.stream()
            .map(machine -> machine.id)
            .filter(id -> id == 1 || dice.chance(0.8))
            .toList();
    world.trace.add("operator wants the members", all);
    wanted = all;
  }

  @Nullable List<Integer> wanted() {
    return wanted;
  }

  private void mend() {
    Membership members = world.judges.applied.membership();
    Optional<Member> broken = members.members().stream().filter(this::lostItsDisk).findFirst();
    if (broken.isPresent()) {
      order(new Request.Remove(broken.get().id()), 1_500);
    } else {
      approach(members);
    }
    replaceDisks(members);
    world.schedule.after(500_000, this::mend);
  }

  /** One step towards the membership that is wanted. */
  private void approach(Membership members) {
    List<Integer> target = wanted;
    if (target == null) {
      return;
    }
    Optional<Integer> lacking = target.stream().filter(id -> !members.isVoter(id)).findFirst();
    if (lacking.isPresent()) {
      order(add(lacking.get()), 4_000);
    } else {
      members.members().stream()
          .map(Member::id)
          .filter(id -> !target.contains(id))
          .findFirst()
          .ifPresent(id -> order(new Request.Remove(id), 1_500));
    }
  }

  /** A computer that won't start any more, and is no member any more, gets an empty disk. */
  private void replaceDisks(Membership members) {
    for (Machine machine : world.machines) {
      if (machine.isBroken() && !members.contains(machine.id) && !retiredDisk.runsOn(machine)) {
        world.saw(Seen.REPLACED);
        // One that runs has a file that its next start would refuse.
        machine.crash(false);
        machine.replaceDisk();
        machine.startIn(dice.between(0, 300_000));
      }
    }
  }

  /** Whether the member's disk is not the one that the cluster knows, or can't be read. */
  boolean lostItsDisk(Member member) {
    Machine machine = world.machine(member.id());
    Life life = machine.life();
    return machine.isBroken()
        || (life != null && member.incarnation() != life.replica().identity().incarnation());
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
    replaceDisks(members);
    Optional<Machine> replaced =
        world.machines.stream()
            .filter(each -> each.hasForgotten() && each.isUp() && !members.contains(each.id))
            .findFirst();
    if (replaced.isPresent() && dice.chance(0.6)) {
      order(add(replaced.get().id), timeout());
      return;
    }
    Order order = world.plan.orders().next(dice);
    if (order != null) {
      carryOut(order, dice.pick(world.machines), members);
    }
  }

  private void carryOut(Order order, Machine machine, Membership members) {
    switch (order) {
      case TRANSFER -> order(new Request.Transfer(dice.chance(0.5) ? 0 : machine.id), timeout());
      case ADD -> {
        if (!members.contains(machine.id) || dice.chance(0.2)) {
          order(add(machine.id), timeout());
        }
      }
      case REMOVE -> order(new Request.Remove(machine.id), timeout());
      case REMOVE_LEADER -> {
        Life leader = world.leader();
        if (leader != null) {
          world.saw(Seen.REMOVED_LEADER);
          order(new Request.Remove(leader.id()), timeout());
        }
      }
      case EMPTY_DISK -> {
        if (maySpareDiskOf(machine) && machine.isUp()) {
          machine.crash(true);
          machine.replaceDisk();
          machine.startIn(dice.between(0, 1_500_000));
        }
      }
      case REPLACE -> {
        if (maySpareDiskOf(machine) && machine.isUp()) {
          machine.die();
        }
      }
      case REPLACE_MEANWHILE -> replacedMeanwhile.begin(machine);
      case RESTART -> machine.leave(dice.latency(100_000));
      case ROLLING_RESTART -> {
        world.saw(Seen.ROLLING_RESTART);
        restartFrom(0);
      }
      case OLD_COPY -> oldCopy.begin(machine);
      case CLONE -> {
        if (!oldCopy.isUnderWay() && !retiredDisk.isUnderWay()) {
          clone.begin(machine);
        }
      }
      case RETIRED -> {
        if (!oldCopy.isUnderWay()) {
          retiredDisk.begin(machine);
        }
      }
    }
  }

  private void restartFrom(int next) {
    if (next < world.machines.size() && !ending) {
      world.machines.get(next).leave(dice.latency(100_000));
      world.schedule.after(dice.between(300_000, 2_000_000), () -> restartFrom(next + 1));
    }
  }

  private int timeout() {
    return (int) dice.between(300, 4_000);
  }

  /**
   * From when on no request of the operator is open: a TRANSFER may wait as long as it has time.
   */
  long quietAt() {
    return quietAt;
  }

  void order(Request request, int timeoutMs) {
    // A node that is in no cluster would found a second one by an ADD of itself.
    List<Life> up = world.inCluster();
    if (!up.isEmpty()) {
      if (request instanceof Request.Add add) {
        addedAt.put(add.id(), world.schedule.now());
      }
      world.trace.add("operator asks", request);
      // Clocks of nodes are up to 5 % apart from the true one.
      quietAt = Math.max(quietAt, world.schedule.now() + timeoutMs * 1_100L);
      dice.pick(up).submit(request, timeoutMs, response -> {});
      boolean changes = !(request instanceof Request.Transfer);
      if (changes && world.plan.faults().has(Fault.ISOLATE) && dice.chance(0.3)) {
        world.schedule.after(dice.between(0, 30_000), this::silenceLeader);
      }
    }
  }

  /** Just when it has the change in its log, so that another one leads that has not. */
  private void silenceLeader() {
    Life leader = world.leader();
    if (leader != null) {
      for (Machine other : world.machines) {
        if (other != leader.machine) {
          world.network.cut(leader.id(), other.id);
        }
      }
    }
  }

  /**
   * Whether the cluster can bear the loss of what is on the disk: what a majority has lost nobody
   * can bring back, and founders that are all emptied found a second cluster.
   */
  boolean maySpareDiskOf(Machine machine) {
    Membership members = world.judges.applied.membership();
    if (!founded
        || ending
        || oldCopy.isUnderWay()
        || retiredDisk.isUnderWay()
        || replacedMeanwhile.isUnderWay()
        || !allAgreeOn(members)) {
      return false;
    }
    if (members.contains(machine.id)) {
      return members.voters().size() >= 3 && otherFoundersKnow(machine);
    }
    long added = addedAt.getOrDefault(machine.id, -QUIET_MICROS);
    return world.plan.founders() == 0 && world.schedule.now() - added > QUIET_MICROS;
  }

  private boolean otherFoundersKnow(Machine machine) {
    return world.machines.stream()
        .filter(other -> other != machine && other.isFounder())
        .allMatch(
            other -> {
              Life life = other.life();
              return life != null && life.replica().identity().inCluster();
            });
  }

  private boolean allAgreeOn(Membership members) {
    for (Member member : members.members()) {
      Life life = world.machine(member.id()).life();
      if (life == null
          || lostItsDisk(member)
          || !member.voter()
          || !life.status().membership().equals(members)) {
        return false;
      }
    }
    return !members.isEmpty();
  }
}
