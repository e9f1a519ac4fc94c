package org.rale.sim;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.rale.raft.Role;

/** What everything in a run shares. */
final class World {
  final Schedule schedule = new Schedule();
  final Coverage coverage = new Coverage();
  final Trace trace;
  final Dice dice;
  final Plan plan;
  final Network network;
  final Judges judges;

  private @Nullable Operator operator;

  /** Machine {@code id} stands at {@code id - 1}. */
  final List<Machine> machines = new ArrayList<>();

  /**
   * @param thorough see {@link Trace}
   */
  World(Dice dice, Plan plan, boolean thorough) {
    this.dice = dice;
    this.plan = plan;
    this.trace = new Trace(schedule, thorough);
    this.network = new Network(this);
    this.judges = new Judges(this);
  }

  void saw(Seen what) {
    coverage.saw(what);
  }

  void setOperator(Operator whoRunsIt) {
    operator = whoRunsIt;
  }

  Operator operator() {
    return Objects.requireNonNull(operator);
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

  /** The one that leads; the one of the highest term where several believe that they do. */
  @Nullable Life leader() {
    Life leader = null;
    for (Machine machine : machines) {
      Life life = machine.life();
      if (life != null
          && life.status().role() == Role.LEADER
          && (leader == null || leader.status().term() < life.status().term())) {
        leader = life;
      }
    }
    return leader;
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
