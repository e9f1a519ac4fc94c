package org.rale.sim;

import java.io.IOException;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.rale.clusterdb.ClusterDb;
import org.rale.clusterdb.ClusterDbException;
import org.rale.clusterdb.Opening;
import org.rale.clusterdb.RewriteLimits;
import org.rale.clusterdb.VirtualStorage;
import org.rale.raft.Member;
import org.rale.raft.RaftSettings;
import org.rale.replica.ReplicaConfig;
import org.rale.replica.ShareLimits;

/** A computer with a disk, on which lives of one node follow each other. */
final class Machine {
  private static final String FILE = "cluster.db";

  /** What a node gets to end in good order, as in a real process. */
  private static final long LEAVE_MICROS =
      4L * Plan.ELECTION_TICKS_MAX * Plan.TICK_MS * 1_000 + 200_000;

  /** Some changes. */
  private static final long APPLY_BYTES_A_TURN = 1_000;

  final int id;
  private final World world;
  private final Dice dice;
  private final ReplicaConfig config;

  /** Local seconds per true second: any two nodes are up to 5 % apart. */
  final double clockRate;

  private VirtualStorage storage;

  /** The disk that the current one has replaced, whole, as it was then. */
  private @Nullable VirtualStorage retired;

  private @Nullable Life life;

  /** What the last life's log was. */
  private @Nullable Shadow shadow;

  private int lives;

  /** Until when, in virtual time, the process stands still. */
  private long pausedUntil;

  /** How long it ever stood still. */
  private long pausedInAll;

  /** A start refused the file. */
  private boolean damaged;

  /** Nobody starts it until its disk is replaced. */
  private boolean gone;

  /** Its disk has forgotten something that it once held. */
  private boolean lostDisk;

