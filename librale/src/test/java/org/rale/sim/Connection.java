package org.rale.sim;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.rale.bytes.Bytes;
import org.rale.dstore.Origin;
import org.rale.dstore.StoreCommand;
import org.rale.dstore.TxnOp;
import org.rale.dstore.TxnResult;
import org.rale.request.ErrorCode;
import org.rale.request.Request;
import org.rale.request.Response;

/**
 * One connection to one node, over which changes and reads are sent without waiting for answers.
 * What they were told must be what they would have been told one by one: there is a place for each
 * in the log, between those of the requests before it and of those behind it, where a change stands
 * and at which a read sees what it was told. A change whose outcome is unknown may stand at any
 * place behind those before it.
 */
final class Connection {
  private static final int MOST_OPEN = 12;
  private static final int KEYS = 3;

  /** How the messages begin that say so. */
  private static final String DISPLACED = "this node lost sight";

  private static final String OVERTAKEN = "a change that was sent behind this one";

  /** One request and what came of it. */
  private static final class Sent {
    final Request request;
    final Bytes key;
    final long sequence;

    /** Of a change without an origin, which is a put; empty otherwise. */
    final Bytes value;

    final long at;
    long answeredAt;
    boolean besideChanges;
    @Nullable Response response;

    Sent(Request request, Bytes key, long sequence, Bytes value, long at) {
      this.value = value;
      this.at = at;
      this.request = request;
      this.key = key;
      this.sequence = sequence;
    }

    boolean changes() {
      return !request.isRead();
    }
  }

  private final long number;
  private final World world;
  private final Dice dice;
  private final Life life;
  private final long high;
  private final long low;
  private final List<Sent> sent = new ArrayList<>();
  private final int most;

  /**
   * Whether the node gives changes their origin, as it does for clients that know nothing of it.
   */
  private final boolean plain;

  /** How often one of the two links to the leader breaks when something is sent, 0 to 1. */
  private final double breaks;

  private int open;
  private long sequence;
  private boolean over;

  Connection(long number, World world, Dice dice, Life life, double breaks) {
    this.number = number;
    this.world = world;
    this.dice = dice;
    this.life = life;
    this.breaks = breaks;
    this.high = dice.number() | 1;
    this.low = dice.number();
    this.most = (int) dice.between(5, 60);
    this.plain = dice.chance(0.5);
  }

  void begin() {
    send();
  }

  /** Sends nothing any more. */
  void end() {
    over = true;
  }

  /** Whether nothing is sent any more, and all answers came that will come. */
  boolean isDone() {
    return life.isDead() || (over && open == 0);
  }

  private void send() {
    if (over || life.isDead()) {
      return;
    }
    for (int i = 1 + dice.below(8); i > 0 && open < MOST_OPEN; i--) {
      sendOne();
    }
    if (breaks > 0 && dice.chance(breaks)) {
      world.schedule.after(dice.between(0, 2_000), this::breakOne);
    }
    over = sent.size() >= most;
    world.schedule.after(
        dice.chance(0.3) ? dice.between(0, 40_000) : dice.between(0, 1_000), this::send);
  }

  private void breakOne() {
    Life leader = world.leader();
    if (leader != null) {
      world.network.loseOne(life.id(), leader.id());
    }
  }

  private void sendOne() {
    Sent one = draw();
    one.besideChanges =
        sent.stream().anyMatch(each -> each.response == null && each.changes() != one.changes());
    sent.add(one);
    open++;
    int timeoutMs = (int) (dice.chance(0.1) ? dice.between(1, 60) : dice.between(200, 3_000));
    life.submit(
        number,
        one.request,
        timeoutMs,
        response -> {
          one.response = response;
          one.answeredAt = world.schedule.now();
          open--;
        });
  }

