package org.rale.sim;

import org.jspecify.annotations.Nullable;
import org.rale.clusterdb.VirtualStorage;

/** What goes wrong in machines and disks, and when anything does, until {@link #end}. */
final class Faults {
  private static final long ELECTION_MICROS = Plan.ELECTION_TICKS_MAX * Plan.TICK_MS * 1_000L;

  private final World world;
  private final Operator operator;
  private final Dice dice;
  private final NetworkFaults ways;
  private boolean ending;

  Faults(World world, Operator operator) {
    this.world = world;
    this.operator = operator;
    this.dice = world.dice.split();
    this.ways = new NetworkFaults(world, dice.split());
  }

  void begin() {
    world.schedule.after(dice.between(1, 2 * world.plan.faultMicros()), this::strike);
  }

  /** Everything is whole again. */
  void end() {
    ending = true;
    world.network.becomePerfect();
    for (Machine machine : world.machines) {
      machine.storage().heal();
      machine.resume();
      machine.start();
    }
  }

  private void strike() {
    if (ending) {
      return;
    }
    Fault fault = world.plan.faults().next(dice);
    if (fault != null) {
      strike(fault, dice.pick(world.machines));
      if (dice.chance(0.35)) {
        world.network.mend();
      }
      begin();
    }
  }

  private void strike(Fault fault, Machine machine) {
    switch (fault) {
      case KILL -> crash(machine, false);
      case POWER_LOSS -> crash(machine, true);
      case ROOM_POWER_LOSS -> world.machines.forEach(each -> crash(each, true));
      case CRASH_IN_RECOVERY -> {
        machine.crash(dice.chance(0.5));
        machine.losePowerInNextStart(1 + dice.below(20));
        machine.startIn(dice.latency(300_000));
      }
      case STOP -> machine.pause(dice.between(50_000, 3_000_000));
      case HICCUP -> machine.pause(dice.between(1_000, 150_000));
      case LEADER -> hit(world.leader());
      case STUCK_SYNC -> stick(machine);
      case DISK_ERROR -> machine.storage().failAt(1 + dice.below(12));
      case DISK_FULL -> fill(machine);
      case ROT -> rot(machine);
      case ISOLATE, HALVE, CUT, CUT_DATAGRAMS, CUT_LINKS, RESET, FLAP -> ways.strike(fault);
    }
  }

  private void crash(Machine machine, boolean power) {
    machine.crash(power);
    machine.startIn(dice.latency(600_000));
  }

  private void hit(@Nullable Life leader) {
    if (leader == null) {
      return;
    }
    switch (dice.below(4)) {
      case 0 -> crash(leader.machine, dice.chance(0.5));
      case 1 -> ways.isolate(leader.id());
      case 2 -> stick(leader.machine);
      default -> leader.machine.pause(dice.between(50_000, 1_500_000));
    }
  }

  private void stick(Machine machine) {
    Life life = machine.life();
    if (life != null) {
      long micros = dice.between(ELECTION_MICROS, 8 * ELECTION_MICROS);
      world.saw(Seen.STUCK_SYNC);
      world.trace.add("node", machine.id, "has a disk that hangs for", micros, "us");
      life.disk().stick(micros);
    }
  }

  private void fill(Machine machine) {
    world.trace.add("node", machine.id, "has a full disk");
    // It is this disk that is full, and that is freed: another one may stand in its place by then.
    VirtualStorage disk = machine.storage();
    disk.limitTo(disk.usedBytes() + dice.below(2_000));
    world.schedule.after(dice.between(200_000, 2_000_000), () -> disk.limitTo(Long.MAX_VALUE));
  }

  /** It is found at the next start, or when a compaction reads the place; often soon. */
  private void rot(Machine machine) {
    if (operator.maySpareDiskOf(machine) && machine.rot() && dice.chance(0.7)) {
      crash(machine, dice.chance(0.5));
    }
  }
}
