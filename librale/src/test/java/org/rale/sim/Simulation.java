package org.rale.sim;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
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
   * @param coverage what the run went through
   */
  record Result(long hash, long events, long writes, long applied, Coverage coverage) {}

  private static final long HEAL_MICROS = 10_000_000;

  /** A log that nobody has yet may go entry by entry to a slow disk. */
  private static final long BACKLOG_SYNCS = 200;

  private static final long STEP_MICROS = 100_000;

  private static final long MEMBERSHIP_MICROS = 40_000_000;

  /** Several of the longest election timeouts. */
  private static final long QUIET_MICROS = 1_500_000;

  /** A hand-over that was asked for before may still come about. */
  private static final long MOST_TERMS = 2;

  /** A request may be answered so much later than its deadline: ADD takes back what it began. */
  private static final long SLACK_MICROS = 2_500_000;

  private final long seed;
  private final World world;
  private final History history = new History();
  private final List<Client> clients = new ArrayList<>();
  private final Steps steps;
  private final Watchers watchers;
  private final Connections connections;
  private final Operator operator;
  private final Faults faults;

  private Simulation(long seed, boolean thorough, Limits limits) {
    this.seed = seed;
    Dice dice = new Dice(seed);
    Plan plan = Plan.draw(dice.split()).within(limits);
    world = new World(dice, plan, thorough);
    List<Member> founders =
        IntStream.rangeClosed(1, plan.founders()).mapToObj(Machine::member).toList();
    watchers = new Watchers(seed, world);
    connections = new Connections(seed, world);
    for (int id = 1; id <= plan.nodes(); id++) {
      world.machines.add(
          new Machine(id, world, founders, watchers.readBytesATurn(), connections.share()));
    }
    for (int id = 1; id <= plan.clients(); id++) {
      clients.add(new Client(id, world, history));
    }
    steps = new Steps(seed, world, history);
    operator = new Operator(world);
    world.setOperator(operator);
    faults = new Faults(world, operator);
  }

  /**
   * @throws AssertionError when something does not hold, with the seed and the last events
   */
  static Result run(long seed) {
    return run(seed, false, Limits.NONE);
  }

  /**
   * @param thorough see {@link Trace}
   */
  static Result run(long seed, boolean thorough, Limits limits) {
    Simulation simulation = new Simulation(seed, thorough, limits);
    try {
      return simulation.run();
    } catch (RuntimeException e) {
      throw new AssertionError(simulation.report(e), e);
    }
  }

  private String report(RuntimeException e) {
    String sentence = "seed " + seed + ": " + e.getMessage();
    return sentence
        + "\n"
        + world.plan
        + "\n"
        + world.trace.text(String.valueOf(e.getMessage()))
        + "\n"
        + sentence
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
    steps.begin();
    watchers.begin();
    connections.begin();
    operator.begin();
    faults.begin();
    runUntil(world.plan.faultyMicros());
    world.trace.add("the faults are over");
    faults.end();
    operator.end();
    clients.forEach(Client::end);
    steps.end();
    watchers.end();
    connections.end();
    heal();
    readAll();
    history.judge();
    connections.judge();
    return new Result(
        world.trace.hash(),
        world.trace.count(),
        history.writesDone(),
        world.judges.applied.last(),
        world.coverage);
  }

  private void heal() {
    Recovery recovery = new Recovery(world, operator);
    long until = world.schedule.now() + HEAL_MICROS + BACKLOG_SYNCS * world.plan.diskMicros();
    while (recovery.missing() != null) {
      requireTime(until, recovery.missing());
      recovery.tryWrites();
      step();
    }
    while (!clients.stream().allMatch(Client::isIdle)
        || !steps.isIdle()
        || !watchers.isIdle()
        || !connections.isIdle()) {
      step();
    }
    until = world.schedule.now() + HEAL_MICROS;
    while (!world.judges.reference.leases().isEmpty()) {
      requireTime(until, "the end of leases " + world.judges.reference.leases());
      step();
    }
    if (world.dice.chance(0.4)) {
      operator.demandMembership();
      until = world.schedule.now() + MEMBERSHIP_MICROS;
      while (recovery.missingMembers() != null) {
        requireTime(until, recovery.missingMembers());
        step();
      }
    }
  }

  private void requireTime(long until, @Nullable String missing) {
    if (world.schedule.now() >= until) {
      throw new SimFailure("long after the last fault there is still missing: " + missing);
    }
  }

  private void step() {
    runUntil(world.schedule.now() + STEP_MICROS);
  }

  /**
   * What was acknowledged must be there: a last look at every key, in the history of all. Nothing
   * disturbs meanwhile, not even the operator, so nobody has a reason to seek power.
   */
  private void readAll() {
    runUntil(world.operator().quietAt());
    long term = world.judges.applied.highestTerm();
    for (int i = 0; i < world.plan.keys(); i++) {
      Client.lookAt("k" + i, world, history);
    }
    steps.lookAtAll();
    watchers.catchUp(world.judges.applied.last());
    long until = world.schedule.now() + HEAL_MICROS;
    long quiet = world.schedule.now() + QUIET_MICROS;
    long told = watchers.told();
    while (history.looks() < world.plan.keys() + steps.looks()
        || !watchers.haveCaughtUp()
        || world.schedule.now() < quiet) {
      requireTime(until, "a read of every key, or what the followers know");
      step();
      if (watchers.told() > told) {
        // Who is told one change at a time, and asks nodes that are no members between, takes long.
        told = watchers.told();
        until = world.schedule.now() + HEAL_MICROS;
      }
    }
    long risen = world.judges.applied.highestTerm() - term;
    if (risen > MOST_TERMS) {
      throw new SimFailure("nothing goes wrong, and the terms rise by " + risen);
    }
  }

  private void runUntil(long time) {
    while (world.schedule.now() < time) {
      world.schedule.runUntil(Math.min(time, world.schedule.now() + STEP_MICROS));
      world.running().forEach(this::requireAnswers);
    }
  }

  private void requireAnswers(Life life) {
    if (!life.machine.isPaused()) {
      List<String> overdue = life.overdue(world.schedule.now() - SLACK_MICROS);
      if (!overdue.isEmpty()) {
        throw new SimFailure("node " + life.id() + " does not answer: " + overdue);
      }
    }
  }
}
