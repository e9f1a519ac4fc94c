package org.rale.sim;

import java.util.ArrayList;
import java.util.List;
import org.rale.history.History;

/**
 * Those who use transactions and leases: in half of the runs. Whether, and all that they do, comes
 * from dice of their own, so that the other runs are what they were before there was such a thing.
 */
final class Steps {
  private static final long SALT = 0x7472_616e_7361_6374L;

  private static final int PAIRS = 2;

  private final World world;
  private final History history;
  private final Dice dice;
  private final List<PairClient> pairs = new ArrayList<>();
  private final List<LeaseHolder> holders = new ArrayList<>();

  Steps(long seed, World world, History history) {
    this.world = world;
    this.history = history;
    this.dice = new Dice(seed ^ SALT);
    if (dice.chance(0.5)) {
      for (int id = 1 + dice.below(3); id > 0; id--) {
        pairs.add(new PairClient(100 + id, world, history, dice.split()));
      }
      for (int id = 1 + dice.below(4); id > 0; id--) {
        holders.add(new LeaseHolder(id, world, dice.split()));
      }
    }
  }

  void begin() {
    pairs.forEach(PairClient::begin);
    holders.forEach(LeaseHolder::begin);
  }

  /** Nobody begins anything new, and nobody keeps a lease alive. */
  void end() {
    pairs.forEach(PairClient::end);
    holders.forEach(LeaseHolder::end);
  }

  boolean isIdle() {
    return pairs.stream().allMatch(PairClient::isIdle)
        && holders.stream().allMatch(LeaseHolder::isIdle);
  }

  /** How many last looks there are. */
  int looks() {
    return pairs.isEmpty() ? 0 : PAIRS;
  }

  void lookAtAll() {
    for (int i = 0; i < looks(); i++) {
      PairClient.lookAt("pair" + i, world, dice, history);
    }
  }
}
