package org.rale.sim;

import java.io.IOException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.rale.clusterdb.ClusterDb;
import org.rale.clusterdb.ClusterDbException;
import org.rale.clusterdb.DiskTask;
import org.rale.clusterdb.VirtualStorage;
import org.rale.loop.DiskWork;
import org.rale.replica.ReplicaInput;

/**
 * The disk thread in virtual time. The bytes move at the start of the wait or at its end, by
 * chance: what a crash in between leaves is durable without anybody knowing, or never was.
 */
final class DiskArm {
  /** Between two tries to write to a full disk. */
  private static final long FULL_PAUSE_MICROS = 50_000;

  private final Life life;
  private final World world;
  private final Dice dice;
  private final ClusterDb db;
  private final DiskWork work;
  private final ArrayDeque<DiskTask> tasks = new ArrayDeque<>();
  private List<ReplicaInput> done = new ArrayList<>();
  private List<DiskTask> together = List.of();
  private boolean busy;
  private boolean broken;
  private boolean moved;

  /** For room on a full disk. */
  private boolean waits;

  /** Until when, in virtual time, no task ends. */
  private long stuckUntil;

  /** Where the last whole batch of the file begins; 0 where that is not known. */
  private long startOfLastBatch;

  DiskArm(Life life, World world, ClusterDb db, Dice dice) {
    this.life = life;
    this.world = world;
    this.dice = dice;
    this.db = db;
    this.work =
        new DiskWork(
            db,
            new DiskWork.Reports() {
              @Override
              public void done(long sequence) {
                done.add(new ReplicaInput.DiskDone(sequence));
              }

              @Override
              public void givenUp(long sequence, String why) {
                done.add(new ReplicaInput.NoRoom(sequence, why));
              }

              @Override
              public void full(String why) {
                done.add(new ReplicaInput.DiskFull(why));
              }
            });
  }

  void order(DiskTask task) {
    tasks.add(task);
    begin();
  }

  /** Whatever the disk does now or begins within that time ends after it. */
  void stick(long micros) {
    stuckUntil = world.schedule.now() + micros;
  }

  /** Whether something is to become durable, and the disk is stuck or full. */
  boolean hangs() {
    boolean writes =
        Stream.concat(together.stream(), tasks.stream())
            .anyMatch(task -> !(task instanceof DiskTask.Compact));
    return busy && writes && (waits || world.schedule.now() < stuckUntil);
  }

  /** Everything before it is found by a start when it rots; 0: nothing is known. */
  long startOfLastBatch() {
    return startOfLastBatch;
  }

  private void begin() {
    if (busy || broken || life.isDead() || (tasks.isEmpty() && !work.compacting())) {
      return;
    }
    busy = true;
    together = DiskWork.take(tasks);
    moved = dice.chance(0.5);
    if (moved) {
      move();
    }
    world.schedule.after(dice.latency(world.plan.diskMicros()), this::finish);
  }

  private void finish() {
    if (broken || life.isDead()) {
      return;
    }
    if (world.schedule.now() < stuckUntil) {
      world.schedule.after(stuckUntil - world.schedule.now(), this::finish);
      return;
    }
    if (!moved) {
      move();
      if (broken) {
        return;
      }
    }
    tell();
    if (waits) {
      moved = false;
      world.schedule.after(FULL_PAUSE_MICROS, this::finish);
      return;
    }
    busy = false;
    begin();
  }

  private void tell() {
    List<ReplicaInput> told = done;
    done = new ArrayList<>();
    for (ReplicaInput report : told) {
      if (report instanceof ReplicaInput.DiskDone task) {
        life.shadow().done(task.sequence());
      } else if (report instanceof ReplicaInput.NoRoom task) {
        world.saw(Seen.NO_ROOM);
        life.shadow().givenUp(task.sequence());
      } else if (report instanceof ReplicaInput.DiskFull) {
        world.saw(Seen.DISK_FULL);
      }
      life.deliver(report);
    }
  }

  private void move() {
    boolean compacting = work.compacting();
    boolean writes = !together.isEmpty() && together.get(0) instanceof DiskTask.Write;
    long before = db.bytes();
    try {
      waits = !work.perform(together);
    } catch (IOException | ClusterDbException e) {
      failed(e);
      return;
    }
    if (!writes || compacting != work.compacting()) {
      startOfLastBatch = 0;
    } else if (db.bytes() > before) {
      startOfLastBatch = before;
    }
  }

  private void failed(Exception e) {
    if (e instanceof ClusterDbException && !life.machine.isBroken()) {
      throw new SimFailure("node " + life.id() + " finds damage where there is none", e);
    }
    broken = true;
    world.saw(Seen.DISK_ERROR);
    // The disk thread fails beside the turn, and the process halts before its next one.
    world.schedule.after(0, () -> life.machine.halt(life, e));
  }

  /** The power goes while the task under way is at its n-th call. */
  void crashWithin(VirtualStorage storage, int call) {
    if (busy && !moved && !broken) {
      storage.losePowerAt(call);
      try {
        work.perform(together);
      } catch (VirtualStorage.PowerLoss e) {
        world.saw(Seen.POWER_LOSS_IN_TASK);
        world.trace.add("node", life.id(), "loses power within a disk task, at call", call);
      } catch (IOException | ClusterDbException e) {
        world.trace.add("node", life.id(), "loses power, and its disk failed:", e.getMessage());
      }
    }
  }
}
