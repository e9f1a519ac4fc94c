package org.rale.sim;

import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import org.rale.dstore.Outcome;
import org.rale.dstore.StoreCommand;

/**
 * A lease that was said to be alive is not ended before its holder has counted its time, from when
 * it sent the request; and nobody is told before that it has ended. Only a client may end it
 * earlier. What clocks may differ is the holder's to bear: the judge takes it off.
 */
final class KeptLeases {
  /** No machine's clock goes faster, see {@link Machine}. */
  private static final double FASTEST_CLOCK = 1.025;

  private final World world;

  /** By lease: until when it was promised. */
  private final Map<Long, Long> promised = new HashMap<>();

  /** By lease: when its end was applied first, anywhere. */
  private final Map<Long, Long> ended = new HashMap<>();

  private final Set<Long> revoked = new HashSet<>();

  KeptLeases(World world) {
    this.world = world;
  }

  /** A client was told so. */
  void kept(long lease, long sent, long ttlMs) {
    promised.merge(lease, sent + (long) (ttlMs * 1000 / FASTEST_CLOCK), Math::max);
    Long end = ended.get(lease);
    if (end != null) {
      check(lease, end, "has ended");
    }
  }

  /** A client is about to end it. */
  void revoking(long lease) {
    revoked.add(lease);
  }

  /** A client was told that there is no such lease. */
  void denied(long lease) {
    check(lease, world.schedule.now(), "is said to have ended");
  }

  /** A command was applied for the first time, anywhere. */
  void applied(StoreCommand command, Outcome outcome) {
    if (command instanceof StoreCommand.LeaseExpire expire
        && outcome instanceof Outcome.LeaseEnded) {
      world.saw(Seen.LEASE_EXPIRED);
      ended.put(expire.lease(), world.schedule.now());
      check(expire.lease(), world.schedule.now(), "has ended");
    }
  }

  private void check(long lease, long when, String what) {
    long until = promised.getOrDefault(lease, 0L);
    if (when < until && !revoked.contains(lease)) {
      throw new SimFailure(
          "lease "
              + lease
              + " "
              + what
              + " at "
              + when / 1000.0
              + " ms, and was promised until "
              + until / 1000.0
              + " ms");
    }
  }
}
