package org.rale.sim;

import java.util.List;
import org.jspecify.annotations.Nullable;
import org.rale.raft.Membership;
import org.rale.request.Request;

/**
 * A node is replaced while another member is away, and leads when that one comes back, which knows
 * its former disk only (S-06).
 */
final class ReplacedMeanwhile {
  private static final long LOOK_MICROS = 150_000;
  private static final long PATIENCE_MICROS = 6_000_000;

  private final World world;
  private final Operator operator;
  private final Dice dice;
  private @Nullable Machine away;

  ReplacedMeanwhile(World world, Operator operator, Dice dice) {
    this.world = world;
    this.operator = operator;
    this.dice = dice;
  }

  boolean isUnderWay() {
    return away != null;
  }

  void begin(Machine replaced) {
    Membership members = world.judges.applied.membership();
    List<Machine> others =
        world.machines.stream()
            .filter(each -> each != replaced && members.isVoter(each.id))
            .toList();
    // Of three, nobody can be taken out and in while another one is away.
    if (isUnderWay()
        || others.size() < 3
        || !members.isVoter(replaced.id)
        || !operator.maySpareDiskOf(replaced)) {
      return;
    }
    Machine gone = dice.pick(others);
    away = gone;
    world.trace.add("node", replaced.id, "is replaced while node", gone.id, "is away");
    world.network.quarantine(gone.id, gone.id);
    replaced.crash(true);
    replaced.replaceDisk();
    replaced.startIn(dice.between(0, 200_000));
    operator.order(new Request.Remove(replaced.id), 2_000);
    proceed(replaced, gone, world.schedule.now() + PATIENCE_MICROS, false);
  }

  private void proceed(Machine replaced, Machine gone, long until, boolean removed) {
    if (away != gone) {
      return;
    }
    Life leader = world.leader();
    if (leader != null && leader.machine == replaced) {
      world.saw(Seen.REPLACED_MEANWHILE);
      end();
      return;
    }
    if (world.schedule.now() > until) {
      end();
      return;
    }
    Membership members = world.judges.applied.membership();
    boolean out = removed || !members.contains(replaced.id);
    if (!out) {
      operator.order(new Request.Remove(replaced.id), 2_000);
    } else if (members.isVoter(replaced.id)) {
      operator.order(new Request.Transfer(replaced.id), 1_000);
    } else {
      operator.order(Operator.add(replaced.id), 2_000);
    }
    world.schedule.after(LOOK_MICROS, () -> proceed(replaced, gone, until, out));
  }

  void end() {
    Machine gone = away;
    if (gone != null) {
      away = null;
      world.network.release(gone.id);
    }
  }
}
