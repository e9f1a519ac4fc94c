package org.rale.sim;

import java.util.List;

/**
 * What one run is like, drawn from its seed.
 *
 * @param nodes how many machines there are; not all are members at all times
 * @param founders how many of them found the cluster together; 0: node 1 founds it alone, by ADD.
 *     Never 1: such a node founds a second cluster when it loses its disk
 * @param datagramLoss of each datagram
 * @param datagramDouble of each datagram
 * @param overLink how often a message that could go as a datagram goes over the link
 * @param networkMicros the usual way of a message
 * @param diskMicros the usual time of a sync
 * @param compactBytes see RewriteLimits, the constant
 * @param trailingBytes see RaftSettings
 * @param maxAppendBytes see RaftSettings
 * @param maxSizeBytes 0: unlimited
 * @param valueBytes the longest value
 * @param clients that send requests
 * @param pipeline how many requests a client has open at once, at the most
 * @param thinkMicros how long a client thinks
 * @param keys how many keys they use
 * @param faultMicros the time between two faults
 * @param operatorMicros the time between two orders of the operator
 * @param faultyMicros how long faults come
 * @param faults the kinds of them
 * @param orders of the operator. Either members are removed at will, or disks get lost, never both:
 *     a REMOVE under way could turn a loss that was bearable into one that is not
 */
record Plan(
    int nodes,
    int founders,
    double datagramLoss,
    double datagramDouble,
    double overLink,
    long networkMicros,
    long diskMicros,
    long compactBytes,
    long trailingBytes,
    int maxAppendBytes,
    long maxSizeBytes,
    int valueBytes,
    int clients,
    int pipeline,
    long thinkMicros,
    int keys,
    long faultMicros,
    long operatorMicros,
    long faultyMicros,
    Swarm<Fault> faults,
    Swarm<Order> orders) {
  static final int TICK_MS = 10;
  static final int ELECTION_TICKS_MIN = 15;
  static final int ELECTION_TICKS_MAX = 30;
  static final int HEARTBEAT_TICKS = 5;

  /** A tenth of the daemon's: a run is short. */
  static final int STEADY_TICKS = 100;

  /** This plan, and no more than that of it. */
  Plan within(Limits limits) {
    faults.exclude(List.copyOf(limits.noFaults()));
    orders.exclude(List.copyOf(limits.noOrders()));
    return new Plan(
        nodes,
        founders,
        datagramLoss,
        datagramDouble,
        overLink,
        networkMicros,
        diskMicros,
        compactBytes,
        trailingBytes,
        maxAppendBytes,
        maxSizeBytes,
        valueBytes,
        Math.min(clients, limits.clients()),
        Math.min(pipeline, limits.pipeline()),
        thinkMicros,
        Math.min(keys, limits.keys()),
        faultMicros,
        operatorMicros,
        Math.min(faultyMicros, limits.faultyMicros()),
        faults,
        orders);
  }

  static Plan draw(Dice dice) {
    int nodes = 3 + dice.below(4);
    boolean removes = dice.chance(0.5);
    Swarm<Fault> faults = Swarm.draw(dice, Fault.values());
    Swarm<Order> orders = Swarm.draw(dice, Order.values());
    if (removes) {
      faults.exclude(List.of(Fault.ROT));
      orders.exclude(
          List.of(
              Order.EMPTY_DISK,
              Order.REPLACE,
              Order.REPLACE_MEANWHILE,
              Order.OLD_COPY,
              Order.RETIRED));
    } else {
      orders.exclude(List.of(Order.REMOVE, Order.REMOVE_LEADER));
    }
    return new Plan(
        nodes,
        dice.chance(0.5) ? 0 : Math.min(nodes, 2 + dice.below(4)),
        dice.chance(0.3) ? 0 : dice.below(30) / 100.0,
        dice.chance(0.5) ? 0 : 0.1,
        dice.chance(0.2) ? 1 : 0.1,
        dice.between(100, 5_000),
        dice.chance(0.2) ? dice.between(20_000, 60_000) : dice.between(200, 8_000),
        dice.between(500, 20_000),
        trailing(dice),
        dice.chance(0.5) ? 1 << 16 : (int) dice.between(1, 2_000),
        dice.chance(0.2) ? dice.between(1_000, 4_000) : 0,
        dice.chance(0.3) ? 2_000 : 40,
        2 + dice.below(4),
        dice.chance(0.5) ? 1 : 1 + dice.below(5),
        dice.between(1_000, 60_000),
        1 + dice.below(6),
        dice.between(100_000, 1_500_000),
        dice.between(300_000, 2_000_000),
        12_000_000,
        faults,
        orders);
  }

  /** Nearly nothing, so that who lags gets a snapshot; or so much that logs can conflict. */
  private static long trailing(Dice dice) {
    if (dice.chance(0.25)) {
      return 0;
    }
    return dice.chance(0.4) ? dice.between(0, 4_000) : dice.between(4_000, 60_000);
  }
}
