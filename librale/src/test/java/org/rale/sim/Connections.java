package org.rale.sim;

import java.util.ArrayList;
import java.util.List;
import org.rale.raft.Role;
import org.rale.replica.ShareLimits;
import org.rale.wire.HandshakeCodec;

/**
 * Those who send changes and reads over one connection without waiting: in every third run.
 * Whether, and all that they do, comes from dice of their own, so that the other runs are what they
 * were without them.
 */
final class Connections {
  private static final long SALT = 0x636f_6e6e_6563_7473L;
  private static final long SHARE_SALT = 0x7368_6172_6573L;

  private final World world;
  private final Dice dice;
  private final int most;
  private final ShareLimits share;

  /** See {@link Connection}; then they are at nodes that pass changes on. */
  private final double breaks;

  private final List<Connection> all = new ArrayList<>();
  private boolean ending;

  Connections(long seed, World world) {
    this.world = world;
    this.dice = new Dice(seed ^ SALT);
    this.most = dice.chance(0.33) ? 1 + dice.below(3) : 0;
    Dice other = new Dice(seed ^ SHARE_SALT);
    this.share = most > 0 ? share(other) : ShareLimits.DEFAULT;
    boolean older = most > 0 && other.chance(0.3);
    if (older) {
      world.network.speaks(HandshakeCodec.CONNECTIONS_SINCE - 1);
    }
    // Nodes of older programs keep no order where a link breaks.
    this.breaks = most > 0 && !older && other.chance(0.5) ? 0.1 : 0;
  }

  private static ShareLimits share(Dice dice) {
    return dice.chance(0.5)
        ? new ShareLimits(1 + dice.below(5), 1 + dice.below(8), (int) dice.between(0, 500))
        : ShareLimits.DEFAULT;
  }

  /** Of all nodes: often such that connections are held. */
  ShareLimits share() {
    return share;
  }

  void begin() {
    for (int i = 0; i < most; i++) {
      world.schedule.after(dice.between(0, 1_000_000), this::connect);
    }
  }

  private void connect() {
    if (ending) {
      return;
    }
    List<Life> up = world.inCluster();
    List<Life> leaders = up.stream().filter(each -> each.status().role() == Role.LEADER).toList();
    if (up.isEmpty()) {
      world.schedule.after(100_000, this::connect);
      return;
    }
    if (breaks > 0) {
      leaders = up.stream().filter(each -> each.status().role() == Role.FOLLOWER).toList();
    }
    List<Life> replaced = leaders.stream().filter(each -> each != world.leader()).toList();
    Life life =
        dice.pick(
            !replaced.isEmpty() && dice.chance(0.5)
                ? replaced
                : !leaders.isEmpty() && dice.chance(0.8) ? leaders : up);
    Connection connection = new Connection(all.size() + 1L, world, dice.split(), life, breaks);
    all.add(connection);
    connection.begin();
    next(connection);
  }

  private void next(Connection connection) {
    world.schedule.after(
        20_000,
        () -> {
          if (connection.isDone()) {
            connect();
          } else {
            next(connection);
          }
        });
  }

  void end() {
    ending = true;
    all.forEach(Connection::end);
  }

  boolean isIdle() {
    return all.stream().allMatch(Connection::isDone);
  }

  void judge() {
    all.forEach(Connection::judge);
  }
}
