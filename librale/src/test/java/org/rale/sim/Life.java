package org.rale.sim;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.rale.clusterdb.ClusterDb;
import org.rale.clusterdb.DiskTask;
import org.rale.loop.Ticker;
import org.rale.raft.Event;
import org.rale.raft.RaftStatus;
import org.rale.replica.ClusterView;
import org.rale.replica.Outbox;
import org.rale.replica.Replica;
import org.rale.replica.ReplicaInput;
import org.rale.request.PathInfo;
import org.rale.request.Request;
import org.rale.request.Response;
import org.rale.wire.PeerMessage;

/** One life of a node, from start to crash: what the engine is in a real process. */
final class Life implements Outbox {
  /** Half of the shortest election timeout, as in a real process. */
  private static final int GAP_TICKS = Plan.ELECTION_TICKS_MIN / 2;

  /**
   * @param pausedBefore how long the machine had stood still when it was asked
   */
  /**
   * @param appliedBefore what any node had applied by then
   */
  private record Asked(
      Request request,
      long deadline,
      long pausedBefore,
      long appliedBefore,
      Consumer<Response> asker) {}

  final Machine machine;
  private final World world;
  private final Dice dice;
  private final Ticker ticker;
  private final DiskArm disk;
  private final Shadow shadow;
  private final Replica replica;
  private final Map<Long, Asked> asked = new HashMap<>();
  private List<ReplicaInput> inbox = new ArrayList<>();
  private ClusterView view;

  /** Whom the view wants linked, by id. */
  private final BitSet wanted = new BitSet();

  private RaftStatus status;
  private long tokens;
  private long nextTurn = Long.MAX_VALUE;
  private boolean leaving;
  private boolean dead;

  Life(Machine machine, World world, ClusterDb.Opened opened, Dice dice) {
    this.machine = machine;
    this.world = world;
    this.dice = dice.split();
    this.ticker = new Ticker(this::localNanos, Plan.TICK_MS, GAP_TICKS);
    this.shadow = new Shadow(opened.recovered(), world.coverage);
    this.disk = new DiskArm(this, world, opened.db(), dice.split());
    this.replica = new Replica(machine.config(), opened.recovered(), this.dice.generator(), this);
    this.view = replica.view();
    this.status = replica.raftStatus();
    wantPeers();
  }

  private void wantPeers() {
    wanted.clear();
    view.peers().forEach(peer -> wanted.set(peer.id()));
  }

  private long localNanos() {
    return (long) (world.schedule.now() * 1000 * machine.clockRate);
  }

  int id() {
    return machine.id;
  }

  Replica replica() {
    return replica;
  }

  Shadow shadow() {
    return shadow;
  }

  DiskArm disk() {
    return disk;
  }

  ClusterView clusterView() {
    return view;
  }

  /** Whether this node wants a link to the other one. */
  boolean wants(int id) {
    return wanted.get(id);
  }

  /** As of the end of the last turn. */
  RaftStatus status() {
    return status;
  }

  boolean isDead() {
    return dead;
  }

  void begin() {
    world.network.published(this);
    turnWithin(0);
  }

  void end() {
    dead = true;
    world.network.ended(this);
    asked.clear();
  }

  /** Whatever comes in from outside. */
  void deliver(ReplicaInput input) {
    if (!dead) {
      world.judges.delivered(this, input);
      inbox.add(input);
      turnWithin(dice.chance(0.05) ? dice.between(0, 20_000) : dice.between(0, 200));
    }
  }

  void submit(Request request, int timeoutMs, Consumer<Response> asker) {
    submit(ReplicaInput.Submit.ALONE, request, timeoutMs, asker);
  }

  /**
   * @param connection see {@link ReplicaInput.Submit}
   */
  void submit(long connection, Request request, int timeoutMs, Consumer<Response> asker) {
    long token = ++tokens;
    long deadline = world.schedule.now() + timeoutMs * 1000L;
    long applied = world.judges.applied.last();
    asked.put(token, new Asked(request, deadline, machine.pausedInAll(), applied, asker));
    deliver(new ReplicaInput.Submit(token, connection, request, timeoutMs));
  }

  /** The process shall end in good order; {@link Machine#stopped} is told when it may. */
  void leave() {
    leaving = true;
    deliver(new ReplicaInput.Leave());
  }

  void wake() {
    turnWithin(0);
  }

  private void turnWithin(long micros) {
    long at = Math.max(world.schedule.now() + micros, machine.pausedUntil());
    if (at < nextTurn) {
      nextTurn = at;
      world.schedule.after(at - world.schedule.now(), () -> turn(at));
    }
  }

  private void turn(long at) {
    if (dead || at != nextTurn) {
      return;
    }
    nextTurn = Long.MAX_VALUE;
    if (machine.isPaused()) {
      turnWithin(0);
      return;
    }
    List<ReplicaInput> inputs = inbox;
    inbox = new ArrayList<>();
    List<ReplicaInput> ticks = ticker.due();
    if (!inputs.isEmpty() || !ticks.isEmpty() || replica.isBehind()) {
      inputs.forEach(this::step);
      ticks.forEach(this::step);
      replica.flush();
      RaftStatus before = status;
      status = replica.raftStatus();
      world.judges.afterTurn(this, before);
      if (leaving && replica.mayEnd()) {
        machine.stopped(this);
        return;
      }
    }
    if (replica.isBehind()) {
      boolean applies =
          Math.min(status.commitIndex(), status.durableIndex()) > status.appliedIndex();
      world.saw(applies ? Seen.APPLYING_LEFT : Seen.READS_LEFT);
      turnWithin(dice.between(0, 20));
    }
    turnWithin(ticker.nanosToNext() / 1000 + 1 + dice.between(0, 300));
  }

  private void step(ReplicaInput input) {
    if (!(input instanceof ReplicaInput.Tick)) {
      world.trace.add("node", id(), "steps", input);
      if (input instanceof ReplicaInput.Woke) {
        world.saw(Seen.GAP);
      }
    }
    replica.step(input);
  }

  /** Requests that should have been answered before that time. */
  List<String> overdue(long time) {
    return asked.values().stream()
        .filter(open -> open.deadline() + machine.pausedInAll() - open.pausedBefore() < time)
        .map(open -> open.request() + " was due at " + open.deadline() / 1000 + " ms")
        .sorted()
        .toList();
  }

  @Override
  public void send(int nodeId, PeerMessage message) {
    world.judges.sent(this, nodeId, message);
    world.network.send(this, nodeId, message);
  }

  @Override
  public void disk(DiskTask task) {
    shadow.ordered(task);
    disk.order(task);
  }

  @Override
  public void reply(long token, Response response) {
    Asked open = asked.remove(token);
    if (open == null) {
      throw new SimFailure("node " + id() + " answers what nobody asks any more: " + response);
    }
    world.trace.add("node", id(), "answers", open.request(), "with", response);
    world.judges.answered(this, open.request(), open.appliedBefore(), response);
    world.schedule.after(dice.between(0, 500), () -> open.asker().accept(response));
  }

  @Override
  public void publish(ClusterView fresh) {
    view = fresh;
    wantPeers();
    world.network.published(this);
  }

  @Override
  public PathInfo path(int to) {
    return PathInfo.NOTHING;
  }

  @Override
  public void note(Event event) {
    world.trace.add("node", id(), event.level(), event.text());
    world.judges.noted(this, event);
  }
}
