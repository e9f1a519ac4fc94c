package org.rale.sim;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.rale.bytes.Bytes;
import org.rale.request.Request;
import org.rale.request.Response;

/**
 * Those who follow keys, and who wait for one: in every seventh run or so. Whether, and all that
 * they do, comes from dice of their own, so that the other runs are what they were without them.
 */
final class Watchers {
  private static final long SALT = 0x7761_7463_6865_7273L;
  private static final List<String> PREFIXES = List.of("", "k", "k1", "pair", "held", "none");

  /** Two or three answers. */
  static final long FEW_BYTES = 1_500;

  private final long readBytesATurn;
  private final List<Mirror> mirrors = new ArrayList<>();
  private final List<Waiter> waiters = new ArrayList<>();

  /** One that waits for this key and for that. */
  private static final class Waiter {
    private final World world;
    private final Dice dice;
    private final Caller caller;
    private final Map<String, Long> known = new HashMap<>();
    private boolean ending;
    private boolean idle = true;

    Waiter(World world, Dice dice) {
      this.world = world;
      this.dice = dice;
      this.caller = new Caller(world, dice);
    }

    void begin() {
      idle = true;
      world.schedule.after(dice.between(0, 50_000), this::next);
    }

    private void next() {
      if (ending) {
        return;
      }
      idle = false;
      String key = dice.chance(0.3) ? "held1-" + dice.below(4) : "k" + dice.below(6);
      long revision = dice.chance(0.3) ? 0 : known.getOrDefault(key, 0L);
      caller.call(
          new Request.Wait(Bytes.utf8(key), revision),
          (response, sent) -> {
            if (response instanceof Response.Value value) {
              known.put(key, value.revision());
            }
            begin();
          });
    }
  }

  Watchers(long seed, World world) {
    Dice dice = new Dice(seed ^ SALT);
    boolean some = dice.chance(0.15);
    // With few bytes an answer holds one revision only; an answer gets a sixteenth of them.
    readBytesATurn = some ? dice.pick(List.of(FEW_BYTES, 8_000L, 60_000L)) : FEW_BYTES;
    if (some) {
      for (int i = 1 + dice.below(4); i > 0; i--) {
        mirrors.add(new Mirror(world, dice.split(), dice.pick(PREFIXES)));
      }
      for (int i = dice.below(4); i > 0; i--) {
        waiters.add(new Waiter(world, dice.split()));
      }
    }
  }

  /** What a node answers in a turn, in this run. */
  long readBytesATurn() {
    return readBytesATurn;
  }

  void begin() {
    mirrors.forEach(Mirror::begin);
    waiters.forEach(Waiter::begin);
  }

  void end() {
    mirrors.forEach(Mirror::end);
    waiters.forEach(waiter -> waiter.ending = true);
  }

  boolean isIdle() {
    return mirrors.stream().allMatch(Mirror::isIdle)
        && waiters.stream().allMatch(waiter -> waiter.idle);
  }

  /** Nothing goes wrong any more: all that happened up to the revision must reach them. */
  void catchUp(long revision) {
    mirrors.forEach(mirror -> mirror.catchUp(revision));
  }

  /** Rises with what they are told, while they catch up. */
  long told() {
    return mirrors.stream().mapToLong(Mirror::told).sum();
  }

  boolean haveCaughtUp() {
    return mirrors.stream().allMatch(Mirror::hasCaughtUp);
  }
}