  private Sent draw() {
    Bytes key = Bytes.utf8("line" + dice.below(KEYS));
    if (dice.chance(0.5)) {
      Request get = new Request.Get(key, false);
      Request txn =
          new Request.Change(
              new StoreCommand.Txn(Origin.NONE, List.of(), List.of(new TxnOp.Get(key)), List.of()));
      return new Sent(dice.chance(0.8) ? get : txn, key, 0, Bytes.EMPTY, world.schedule.now());
    }
    sequence++;
    Origin origin = plain ? Origin.NONE : new Origin(high, low, sequence, 0, false, 0);
    Bytes value = Bytes.utf8("n" + number + "-" + sequence);
    StoreCommand command =
        !plain && dice.chance(0.2)
            ? new StoreCommand.Delete(origin, key)
            : new StoreCommand.Put(origin, key, value);
    return new Sent(
        new Request.Change(command),
        key,
        sequence,
        plain ? value : Bytes.EMPTY,
        world.schedule.now());
  }

  /** Once all that will ever be applied is. */
  void judge() {
    long place = 0;
    for (int i = 0; i < sent.size(); i++) {
      Sent one = sent.get(i);
      if (one.response != null) {
        place =
            one.changes()
                ? judgeChange(one, one.response, place, before(i))
                : judgeRead(one, one.response, place, before(i));
      }
    }
  }

  /** The index of the first change behind this place that was ever applied, less one. */
  private long before(int place) {
    long index = Long.MAX_VALUE;
    for (Sent one : sent.subList(place + 1, sent.size())) {
      long at = one.changes() ? index(one) : 0;
      if (at > 0) {
        index = Math.min(index, at - 1);
      }
    }
    return index;
  }

  /** 0: it was not applied. */
  private long index(Sent one) {
    return plain
        ? world.judges.reference.indexOf(one.value)
        : world.judges.reference.indexOf(high, low, one.sequence);
  }

  /** Returns the place behind which all that come after it must be. */
  private long judgeChange(Sent one, Response response, long after, long before) {
    long index = index(one);
    if (response instanceof Response.Failed failed) {
      if (failed.code() != ErrorCode.UNKNOWN_OUTCOME && index > 0) {
        throw failure(one, "was told as not done and applied at " + index);
      }
      if (index > 0 && index <= after) {
        throw failure(one, "was applied at " + index + ", before " + after);
      }
      if (failed.message().startsWith(OVERTAKEN)) {
        world.saw(Seen.OVERTAKEN);
      }
      return after;
    }
    if (!(response instanceof Response.Stored || response instanceof Response.Deleted)) {
      throw failure(one, "was told what is no answer to a change");
    }
    if (index == 0) {
      throw failure(one, "was told as done and never applied");
    }
    if (index <= after || index > before) {
      throw failure(
          one, "was applied at " + index + ", not behind " + after + " and up to " + before);
    }
    return index;
  }

  /** Returns the place behind which all that come after it must be. */
  private long judgeRead(Sent one, Response response, long after, long before) {
    long revision = 0;
    if (response instanceof Response.Value value) {
      revision = value.revision();
    } else if (response instanceof Response.Txn txn) {
      revision = ((TxnResult.Got) txn.results().get(0)).revision();
    } else if (!(response instanceof Response.Failed failed)) {
      throw failure(one, "was told what is no answer to a read");
    } else if (failed.code() != ErrorCode.KEY_NOT_FOUND) {
      if (failed.message().startsWith(DISPLACED)) {
        world.saw(Seen.DISPLACED);
      }
      return after;
    }
    long place = world.judges.reference.firstBetween(one.key, revision, after, before);
    if (place < 0) {
      throw failure(
          one,
          "must see the changes up to "
              + after
              + " and none behind "
              + before
              + ", and saw revision "
              + revision);
    }
    if (one.besideChanges) {
      world.saw(Seen.READ_IN_PLACE);
    }
    return place;
  }

  private SimFailure failure(Sent one, String why) {
    StringBuilder all = new StringBuilder();
    for (Sent each : sent) {
      all.append(each == one ? "\n> " : "\n  ")
          .append(each.at)
          .append(" us ")
          .append(each.request)
          .append(", applied at ")
          .append(each.changes() ? index(each) : 0)
          .append(", told at ")
          .append(each.answeredAt)
          .append(" us: ")
          .append(each.response);
    }
    return new SimFailure(
        "connection "
            + number
            + " to node "
            + life.id()
            + ": "
            + one.request
            + " "
            + why
            + ". All that it sent:"
            + all);
  }
}