  Machine(int id, World world, List<Member> founders, long readBytesATurn, ShareLimits share) {
    this.id = id;
    this.world = world;
    this.dice = world.dice.split();
    this.clockRate = 0.975 + dice.below(51) / 1000.0;
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
            plan.trailingBytes(),
            Plan.STEADY_TICKS,
            true);
    this.config =
        new ReplicaConfig(
            member(id),
            raft,
            Plan.TICK_MS,
            plan.maxSizeBytes(),
            64,
            56 << 10,
            new RewriteLimits(plan.compactBytes(), 50, Long.MAX_VALUE),
            APPLY_BYTES_A_TURN,
            readBytesATurn,
            share,
            dice.chance(0.7) ? 128 << 10 : (int) dice.between(60, 600),
            founders.stream().anyMatch(node -> node.id() == id) ? founders : List.of());
  }

  /** Another computer with a copy of the disk, as it is now. */
  Machine(Machine original) {
    this.id = original.id;
    this.world = original.world;
    this.dice = world.dice.split();
    this.clockRate = original.clockRate;
    this.storage = original.copyOfDisk();
    this.config = original.config;
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

  boolean isFounder() {
    return !config.founders().isEmpty();
  }

  VirtualStorage storage() {
    return storage;
  }

  @Nullable Life life() {
    return life;
  }

  @Nullable Shadow shadow() {
    return shadow;
  }

  boolean isUp() {
    return life != null;
  }

  /** It will not start with the disk it has. */
  boolean isBroken() {
    return damaged || gone || storage.isRotten(FILE);
  }

  /** Its disk was emptied, replaced by an older one, or hit by rot, at some time. */
  boolean hasForgotten() {
    return lostDisk;
  }

  boolean isPaused() {
    return world.schedule.now() < pausedUntil;
  }

  long pausedUntil() {
    return pausedUntil;
  }

  /** How long it has stood still so far: its clients wait so much longer. */
  long pausedInAll() {
    return pausedInAll - Math.max(0, pausedUntil - world.schedule.now());
  }

  void pause(long micros) {
    world.saw(Seen.PAUSE);
    world.trace.add("node", id, "stands still for", micros, "us");
    long now = world.schedule.now();
    long until = Math.max(pausedUntil, now + micros);
    pausedInAll += until - Math.max(pausedUntil, now);
    pausedUntil = until;
  }

  private void endPause() {
    pausedInAll = pausedInAll();
    pausedUntil = 0;
  }

  void resume() {
    endPause();
    if (life != null) {
      life.wake();
    }
  }

  void startIn(long micros) {
    world.schedule.after(micros, this::start);
  }

  void start() {
    if (life != null || damaged || gone) {
      return;
    }
    lives++;
    try {
      Opening opening = new Opening(config.raft().trailingBytes(), (done, size) -> {});
      ClusterDb.Opened opened = ClusterDb.open(storage, id, dice.generator(), opening);
      storage.keepPower();
      requireNoRot();
      world.trace.add("node", id, "starts, life", lives, opened.recovered().identity());
      if (opened.recovered().cutBytes() > 0) {
        world.saw(Seen.TORN_TAIL);
      }
      Life born = new Life(this, world, opened, dice);
      life = born;
      shadow = born.shadow();
      born.begin();
    } catch (ClusterDbException e) {
      refused(e);
    } catch (VirtualStorage.PowerLoss e) {
      world.saw(Seen.CRASH_IN_RECOVERY);
      world.trace.add("node", id, "loses power within its start");
      losePower();
      startIn(dice.latency(200_000));
    } catch (IOException e) {
      world.saw(Seen.START_FAILED);
      world.trace.add("node", id, "does not start:", e.getMessage());
      storage.processDeath();
      startIn(dice.latency(200_000));
    }
  }

  private void requireNoRot() {
    if (storage.isRotten(FILE)) {
      throw new SimFailure("node " + id + " starts, and its file is rotten");
    }
  }

  private void refused(ClusterDbException e) {
    if (e.kind() != ClusterDbException.Kind.DAMAGED || !storage.isRotten(FILE)) {
      throw new SimFailure("node " + id + " does not start: " + e.getMessage(), e);
    }
    world.saw(Seen.REFUSED_START);
    world.trace.add("node", id, "refuses to start:", e.getMessage());
    damaged = true;
    storage.processDeath();
  }

  /** The next start loses power within its first calls of the disk. */
  void losePowerInNextStart(int call) {
    if (life == null) {
      storage.losePowerAt(call);
    }
  }

  /** The process dies. With {@code power} the disk forgets some of what was not synced, too. */
  void crash(boolean power) {
    Life dying = life;
    if (dying == null) {
      return;
    }
    world.saw(power ? Seen.POWER_LOSS : Seen.KILL);
    world.trace.add("node", id, power ? "loses power" : "is killed");
    life = null;
    if (power && dice.chance(0.5)) {
      dying.disk().crashWithin(storage, 1 + dice.below(8));
    }
    dying.end();
    if (power) {
      losePower();
    } else {
      storage.processDeath();
    }
    endPause();
  }

  private void losePower() {
    VirtualStorage.Loss lost =
        storage.powerLoss(dice.pick(List.of(VirtualStorage.Survival.values())));
    if (lost.names() > 0) {
      world.saw(Seen.NAMES_LOST);
    }
    if (lost.writes() > 0) {
      world.saw(Seen.WRITES_LOST);
    }
  }

  /** The disk failed under the process, which halts (S-03), and is started again. */
  void halt(Life dying, Exception why) {
    if (dying != life) {
      return;
    }
    world.trace.add("node", id, "halts:", why.getMessage());
    life = null;
    dying.end();
    storage.processDeath();
    endPause();
    startIn(dice.latency(300_000));
  }

  /** The process is asked to end, and started again some time after it has ended. */
  void leave(long micros) {
    Life leaving = life;
    if (leaving != null) {
      world.saw(Seen.LEAVE);
      world.trace.add("node", id, "is asked to end");
      leaving.leave();
      world.schedule.after(LEAVE_MICROS, () -> stopped(leaving));
      world.schedule.after(LEAVE_MICROS + micros, this::start);
    }
  }

  /** It has handed over what it had, or its time to do so is up. */
  void stopped(Life leaving) {
    if (leaving != life) {
      return;
    }
    world.trace.add("node", id, "ends");
    life = null;
    leaving.end();
    storage.processDeath();
    endPause();
    startIn(dice.latency(100_000));
  }

  /** The computer is dead for good; {@link #wipe} puts another one in its place. */
  void die() {
    crash(true);
    gone = true;
  }

  /** A new, empty disk, and the one before is kept. The machine is down. */
  void replaceDisk() {
    VirtualStorage former = damaged || storage.isRotten(FILE) ? null : storage;
    wipe();
    retired = former;
  }

  boolean hasRetiredDisk() {
    return retired != null;
  }

  /** The two disks change places. The machine is down. */
  void swapDisks() {
    VirtualStorage other = retired;
    if (other == null) {
      throw new IllegalStateException("node " + id + " has one disk");
    }
    VirtualStorage current = storage;
    put(other);
    retired = current;
  }

  /** A new, empty disk. The machine is down. */
  void wipe() {
    world.saw(Seen.EMPTIED_DISK);
    world.trace.add("node", id, "gets an empty disk");
    put(new VirtualStorage(dice.generator()));
    retired = null;
  }

  /** Another disk in the place of this one. The machine is down. */
  void put(VirtualStorage other) {
    if (life != null) {
      throw new IllegalStateException("node " + id + " runs");
    }
    storage = other;
    damaged = false;
    gone = false;
    lostDisk = true;
  }

  /** A copy of what is durable on the disk. */
  VirtualStorage copyOfDisk() {
    return storage.copy(dice.generator());
  }

  /**
   * A bit of the file flips, within what a start is bound to find: before the last batch that was
   * written whole. Returns whether there is such a place.
   */
  boolean rot() {
    Life running = life;
    long bound = running == null ? 0 : running.disk().startOfLastBatch();
    if (bound <= 0 || storage.isRotten(FILE)) {
      return false;
    }
    int at = (int) dice.between(0, bound - 1);
    world.saw(Seen.ROT);
    world.trace.add("node", id, "has rot at byte", at);
    storage.flip(FILE, at, 1 << dice.below(8));
    lostDisk = true;
    return true;
  }
}
