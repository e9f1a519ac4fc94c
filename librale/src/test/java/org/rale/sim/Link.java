package org.rale.sim;

import java.util.ArrayDeque;
import org.rale.replica.ReplicaInput;
import org.rale.wire.Identity;
import org.rale.wire.PeerMessage;

/**
 * A link between two processes, as TCP is: in order, stuck while the way is cut, and broken when it
 * is stuck for too long. What is under way when it breaks arrives or not.
 */
final class Link {
  private static final long STUCK_MICROS = 600_000;
  private static final long RETRY_MICROS = 20_000;

  private record Waiting(long readyAt, PeerMessage message) {}

  /** One direction. */
  private final class Lane {
    final Life from;
    final Life to;
    final ArrayDeque<Waiting> waiting = new ArrayDeque<>();
    long lastReady;
    long stuckSince = -1;
    boolean pumping;
    boolean closed;

    Lane(Life from, Life to) {
      this.from = from;
      this.to = to;
    }

    void send(PeerMessage message) {
      lastReady = Math.max(lastReady, world.schedule.now() + world.network.delay());
      waiting.add(new Waiting(lastReady, Wire.overLink(message)));
      pumpIn(lastReady - world.schedule.now());
    }

    private void pumpIn(long micros) {
      if (!pumping) {
        pumping = true;
        world.schedule.after(
            micros,
            () -> {
              pumping = false;
              pump();
            });
      }
    }

    private void pump() {
      if (closed || waiting.isEmpty()) {
        return;
      }
      long now = world.schedule.now();
      if (world.network.isStuck(from.id(), to.id())) {
        stuckSince = stuckSince < 0 ? now : stuckSince;
        if (now - stuckSince > STUCK_MICROS) {
          Link.this.close();
        } else {
          pumpIn(RETRY_MICROS);
        }
        return;
      }
      stuckSince = -1;
      while (!waiting.isEmpty() && waiting.peek().readyAt() <= now) {
        to.deliver(new ReplicaInput.FromPeer(identity(from), waiting.remove().message()));
      }
      if (!waiting.isEmpty()) {
        pumpIn(waiting.peek().readyAt() - now);
      }
    }

    /** What was under way on the one of two that broke is lost; the receiver hears of it. */
    void loseOne() {
      waiting.clear();
      world.schedule.after(
          dice.between(0, 50_000),
          () -> {
            if (!closed) {
              to.deliver(new ReplicaInput.LinkBroke(from.id()));
            }
          });
    }

    /** The receiver notices the end, at some time. */
    void close() {
      world.schedule.after(
          dice.chance(0.5) ? 0 : dice.between(0, 150_000),
          () -> {
            closed = true;
            to.deliver(new ReplicaInput.LinkDown(from.id()));
            ended();
          });
    }
  }

  final Life lower;
  final Life upper;
  private final World world;
  private final Dice dice;
  private final Identity lowerIdentity;
  private final Identity upperIdentity;
  private final Lane up;
  private final Lane down;
  private boolean closing;
  private int lanesClosed;

  Link(World world, Life lower, Life upper) {
    this.world = world;
    this.dice = world.dice.split();
    this.lower = lower;
    this.upper = upper;
    this.lowerIdentity = lower.clusterView().self();
    this.upperIdentity = upper.clusterView().self();
    this.up = new Lane(lower, upper);
    this.down = new Lane(upper, lower);
  }

  Life other(Life life) {
    return life == lower ? upper : lower;
  }

  /** Whether the process is still who it was when the link was made. */
  boolean isOf(Life life) {
    return identity(life).equals(life.clusterView().self());
  }

  /** As the handshake named it. */
  private Identity identity(Life life) {
    return life == lower ? lowerIdentity : upperIdentity;
  }

  void send(Life from, PeerMessage message) {
    if (!closing) {
      (from == lower ? up : down).send(message);
    }
  }

  /** There are two connections between nodes, one dialled by each; one of them breaks. */
  void loseOne() {
    if (!closing) {
      world.saw(Seen.ONE_LINK_BROKEN);
      world.trace.add("one of two links between", lower.id(), "and", upper.id(), "breaks");
      up.loseOne();
      down.loseOne();
    }
  }

  void close() {
    if (!closing) {
      closing = true;
      world.saw(Seen.LINK_BROKEN);
      world.trace.add("link between", lower.id(), "and", upper.id(), "breaks");
      up.close();
      down.close();
    }
  }

  private void ended() {
    lanesClosed++;
    if (lanesClosed == 2) {
      world.network.gone(this);
    }
  }
}
