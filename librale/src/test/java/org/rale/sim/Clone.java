package org.rale.sim;

import org.jspecify.annotations.Nullable;
import org.rale.bytes.Bytes;
import org.rale.dstore.Origin;
import org.rale.dstore.StoreCommand;
import org.rale.raft.RaftStatus;
import org.rale.raft.Role;
import org.rale.request.Request;
import org.rale.request.Response;

/**
 * A copy of a node's disk, started on another computer while the node lives. Its members refuse it,
 * so it must come to nothing: it never leads, writes nothing, and calls nothing fresh that it
 * reads.
 */
final class Clone {
  private static final int ASK_MICROS = 150_000;

  private final World world;
  private final Dice dice;
  private @Nullable Machine machine;

  Clone(World world, Dice dice) {
    this.world = world;
    this.dice = dice;
  }

  /** The process of the copy, while it runs. */
  @Nullable Life life() {
    Machine now = machine;
    return now == null ? null : now.life();
  }

  void begin(Machine original) {
    Life running = original.life();
    if (machine != null
        || running == null
        || original.isBroken()
        || !running.replica().identity().inCluster()) {
      return;
    }
    world.saw(Seen.CLONE);
    world.trace.add("node", original.id, "is copied, and the copy is started beside it");
    Machine copy = new Machine(original);
    machine = copy;
    copy.start();
    Life life = copy.life();
    // The only voter needs nobody's consent: two of it are a limit of the design.
    if (life == null || life.status().membership().voters().size() < 2) {
      end(copy);
      return;
    }
    ask(copy);
    world.schedule.after(dice.between(300_000, 3_000_000), () -> end(copy));
  }

  private void ask(Machine copy) {
    Life life = copy.life();
    if (machine != copy || life == null) {
      return;
    }
    Bytes key = Bytes.utf8("k0");
    Request request =
        dice.chance(0.5)
            ? new Request.Get(key, false)
            : new Request.Change(new StoreCommand.Put(Origin.NONE, key, Bytes.utf8("clone")));
    life.submit(request, 300, response -> requireFailure(request, response));
    world.schedule.after(ASK_MICROS, () -> ask(copy));
  }

  private static void requireFailure(Request request, Response response) {
    if (!(response instanceof Response.Failed)) {
      throw new SimFailure("a clone answers " + request + " with " + response);
    }
  }

  /** After each turn of a node. */
  void look(Life life, RaftStatus status) {
    if (life == life() && status.role() == Role.LEADER) {
      throw new SimFailure("a clone of node " + life.id() + " leads term " + status.term());
    }
  }

  void end() {
    Machine now = machine;
    if (now != null) {
      end(now);
    }
  }

  private void end(Machine copy) {
    if (machine == copy) {
      copy.die();
      machine = null;
      world.trace.add("the copy of node", copy.id, "is off");
    }
  }
}
