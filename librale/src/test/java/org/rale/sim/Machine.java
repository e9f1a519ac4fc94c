package org.rale.sim;

import java.io.IOException;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.rale.clusterdb.ClusterDb;
import org.rale.clusterdb.ClusterDbException;
import org.rale.clusterdb.VirtualStorage;
import org.rale.raft.Member;
import org.rale.raft.RaftSettings;
import org.rale.replica.ReplicaConfig;

/** A computer with a disk, on which lives of one node follow each other. */
final class Machine {
  final int id;
  private final World world;
  private final Dice dice;
  private final ReplicaConfig config;

  /** Local seconds per true second. */
  final double clockRate;

  private VirtualStorage storage;
  private @Nullable Life life;
  private int lives;

  /** Until when, in virtual time, the process stands still. */
  private long pausedUntil;

  private long lastPause;

  Machine(int id, World world, List<Member> founders) {
    this.id = id;
    this.world = world;
    this.dice = world.dice.split();
    this.clockRate = 0.98 + dice.below(41) / 1000.0;
    this.storage = new VirtualStorage(dice.generator());
    Plan plan = world.plan;
    RaftSettings raft =
        new RaftSettings(
            Plan.TICK_MS,
            id,
            1 + dice.below(3),
            Plan.ELECTION_TICKS_MIN,
            Plan.ELECTION_TICKS_MAX,
            Plan.HEARTBEAT_TICKS,
            plan.maxAppendBytes(),
            1 + dice.below(8),
            64 << 10,
            plan.trailingBytes());
    this.config =
        new ReplicaConfig(
            member(id),
            raft,
            Plan.TICK_MS,
            plan.maxSizeBytes(),
            64,
            plan.compactBytes(),
            founders.stream().anyMatch(node -> node.id() == id) ? founders : List.of());
  }

  static Member member(int id) {
    return new Member(id, "node" + id, "10.0.0." + id, 7400, 7401, 0, true);
  }

  int priority() {
    return config.raft().priority();
  }

  ReplicaConfig config() {
    return config;
  }

  @Nullable Life life() {
    return life;
  }

  boolean isUp() {
    return life != null;
  }

  boolean isPaused() {
    return world.schedule.now() < pausedUntil;
  }

  long pausedUntil() {
    return pausedUntil;
  }

  /** How long the last pause was: its clients wait so much longer. */
  long lastPause() {
    return lastPause;
  }

  void pause(long micros) {
    world.trace.add("node", id, "stands still for", micros, "us");
    pausedUntil = world.schedule.now() + micros;
    lastPause = micros;
  }

  void resume() {
    pausedUntil = 0;
    if (life != null) {
      life.wake();
    }
  }

  void start() {
    if (life != null) {
      return;
    }
    lives++;
    try {
      ClusterDb.Opened opened = ClusterDb.open(storage, id, dice.generator());
      world.trace.add("node", id, "starts, life", lives, opened.recovered().identity());
      Life born = new Life(this, world, opened, dice);
      life = born;
      born.begin();
    } catch (IOException | ClusterDbException e) {
      throw new SimFailure("node " + id + " does not start: " + e.getMessage(), e);
    }
  }

  /** The process dies. With {@code power} the disk forgets some of what was not synced, too. */
  void crash(boolean power) {
    Life dying = life;
    if (dying == null) {
      return;
    }
    world.trace.add("node", id, power ? "loses power" : "is killed");
    life = null;
    if (power && dice.chance(0.5)) {
      dying.disk().crashWithin(storage, 1 + dice.below(8));
    }
    dying.end();
    if (power) {
      storage.powerLoss(dice.pick(List.of(VirtualStorage.Survival.values())));
    } else {
      storage.processDeath();
    }
    pausedUntil = 0;
  }

  /** A new, empty disk. The machine is down. */
  void wipe() {
    if (life != null) {
      throw new IllegalStateException("node " + id + " runs");
    }
    world.trace.add("node", id, "gets an empty disk");
    storage = new VirtualStorage(dice.generator());
  }
}
