package org.rale.sim;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.rale.bytes.Bytes;
import org.rale.dstore.Origin;
import org.rale.dstore.StoreCommand;
import org.rale.history.History;
import org.rale.history.Op;
import org.rale.request.ErrorCode;
import org.rale.request.Request;
import org.rale.request.Response;

/**
 * One that reads and writes at any node, with one or several requests open at a time. When it does
 * not learn what became of a change it may send it again elsewhere, under the same client id and
 * sequence, or leave it.
 */
final class Client {
  private static final int MOST_ATTEMPTS = 6;

  /** A request and the attempts at it. */
  private static final class Call {
    final Op op;
    final Request request;
    final boolean named;
    int attempts;

    /** The node that was asked last. */
    @Nullable Machine asked;

    boolean over;

    /** An earlier attempt may have happened. */
    boolean uncertain;

    Call(Op op, Request request, boolean named) {
      this.op = op;
      this.request = request;
      this.named = named;
    }

    Origin origin() {
      return request instanceof Request.Change change ? change.command().origin() : Origin.NONE;
    }

    Request attempt() {
      attempts++;
      if (attempts > 1 && request instanceof Request.Change change) {
        StoreCommand command = change.command();
        return new Request.Change(command.withOrigin(command.origin().asRetry()));
      }
      return request;
    }
  }

  private final int id;
  private final World world;
  private final History history;
  private final Dice dice;

  /** The last revision of each key that this client knows. */
  private final Map<String, Long> known = new HashMap<>();

  private long high;
  private long low;
  private long sequence;
  private long newest;
  private int values;
  private boolean ending;
  private final List<Call> open = new ArrayList<>();

  Client(int id, World world, History history) {
    this.id = id;
    this.world = world;
    this.history = history;
    this.dice = world.dice.split();
    rename();
  }

  private void rename() {
    high = dice.number() | 1;
    low = dice.number();
    sequence = 0;
  }

  void begin() {
    for (int i = 0; i < world.plan.pipeline(); i++) {
      think();
    }
  }

  private void think() {
    world.schedule.after(dice.between(0, 2 * world.plan.thinkMicros()), this::next);
  }

  /** Begins nothing new. */
  void end() {
    ending = true;
  }

  boolean isIdle() {
    return ending && open.isEmpty();
  }

  private void next() {
    if (!ending) {
      if (!open.isEmpty()) {
        world.saw(Seen.PIPELINED);
      }
      Call call = draw("k" + dice.below(world.plan.keys()));
      open.add(call);
      attempt(call);
    }
  }

  private Call draw(String key) {
    long now = world.schedule.now();
    Bytes name = Bytes.utf8(key);
    boolean named = dice.chance(0.7);
    Origin origin = Origin.NONE;
    int kind = dice.below(100);
    if (kind >= 40 && named) {
      long since = dice.chance(0.5) ? 0 : newest;
      sequence++;
      origin = new Origin(high, low, sequence, acknowledged(), false, since);
    }
    if (kind < 30) {
      Op op = new Op(id, Op.Kind.GET, key, null, 0, now);
      return new Call(op, new Request.Get(name, false), false);
    } else if (kind < 35) {
      Op op = new Op(id, Op.Kind.GET, key, null, 0, now);
      return new Call(op, new Request.Get(name, true), false);
    } else if (kind < 40) {
      Op op = new Op(id, Op.Kind.EXISTS, key, null, 0, now);
      return new Call(op, new Request.Keys(name, 10), false);
    } else if (kind < 75) {
      Op op = new Op(id, Op.Kind.PUT, key, value(), 0, now);
      return change(op, new StoreCommand.Put(origin, name, Bytes.utf8(op.value)), named);
    } else if (kind < 90) {
      long expected = known.getOrDefault(key, 0L);
      Op op = new Op(id, Op.Kind.CAS, key, value(), expected, now);
      return change(
          op, new StoreCommand.CompareAndSet(origin, name, expected, Bytes.utf8(op.value)), named);
    }
    Op op = new Op(id, Op.Kind.DELETE, key, null, 0, now);
    return change(op, new StoreCommand.Delete(origin, name), named);
  }

  /** All before the first of this name that is still open. */
  private long acknowledged() {
    return open.stream()
            .map(Call::origin)
            .filter(origin -> origin.isPresent() && origin.clientLow() == low)
            .mapToLong(Origin::sequence)
            .min()
            .orElse(sequence)
        - 1;
  }

  private Call change(Op op, StoreCommand command, boolean named) {
    history.add(op);
    return new Call(op, new Request.Change(command), named);
  }

  private String value() {
    String value = "c" + id + "-" + ++values + "-";
    return value + "x".repeat(dice.below(world.plan.valueBytes()));
  }

