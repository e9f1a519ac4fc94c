package org.rale.sim;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.rale.bytes.Bytes;
import org.rale.dstore.StoreCommand;
import org.rale.request.ErrorCode;
import org.rale.request.Request;
import org.rale.request.Response;

/**
 * One that has some leases, hangs keys on them and keeps them alive, now this one and now that: so
 * some last, and some end soon after they were kept alive.
 */
final class LeaseHolder {
  private static final int MOST_LEASES = 10;

  private final int id;
  private final World world;
  private final Dice dice;
  private final Caller caller;
  private final List<Long> leases = new ArrayList<>();
  private int values;
  private boolean ending;
  private boolean idle = true;

  LeaseHolder(int id, World world, Dice dice) {
    this.id = id;
    this.world = world;
    this.dice = dice;
    this.caller = new Caller(world, dice);
  }

  void begin() {
    idle = true;
    world.schedule.after(dice.between(5_000, 150_000), this::next);
  }

  void end() {
    ending = true;
  }

  boolean isIdle() {
    return ending && idle;
  }

  private void next() {
    if (ending) {
      return;
    }
    idle = false;
    int kind = dice.below(100);
    if (leases.isEmpty() || (kind < 15 && leases.size() < MOST_LEASES)) {
      grant();
    } else if (kind < 80) {
      keepAlive(dice.pick(leases));
    } else if (kind < 94) {
      put(dice.pick(leases));
    } else {
      revoke(dice.pick(leases));
    }
  }

  private void grant() {
    long ttlMs = dice.between(1_000, 2_500);
    caller.call(
        new Request.Change(new StoreCommand.LeaseGrant(caller.origin(), ttlMs)),
        (response, sent) -> {
          if (response instanceof Response.LeaseGranted granted) {
            leases.add(granted.lease());
            world.saw(Seen.LEASE_GRANTED);
            world.judges.leases.kept(granted.lease(), sent, granted.ttlMs());
          }
          begin();
        });
  }

  private void keepAlive(long lease) {
    caller.call(
        new Request.LeaseKeepAlive(lease),
        (response, sent) -> {
          if (response instanceof Response.LeaseKept kept) {
            world.saw(Seen.LEASE_KEPT);
            world.judges.leases.kept(kept.lease(), sent, kept.ttlMs());
          }
          denied(response, lease);
          begin();
        });
  }

  private void put(long lease) {
    Bytes key = Bytes.utf8("held" + id + "-" + dice.below(4));
    Bytes value = Bytes.utf8("h" + id + "-" + ++values);
    caller.call(
        new Request.Change(new StoreCommand.Put(caller.origin(), key, value, lease)),
        (response, sent) -> {
          if (response instanceof Response.Stored stored) {
            world.judges.once.told(
                key.toText(),
                value.toText(),
                stored.revision(),
                stored.createdRevision(),
                stored.version());
          }
          denied(response, lease);
          begin();
        });
  }

  private void denied(@Nullable Response response, long lease) {
    if (response instanceof Response.Failed failed && failed.code() == ErrorCode.LEASE_NOT_FOUND) {
      world.saw(Seen.LEASE_DENIED);
      world.judges.leases.denied(lease);
      leases.remove(lease);
    }
  }

  private void revoke(long lease) {
    leases.remove(lease);
    world.judges.leases.revoking(lease);
    caller.call(
        new Request.Change(new StoreCommand.LeaseRevoke(caller.origin(), lease)),
        (response, sent) -> {
          if (response instanceof Response.LeaseRevoked done) {
            world.saw(Seen.LEASE_REVOKED);
            world.judges.once.revoked(done);
          }
          begin();
        });
  }
}
