package org.rale.sim;

import java.util.List;
import org.rale.replica.ReplicaInput;

/** What goes wrong between machines. */
final class NetworkFaults {
  private final World world;
  private final Dice dice;

  NetworkFaults(World world, Dice dice) {
    this.world = world;
    this.dice = dice;
  }

  void strike(Fault fault) {
    int one = dice.pick(world.machines).id;
    int other = dice.pick(world.machines).id;
    switch (fault) {
      case ISOLATE -> isolate(one);
      case HALVE -> halve();
      case CUT -> world.network.cut(one, other);
      case CUT_DATAGRAMS -> cutDatagrams(one, other);
      case CUT_LINKS -> cutLinks(one, other);
      case RESET -> world.network.reset(one, other);
      case FLAP -> flap(one, other);
      default -> throw new IllegalArgumentException(fault + " is no fault of the network");
    }
  }

  void isolate(int id) {
    int ways = dice.below(3);
    for (Machine other : world.machines) {
      if (other.id != id) {
        if (ways != 1) {
          world.network.cut(id, other.id);
        }
        if (ways != 2) {
          world.network.cut(other.id, id);
        }
      }
    }
  }

  /** Both notice that the path is another one, sooner or later; here it is at once. */
  private void cutDatagrams(int one, int other) {
    world.network.cutDatagrams(one, other);
    tell(one, other);
    tell(other, one);
  }

  private void tell(int id, int other) {
    Life life = world.machine(id).life();
    if (life != null) {
      life.deliver(new ReplicaInput.PathChanged(other));
    }
  }

  /** From one node to another, or to all others: its datagrams pass. */
  private void cutLinks(int one, int other) {
    if (dice.chance(0.5)) {
      world.network.cutLinks(one, other);
    } else {
      world.machines.forEach(each -> world.network.cutLinks(one, each.id));
    }
  }

  private void halve() {
    List<Machine> here = world.machines.stream().filter(each -> dice.chance(0.5)).toList();
    for (Machine one : here) {
      for (Machine other : world.machines) {
        if (!here.contains(other)) {
          world.network.cut(one.id, other.id);
          world.network.cut(other.id, one.id);
        }
      }
    }
  }

  private void flap(int one, int other) {
    world.saw(Seen.FLAP);
    boolean bothWays = dice.chance(0.5);
    long at = 0;
    int times = 2 + dice.below(8);
    for (int i = 0; i < times; i++) {
      long closed = at;
      long open = closed + dice.between(10_000, 400_000);
      world.schedule.after(closed, () -> cut(one, other, bothWays));
      world.schedule.after(open, () -> open(one, other, bothWays));
      at = open + dice.between(10_000, 400_000);
    }
  }

  private void cut(int one, int other, boolean bothWays) {
    world.network.cut(one, other);
    if (bothWays) {
      world.network.cut(other, one);
    }
  }

  private void open(int one, int other, boolean bothWays) {
    world.network.open(one, other);
    if (bothWays) {
      world.network.open(other, one);
    }
  }
}