  private void attempt(Call call) {
    List<Life> up = new ArrayList<>(dice.chance(0.95) ? world.inCluster() : world.running());
    if (up.isEmpty()) {
      world.schedule.after(100_000, () -> attempt(call));
      return;
    }
    if (call.attempts > 0) {
      world.saw(Seen.RETRY);
      if (up.size() > 1) {
        up.removeIf(life -> life.machine == call.asked);
      }
    }
    Life asked = dice.pick(up);
    call.asked = asked.machine;
    // Some have no patience: their time is up in the turn in which the request comes.
    int timeoutMs = (int) (dice.chance(0.15) ? dice.between(1, 30) : dice.between(20, 3_000));
    int number = call.attempts + 1;
    asked.submit(
        call.attempt(),
        timeoutMs,
        response -> {
          if (!call.over && call.attempts == number) {
            answered(call, response);
          }
        });
    // The node may die: the connection breaks, and the client knows no more than that.
    world.schedule.after(
        timeoutMs * 1000L + 1_500_000,
        () -> {
          if (!call.over && call.attempts == number) {
            unknown(call);
          }
        });
  }

  private void answered(Call now, Response response) {
    Op op = now.op;
    if (response instanceof Response.Stored stored) {
      learn(op.key, stored.revision());
      told(op, stored.revision(), stored.createdRevision(), stored.version());
      close(now, true, stored.revision());
    } else if (response instanceof Response.Deleted deleted) {
      world.judges.once.deleted(op.key, deleted.count(), deleted.revision());
      close(now, deleted.count() == 1, deleted.revision());
    } else if (response instanceof Response.Value value) {
      op.value = value.value().toText();
      learn(op.key, value.revision());
      told(op, value.revision(), value.createdRevision(), value.version());
      read(now, true, value.revision());
    } else if (response instanceof Response.KeyList list) {
      read(now, list.keys().contains(Bytes.utf8(op.key)), 0);
    } else if (response instanceof Response.Failed failed) {
      failed(now, failed);
    } else {
      throw new SimFailure("client " + id + " gets " + response + " for " + op);
    }
  }

  private void told(Op op, long revision, long created, long version) {
    world.judges.once.told(op.key, String.valueOf(op.value), revision, created, version);
  }

  private void learn(String key, long revision) {
    known.put(key, revision);
    newest = Math.max(newest, revision);
  }

  private void failed(Call now, Response.Failed failed) {
    if (failed.code() == ErrorCode.REVISION_MISMATCH) {
      if (dice.chance(0.5)) {
        known.put(now.op.key, failed.revision());
      }
      close(now, false, failed.revision());
    } else if (failed.code() == ErrorCode.KEY_NOT_FOUND) {
      known.remove(now.op.key);
      read(now, false, 0);
    } else if (failed.code() == ErrorCode.UNKNOWN_OUTCOME || now.uncertain) {
      world.saw(Seen.UNKNOWN_OUTCOME);
      unknown(now);
    } else {
      if (failed.code() == ErrorCode.STORE_FULL) {
        world.saw(Seen.STORE_FULL);
      }
      // It is certain that this did not happen: nobody may ever see it.
      history.remove(now.op);
      rest(now);
    }
  }

  private void read(Call now, boolean yes, long revision) {
    boolean local = now.request instanceof Request.Get get && get.local();
    if (!local) {
      history.add(now.op);
    }
    close(now, yes, revision);
  }

  private void close(Call now, boolean yes, long revision) {
    now.op.yes = yes;
    now.op.revision = revision;
    now.op.to = world.schedule.now();
    rest(now);
  }

  private void unknown(Call now) {
    now.uncertain = true;
    boolean changes = now.request instanceof Request.Change;
    if (changes && now.named && now.attempts < MOST_ATTEMPTS && dice.chance(0.8)) {
      int before = now.attempts;
      world.schedule.after(
          dice.between(0, 300_000),
          () -> {
            if (!now.over && now.attempts == before) {
              attempt(now);
            }
          });
      return;
    }
    if (changes && dice.chance(0.5)) {
      rename();
    }
    rest(now);
  }

  /** A read of the key at some node, tried until it succeeds. */
  static void lookAt(String key, World world, History history) {
    Op op = new Op(0, Op.Kind.GET, key, null, 0, world.schedule.now());
    world
        .dice
        .pick(world.members())
        .submit(
            new Request.Get(Bytes.utf8(key), false),
            1_000,
            response -> {
              boolean missing =
                  response instanceof Response.Failed failed
                      && failed.code() == ErrorCode.KEY_NOT_FOUND;
              if (response instanceof Response.Value value) {
                op.value = value.value().toText();
                op.revision = value.revision();
                op.yes = true;
              } else if (!missing) {
                lookAt(key, world, history);
                return;
              }
              op.to = world.schedule.now();
              history.look(op);
            });
  }

  private void rest(Call call) {
    call.over = true;
    open.remove(call);
    think();
  }
}
