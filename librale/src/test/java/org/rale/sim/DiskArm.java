package org.rale.sim;

import java.io.IOException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
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
  private final Life life;
  private final World world;
  private final Dice dice;
  private final DiskWork work;
  private final ArrayDeque<DiskTask> tasks = new ArrayDeque<>();
  private List<Long> done = new ArrayList<>();
  private List<DiskTask> together = List.of();
  private boolean busy;
  private boolean moved;

  DiskArm(Life life, World world, ClusterDb db, Dice dice) {
    this.life = life;
    this.world = world;
    this.dice = dice;
    this.work = new DiskWork(db, sequence -> done.add(sequence));
  }

  void order(DiskTask task) {
    tasks.add(task);
    begin();
  }

  private void begin() {
    if (busy || life.isDead() || (tasks.isEmpty() && !work.compacting())) {
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
    if (life.isDead()) {
      return;
    }
    if (!moved) {
      move();
    }
    List<Long> told = done;
    done = new ArrayList<>();
    for (Long sequence : told) {
      life.shadow().done(sequence);
      life.deliver(new ReplicaInput.DiskDone(sequence));
    }
    busy = false;
    begin();
  }

  private void move() {
    try {
      work.perform(together);
    } catch (IOException | ClusterDbException e) {
      throw new SimFailure("the disk of node " + life.id() + " fails", e);
    }
  }

  /** The power goes while the task under way is at its n-th call. */
  void crashWithin(VirtualStorage storage, int call) {
    if (busy && !moved) {
      storage.losePowerAt(call);
      try {
        move();
      } catch (VirtualStorage.PowerLoss e) {
        world.trace.add("node", life.id(), "loses power within a disk task, at call", call);
      }
    }
  }
}
