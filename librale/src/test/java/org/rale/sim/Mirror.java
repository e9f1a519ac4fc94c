package org.rale.sim;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.rale.bytes.Bytes;
import org.rale.dstore.Item;
import org.rale.dstore.KeyChange;
import org.rale.request.ErrorCode;
import org.rale.request.Request;
import org.rale.request.Response;

/**
 * One that reads all keys with a prefix, and follows them from there, at whatever node: what it has
 * then must be what the table was at the revision up to which it was told.
 */
final class Mirror {
  private final World world;
  private final Dice dice;
  private final Caller caller;
  private final Bytes prefix;
  private final Map<Bytes, Item> items = new HashMap<>();

  /** Keys that are still to be read. */
  private final List<Bytes> unread = new ArrayList<>();

  /** Up to which it was told; -1: it has to begin anew. */
  private long position = -1;

  /** The newest revision that a GET may have seen. */
  private long read;

  private long goal = Long.MAX_VALUE;

  /** What it has was compared when it had come to the goal. */
  private boolean compared;

  private boolean ending;
  private boolean idle = true;

  Mirror(World world, Dice dice, String prefix) {
    this.world = world;
    this.dice = dice;
    this.caller = new Caller(world, dice);
    this.prefix = Bytes.utf8(prefix);
  }

  void begin() {
    idle = true;
    boolean hurries = goal < Long.MAX_VALUE;
    long most = hurries ? 2_000 : dice.chance(0.1) ? 1_500_000 : 30_000;
    world.schedule.after(dice.between(0, most), this::next);
  }

  void end() {
    ending = true;
  }

  boolean isIdle() {
    return ending && idle;
  }

  /** Goes on until it has seen everything up to the revision. */
  void catchUp(long revision) {
    ending = false;
    goal = revision;
    begin();
  }

  /** Up to which revision it was told all. */
  long told() {
    return Math.max(position, 0);
  }

  boolean hasCaughtUp() {
    return compared && unread.isEmpty();
  }

  private void next() {
    if (ending || !idle || hasCaughtUp()) {
      return;
    }
    idle = false;
    if (position < 0) {
      caller.call(new Request.Keys(prefix, 10_000), (response, sent) -> listed(response));
    } else if (!unread.isEmpty()) {
      Bytes key = unread.get(unread.size() - 1);
      caller.call(new Request.Get(key, false), (response, sent) -> got(key, response));
    } else {
      caller.call(new Request.Watch(prefix, position), (response, sent) -> told(response));
    }
  }

  private void listed(@Nullable Response response) {
    if (response instanceof Response.KeyList list) {
      items.clear();
      unread.addAll(list.keys());
      position = list.revision();
      read = 0;
    }
    begin();
  }

  private void got(Bytes key, @Nullable Response response) {
    if (response instanceof Response.Value value) {
      items.put(
          key, new Item(value.value(), value.revision(), value.createdRevision(), value.version()));
      read = Math.max(read, value.revision());
      unread.remove(key);
    } else if (response instanceof Response.Failed failed
        && failed.code() == ErrorCode.KEY_NOT_FOUND) {
      // It was taken out since KEYS, nobody says when.
      read = Math.max(read, world.judges.applied.last());
      unread.remove(key);
    }
    begin();
  }

  private void told(@Nullable Response response) {
    if (response instanceof Response.Events events) {
      for (KeyChange change : events.changes()) {
        Item item = change.item();
        if (item == null) {
          items.remove(change.key());
        } else {
          items.put(change.key(), item);
        }
      }
      position = events.revision();
      if (position >= read) {
        compare();
      }
    } else if (response instanceof Response.Failed failed
        && failed.code() == ErrorCode.REVISION_TOO_OLD
        && dice.chance(0.5)) {
      position = -1;
    }
    begin();
  }

  private void compare() {
    Map<Bytes, Item> right = world.judges.reference.itemsAt(prefix, position);
    if (!items.equals(right)) {
      throw new SimFailure(
          "a client followed "
              + prefix.toText()
              + " up to "
              + position
              + " and has "
              + items
              + ", where there is "
              + right);
    }
    compared = position >= goal;
    world.saw(Seen.MIRRORED);
  }
}
