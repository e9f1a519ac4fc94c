package org.rale.sim;

import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.rale.raft.Membership;

/**
 * The computer that was replaced is switched on again in the place of the one that has its id now,
 * and off after a while. It asks for power with what it knows from its time, its messages and those
 * for the other cross on their way, and it must neither be heard nor elected (S-06).
 */
final class RetiredDisk {
  private static final long LOOK_MICROS = 50_000;

  private final World world;
  private final Dice dice;

  /** Who runs on a disk that was replaced. */
  private @Nullable Machine victim;

  RetiredDisk(World world, Dice dice) {
    this.world = world;
    this.dice = dice;
  }

  boolean isUnderWay() {
    return victim != null;
  }

  boolean runsOn(Machine machine) {
    return victim == machine;
  }

  void begin(Machine machine) {
    if (isUnderWay()
        || !machine.hasRetiredDisk()
        || !machine.isUp()
        || machine.isBroken()
        || world.judges.applied.membership().isEmpty()) {
      return;
    }
    world.saw(Seen.RETIRED);
    victim = machine;
    swap(machine);
    world.schedule.after(dice.between(200_000, 3_000_000), this::end);
  }

  /** The other computer takes its place back, unless this one was taken in meanwhile. */
  void end() {
    Machine now = victim;
    if (now == null) {
      return;
    }
    Life life = now.life();
    if (life == null && !now.isBroken()) {
      world.schedule.after(LOOK_MICROS, this::end);
      return;
    }
    victim = null;
    if (life == null || !isNamed(life)) {
      swap(now);
    }
  }

  private boolean isNamed(Life life) {
    long incarnation = life.replica().identity().incarnation();
    Life leader = world.leader();
    Membership applied = world.judges.applied.membership();
    Membership last = leader == null ? applied : leader.status().membership();
    return Stream.of(applied, last)
        .flatMap(members -> members.member(life.id()).stream())
        .anyMatch(member -> member.incarnation() == incarnation);
  }

  private void swap(Machine machine) {
    machine.crash(dice.chance(0.5));
    world.trace.add("node", machine.id, "gets its other disk");
    machine.swapDisks();
    machine.startIn(dice.between(0, 100_000));
  }
}
