package org.rale.sim;

import java.util.ArrayList;
import java.util.List;

/** What everything in a run shares. */
final class World {
  final Schedule schedule = new Schedule();
  final Trace trace = new Trace(schedule);
  final Dice dice;
  final Plan plan;
  final Network network;
  final Judges judges;

  /** Machine {@code id} stands at {@code id - 1}. */
  final List<Machine> machines = new ArrayList<>();

  World(Dice dice, Plan plan) {
    this.dice = dice;
    this.plan = plan;
    this.network = new Network(this);
    this.judges = new Judges(trace);
  }

  Machine machine(int id) {
    return machines.get(id - 1);
  }

  List<Life> running() {
    List<Life> running = new ArrayList<>();
    for (Machine machine : machines) {
      Life life = machine.life();
      if (life != null) {
        running.add(life);
      }
    }
    return running;
  }

  /** Those that run and were taken into the cluster at some time. */
  List<Life> inCluster() {
    return running().stream().filter(each -> each.replica().identity().inCluster()).toList();
  }

  /** Those that run and are members, by the last membership that was applied anywhere. */
  List<Life> members() {
    return running().stream()
        .filter(each -> judges.applied.membership().contains(each.id()))
        .toList();
  }
}
