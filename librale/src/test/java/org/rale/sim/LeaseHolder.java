package org.rale.sim;

import org.rale.bytes.Bytes;
import org.rale.dstore.StoreCommand;
import org.rale.request.ErrorCode;
import org.rale.request.Request;
import org.rale.request.Response;

/**
 * One that gets a lease, hangs a key on it and keeps it alive, until it ends it, forgets it, or is
 * told that it has ended.
 */
final class LeaseHolder {
  private static final long NONE = 0;

  private final int id;
  private final World world;
  private final Dice dice;
  private final Caller caller;
  private long lease = NONE;
  private long ttlMs;
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
    rest(dice.between(0, 500_000));
  }

  void end() {
    ending = true;
  }

  boolean isIdle() {
    return ending && idle;
  }

  private void rest(long micros) {
    idle = true;
    world.schedule.after(micros, this::next);
  }

  private void next() {
    if (ending) {
      return;
    }
    idle = false;
    if (lease == NONE) {
      grant();
      return;
    }
    int kind = dice.below(100);
    if (kind < 70) {
      keepAlive();
    } else if (kind < 88) {
      put();
    } else if (kind < 94) {
      revoke();
    } else {
      lease = NONE; // Nobody keeps it alive any more.
      rest(dice.between(0, 1_000_000));
    }
  }

  private void grant() {
    long wanted = dice.between(1_000, 3_000);
    caller.call(
        new Request.Change(new StoreCommand.LeaseGrant(caller.origin(), wanted)),
        (response, sent) -> {
          if (response instanceof Response.LeaseGranted granted) {
            lease = granted.lease();
            ttlMs = granted.ttlMs();
            world.saw(Seen.LEASE_GRANTED);
            world.judges.leases.kept(lease, sent, ttlMs);
            rest(dice.between(0, 100_000));
          } else {
            rest(dice.between(50_000, 500_000));
          }
        });
  }

  private void keepAlive() {
    long kept = lease;
    caller.call(
        new Request.LeaseKeepAlive(kept),
        (response, sent) -> {
          if (response instanceof Response.LeaseKept answer) {
            world.saw(Seen.LEASE_KEPT);
            world.judges.leases.kept(answer.lease(), sent, answer.ttlMs());
          } else {
            denied(response, kept);
          }
          rest(dice.between(0, ttlMs * 1000 / 2));
        });
  }

  private void put() {
    long kept = lease;
    Bytes key = Bytes.utf8("held" + id + "-" + dice.below(2));
    Bytes value = Bytes.utf8("h" + id + "-" + ++values);
    caller.call(
        new Request.Change(new StoreCommand.Put(caller.origin(), key, value, kept)),
        (response, sent) -> {
          if (response instanceof Response.Stored stored) {
            world.judges.once.told(
                key.toText(),
                value.toText(),
                stored.revision(),
                stored.createdRevision(),
                stored.version());
          } else {
            denied(response, kept);
          }
          rest(dice.between(0, 100_000));
        });
  }

  private void denied(Object response, long kept) {
    if (response instanceof Response.Failed failed && failed.code() == ErrorCode.LEASE_NOT_FOUND) {
      world.saw(Seen.LEASE_DENIED);
      world.judges.leases.denied(kept);
      if (lease == kept) {
        lease = NONE;
      }
    }
  }

  private void revoke() {
    long revoked = lease;
    lease = NONE;
    world.judges.leases.revoking(revoked);
    caller.call(
        new Request.Change(new StoreCommand.LeaseRevoke(caller.origin(), revoked)),
        (response, sent) -> {
          if (response instanceof Response.LeaseRevoked done) {
            world.saw(Seen.LEASE_REVOKED);
            world.judges.once.revoked(done);
          }
          rest(dice.between(0, 200_000));
        });
  }
}
