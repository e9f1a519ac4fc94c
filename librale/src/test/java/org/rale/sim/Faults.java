package org.rale.sim;

import java.util.List;

/** Crashes, pauses, cuts and broken links, until {@link #end}. */
final class Faults {
  private final World world;
  private final Dice dice;
  private boolean ending;

  Faults(World world) {
    this.world = world;
    this.dice = world.dice.split();
  }

  void begin() {
    world.schedule.after(dice.between(1, 2 * world.plan.faultMicros()), this::strike);
  }

  /** Everything is whole again. */
  void end() {
    ending = true;
    world.network.becomePerfect();
    for (Machine machine : world.machines) {
      machine.resume();
      machine.start();
    }
  }

  private void strike() {
    if (ending) {
      return;
    }
    Machine machine = dice.pick(world.machines);
    int other = dice.pick(world.machines).id;
    switch (dice.below(12)) {
      case 0, 1, 2 -> crash(machine);
      case 3 -> machine.pause(dice.between(1_000, 3_000_000));
      case 4 -> machine.pause(dice.between(1_000, 150_000));
      case 5 -> isolate(machine.id);
      case 6 -> halve();
      case 7 -> world.network.cut(machine.id, other);
      case 8 -> world.network.deafen(machine.id, other);
      case 9 -> world.network.reset(machine.id, other);
      case 10 -> leaderOf().forEach(this::hit);
      default -> world.network.mend();
    }
    if (dice.chance(0.35)) {
      world.network.mend();
    }
    begin();
  }

  private void crash(Machine machine) {
    machine.crash(dice.chance(0.6));
    world.schedule.after(dice.latency(600_000), machine::start);
    if (dice.chance(0.1)) {
      // Power fails in whole rooms.
      world.machines.forEach(each -> each.crash(true));
      world.machines.forEach(each -> world.schedule.after(dice.latency(300_000), each::start));
    }
  }

  private List<Machine> leaderOf() {
    return world.machines.stream()
        .filter(
            machine -> {
              Life life = machine.life();
              return life != null && life.replica().role().equals("leader");
            })
        .toList();
  }

  private void hit(Machine leader) {
    if (dice.chance(0.4)) {
      crash(leader);
    } else if (dice.chance(0.5)) {
      isolate(leader.id);
    } else {
      leader.pause(dice.between(50_000, 1_500_000));
    }
  }

  private void isolate(int id) {
    int ways = dice.below(3);
    for (Machine other : world.machines) {
      if (other.id != id) {
        if (ways != 1) {
          world.network.cut(id, other.id);
        }
        if (ways != 2) {
          world.network.cut(other.id, id);
        }
      }
    }
  }

  private void halve() {
    List<Machine> here = world.machines.stream().filter(each -> dice.chance(0.5)).toList();
    for (Machine one : here) {
      for (Machine other : world.machines) {
        if (!here.contains(other)) {
          world.network.cut(one.id, other.id);
          world.network.cut(other.id, one.id);
        }
      }
    }
  }
}
