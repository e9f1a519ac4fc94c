package org.rale.sim;

import java.util.List;
import org.jspecify.annotations.Nullable;
import org.rale.bytes.Bytes;
import org.rale.dstore.Compare;
import org.rale.dstore.Compare.Relation;
import org.rale.dstore.Compare.Target;
import org.rale.dstore.Origin;
import org.rale.dstore.StoreCommand.Txn;
import org.rale.dstore.TxnOp;
import org.rale.dstore.TxnResult;
import org.rale.dstore.TxnResult.Deleted;
import org.rale.dstore.TxnResult.Got;
import org.rale.dstore.TxnResult.Stored;
import org.rale.history.History;
import org.rale.history.Op;
import org.rale.request.ErrorCode;
import org.rale.request.Request;
import org.rale.request.Response;

/**
 * One that changes two keys, always together, and reads both: whoever sees one without the other
 * sees half a transaction. So the two are one register, whose history is judged like that of a key.
 */
final class PairClient {
  private final int id;
  private final World world;
  private final History history;
  private final Dice dice;
  private final Caller caller;
  private long known;
  private int values;
  private boolean ending;
  private boolean idle = true;

  PairClient(int id, World world, History history, Dice dice) {
    this.id = id;
    this.world = world;
    this.history = history;
    this.dice = dice;
    this.caller = new Caller(world, dice);
  }

  void begin() {
    world.schedule.after(dice.between(0, 2 * world.plan.thinkMicros()), this::next);
  }

  void end() {
    ending = true;
  }

  boolean isIdle() {
    return ending && idle;
  }

  private static Bytes left(String pair) {
    return Bytes.utf8(pair + "-left");
  }

  private static Bytes right(String pair) {
    return Bytes.utf8(pair + "-right");
  }

  private static List<TxnOp> gets(String pair) {
    return List.of(new TxnOp.Get(left(pair)), new TxnOp.Get(right(pair)));
  }

  private void next() {
    if (ending) {
      return;
    }
    idle = false;
    String pair = "pair" + dice.below(2);
    int kind = dice.below(100);
    if (kind < 30) {
      read(pair, Origin.NONE);
    } else if (kind < 60) {
      change(pair, Op.Kind.PUT, 0);
    } else if (kind < 88) {
      change(pair, Op.Kind.CAS, dice.chance(0.8) ? known : 0);
    } else {
      change(pair, Op.Kind.DELETE, 0);
    }
  }

  private void read(String pair, Origin origin) {
    Op op = new Op(id, Op.Kind.GET, pair, null, 0, world.schedule.now());
    caller.call(
        new Request.Change(new Txn(origin, List.of(), gets(pair), List.of())),
        (response, sent) -> {
          if (response instanceof Response.Txn txn) {
            see(world, op, txn.results());
            history.add(op);
            known = op.revision;
          }
          rest();
        });
  }

  private void change(String pair, Op.Kind kind, long expected) {
    String value = kind == Op.Kind.DELETE ? null : "p" + id + "-" + ++values + "-";
    Op op = new Op(id, kind, pair, value, expected, world.schedule.now());
    history.add(op);
    caller.call(new Request.Change(txn(op)), (response, sent) -> answered(op, response));
  }

  private Txn txn(Op op) {
    Bytes left = left(op.key);
    Bytes right = right(op.key);
    if (op.kind == Op.Kind.DELETE) {
      return new Txn(
          caller.origin(),
          List.of(),
          List.of(new TxnOp.Delete(left), new TxnOp.Delete(right)),
          List.of());
    }
    Bytes value = Bytes.utf8(String.valueOf(op.value));
    List<Compare> compares =
        op.kind == Op.Kind.PUT
            ? List.of()
            : List.of(
                Compare.number(left, Target.REVISION, Relation.EQUAL, op.expected),
                Compare.number(right, Target.REVISION, Relation.EQUAL, op.expected));
    return new Txn(
        caller.origin(),
        compares,
        List.of(new TxnOp.Put(left, value, 0), new TxnOp.Put(right, value, 0)),
        gets(op.key));
  }

  private void answered(Op op, @Nullable Response response) {
    if (response instanceof Response.Txn txn) {
      world.judges.once.transacted(txn);
      world.saw(txn.succeeded() ? Seen.TXN : Seen.TXN_FAILED);
      if (txn.succeeded()) {
        done(op, txn);
      } else {
        Got got = alike(op, txn.results(), Got.class);
        op.revision = got.revision();
        op.yes = false;
        known = got.revision();
      }
      op.to = world.schedule.now();
    } else if (response instanceof Response.Failed failed) {
      if (failed.code() == ErrorCode.NOT_SUPPORTED) {
        world.saw(Seen.TXN_NOT_YET);
      }
      // It is certain that this did not happen: nobody may ever see it.
      history.remove(op);
    } else if (response != null) {
      throw new SimFailure("client " + id + " gets " + response + " for " + op);
    }
    rest();
  }

  private void done(Op op, Response.Txn txn) {
    op.revision = txn.revision();
    op.yes = true;
    if (op.kind == Op.Kind.DELETE) {
      op.yes = alike(op, txn.results(), Deleted.class).count() == 1;
    } else {
      Stored stored = alike(op, txn.results(), Stored.class);
      known = txn.revision();
      for (Bytes key : List.of(left(op.key), right(op.key))) {
        world.judges.once.told(
            key.toText(),
            String.valueOf(op.value),
            txn.revision(),
            stored.createdRevision(),
            stored.version());
      }
    }
  }

  /** The two results, which must be one and the same. */
  private static <T extends TxnResult> T alike(Op op, List<TxnResult> results, Class<T> kind) {
    if (results.size() != 2
        || !results.get(0).equals(results.get(1))
        || !kind.isInstance(results.get(0))) {
      throw new SimFailure("half a transaction: " + results + " for " + op);
    }
    return kind.cast(results.get(0));
  }

  private static void see(World world, Op op, List<TxnResult> results) {
    Got got = alike(op, results, Got.class);
    Bytes value = got.value();
    op.yes = got.found();
    op.revision = got.revision();
    op.to = world.schedule.now();
    if (got.found() != (value != null)) {
      throw new SimFailure("a read without its value: " + results + " for " + op);
    }
    if (value != null) {
      op.value = value.toText();
      for (Bytes key : List.of(left(op.key), right(op.key))) {
        world.judges.once.told(
            key.toText(), op.value, got.revision(), got.createdRevision(), got.version());
      }
    }
  }

  /** A last look at a pair at some node, tried until it succeeds. */
  static void lookAt(String pair, World world, Dice dice, History history) {
    Op op = new Op(0, Op.Kind.GET, pair, null, 0, world.schedule.now());
    dice.pick(world.members())
        .submit(
            new Request.Change(new Txn(Origin.NONE, List.of(), gets(pair), List.of())),
            1_000,
            response -> {
              if (response instanceof Response.Txn txn) {
                see(world, op, txn.results());
                history.look(op);
              } else {
                lookAt(pair, world, dice, history);
              }
            });
  }

  private void rest() {
    idle = true;
    begin();
  }
}
