package org.rale.sim;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.rale.history.History;
import org.rale.raft.Member;

/**
 * One run: a cluster is founded and used while the world falls apart around it, then the world is
 * whole again, and all must be well.
 */
final class Simulation {
  /**
   * What a run came to.
   *
   * @param hash of everything that happened
   * @param writes that clients saw done
   */
  record Result(long hash, long events, long writes, long applied) {}

  private static final long HEAL_MICROS = 10_000_000;
  private static final long STEP_MICROS = 100_000;

  /** A request may be answered so much later than its deadline: ADD takes back what it began. */
  private static final long SLACK_MICROS = 2_500_000;

  private final long seed;
  private final World world;
  private final History history = new History();
  private final List<Client> clients = new ArrayList<>();
  private final Operator operator;
  private final Faults faults;

  private Simulation(long seed) {
    this.seed = seed;
    Dice dice = new Dice(seed);
    Plan plan = Plan.draw(dice.split());
    world = new World(dice, plan);
    List<Member> founders =
        IntStream.rangeClosed(1, plan.founders()).mapToObj(Machine::member).toList();
    for (int id = 1; id <= plan.nodes(); id++) {
      world.machines.add(new Machine(id, world, founders));
    }
    for (int id = 1; id <= plan.clients(); id++) {
      clients.add(new Client(id, world, history));
    }
    operator = new Operator(world);
    faults = new Faults(world);
  }

  /**
   * @throws AssertionError when something does not hold, with the seed and the last events
   */
  static Result run(long seed) {
    Simulation simulation = new Simulation(seed);
    try {
      return simulation.run();
    } catch (RuntimeException e) {
      throw new AssertionError(simulation.report(e), e);
    }
  }

  private String report(RuntimeException e) {
    return "seed "
        + seed
        + ": "
        + e.getMessage()
        + "\n"
        + world.plan
        + "\n"
        + world.trace.text()
        + "\nseed "
        + seed
        + ": "
        + e.getMessage()
        + "\nagain: scripts/sim --seed "
        + seed;
  }

  private Result run() {
    for (Machine machine : world.machines) {
      long late = world.dice.chance(0.2) ? world.dice.between(0, 2_500_000) : 0;
      world.schedule.after(late, machine::start);
    }
    world.network.begin();
    clients.forEach(Client::begin);
    operator.begin();
    faults.begin();
    runUntil(world.plan.faultyMicros());
    world.trace.add("the faults are over");
    faults.end();
    operator.end();
    clients.forEach(Client::end);
    heal();
    readAll();
    history.judge();
    return new Result(
        world.trace.hash(), world.trace.count(), history.writesDone(), world.judges.applied.last());
  }

  private void heal() {
    Recovery recovery = new Recovery(world, operator);
    long until = world.schedule.now() + HEAL_MICROS;
    while (!recovery.isDone()) {
      if (world.schedule.now() >= until) {
        throw new SimFailure(
            "ten seconds after the last fault there is still missing: " + recovery.missing());
      }
      recovery.tryWrites();
      runUntil(world.schedule.now() + STEP_MICROS);
    }
    while (!clients.stream().allMatch(Client::isIdle)) {
      runUntil(world.schedule.now() + STEP_MICROS);
    }
  }

  /** What was acknowledged must be there: a last look at every key, in the history of all. */
  private void readAll() {
    for (int i = 0; i < world.plan.keys(); i++) {
      Client.lookAt("k" + i, world, history);
    }
    runUntil(world.schedule.now() + 6_000_000);
    history.requireLooks(world.plan.keys());
  }

  private void runUntil(long time) {
    while (world.schedule.now() < time) {
      world.schedule.runUntil(Math.min(time, world.schedule.now() + STEP_MICROS));
      world.running().forEach(this::requireAnswers);
    }
  }

  private void requireAnswers(Life life) {
    if (!life.machine.isPaused()) {
      List<String> overdue =
          life.overdue(world.schedule.now() - SLACK_MICROS - life.machine.lastPause());
      if (!overdue.isEmpty()) {
        throw new SimFailure("node " + life.id() + " does not answer: " + overdue);
      }
    }
  }
}
