package org.rale.replica;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.rale.dstore.Outcome;
import org.rale.dstore.StoreCodec;
import org.rale.dstore.StoreCommand;
import org.rale.raft.Effect;
import org.rale.raft.Entry;
import org.rale.raft.Input;
import org.rale.raft.Member;
import org.rale.raft.Refusal;
import org.rale.request.Request;
import org.rale.request.Response;

/**
 * A request's way: here or to the leader, into the log, to its answer.
 *
 * <p>A change that was sent on its way and lost sight of (the leader died, the link broke) is tried
 * again with the same client id and sequence, so the table applies it once (S-15). What still is in
 * the open when time runs out is an unknown outcome, never a failure.
 */
final class Requests {
  private final Unit unit;
  private final MembershipDesk desk;
  private final Founding founding;
  private final AtOnce atOnce;

  private final Appended appended = new Appended();
  private final ReadDesk reads;
  private final StoreRoom room;
  private final Formats formats;
  private final LeaseDesk leases;
  private final Forwards forwards;
  private final Endings endings;

  /** What comes back of requests that were passed on. */
  final Passing passing;

  private final LeaderWatches watches;
  private final KeyWatches keyWatches;
  private final TimeUp timeUp;
  private @Nullable Operation foundingOperation;

  Requests(
      Unit unit,
      MembershipDesk desk,
      Founding founding,
      Reports reports,
      LeaseDesk leases,
      Formats formats) {
    this.unit = unit;
    this.desk = desk;
    this.founding = founding;
    this.leases = leases;
    this.keyWatches = new KeyWatches(unit);
    this.reads = new ReadDesk(unit, leases, keyWatches);
    this.room = new StoreRoom(unit);
    this.formats = formats;
    this.watches = new LeaderWatches(unit, reports);
    this.atOnce = new AtOnce(unit, founding, reports, reads, watches);
    this.forwards = new Forwards(unit);
    this.endings = new Endings(unit, appended, forwards, reads, watches, keyWatches);
    this.passing = new Passing(unit, forwards, endings);
    this.timeUp = new TimeUp(unit, founding, desk, watches, keyWatches);
  }

  /**
   * @param connection of the asker's node, see {@link ReplicaInput.Submit}
   */
  void submit(Asker asker, long connection, Request request, int timeoutMs) {
    Response now = atOnce.answer(asker, request);
    if (now != null) {
      unit.operations.tell(asker, now);
      return;
    }
    if (!unit.operations.admits(request)) {
      unit.operations.tell(
          asker,
          Failures.overloaded(
              "node " + unit.nodeId() + " has as many requests under way as it takes"));
      return;
    }
    long deadline = unit.now() + unit.config.ticks(patienceMs(request, timeoutMs));
    Operation operation = unit.operations.open(asker, request, deadline);
    Line line = line(asker, connection);
    if (line != null && Pipeline.takes(request)) {
      unit.pipelines.enter(line, operation);
    }
    if (request instanceof Request.WatchLeader) {
      watches.add(operation);
      return;
    }
    if (request instanceof Request.Remove remove) {
      operation.means(unit.membership().member(remove.id()).map(Member::incarnation).orElse(0L));
    }
    if (unit.identity().inCluster()) {
      attempt(operation);
    } else {
      outside(operation);
    }
  }

  /** Null: it minds no order. */
  private @Nullable Line line(Asker asker, long connection) {
    if (asker instanceof Asker.Node node) {
      // A node of an older program names no connection: all that it passes on is one line.
      return new Line(node.nodeId(), connection);
    }
    return connection == ReplicaInput.Submit.ALONE ? null : new Line(0, connection);
  }

  private static long patienceMs(Request request, int timeoutMs) {
    if (request.awaitsNews()) {
      return Math.min(timeoutMs, LeaderWatches.LONGEST_MS);
    }
    return request instanceof Request.Add ? timeoutMs * 4L / 5 : timeoutMs;
  }

  private void outside(Operation operation) {
    if (operation.request() instanceof Request.Add add) {
      founding.found(operation, add);
      if (!operation.isDone()) {
        foundingOperation = operation;
      }
    } else {
      unit.operations.park(operation, false);
    }
  }

  private void attempt(Operation operation) {
    Pipeline pipeline = operation.pipeline();
    if (pipeline == null) {
      begin(operation);
    } else if (pipeline.admits(operation, unit.raft())) {
      begin(operation);
    } else {
      operation.held();
    }
  }

  private void begin(Operation operation) {
    stamp(operation);
    boolean read =
        operation.request().isRead() && !(operation.request() instanceof Request.LeaseKeepAlive);
    if (Backups.isLocal(operation.request())) {
      reads.ready(operation, 0, unit.raft().term());
    } else if (keyWatches.isKnown(operation.request())) {
      keyWatches.enter(operation);
    } else if (operation.request() instanceof Request.Remove remove
        && remove.incarnation() == 0
        && operation.mayHaveHappened()) {
      // Whoever has the id by now may be another one than was meant.
      unit.operations.answer(
          operation,
          Failures.unknownOutcome(remove, "this node knew of no such member when it was asked"));
    } else if (operation.request() instanceof Request.Transfer transfer
        && operation.isHandedOver(transfer.id(), unit.raft().leaderId())) {
      unit.operations.answer(operation, new Response.Transferred(unit.raft().leaderId()));
    } else if (read && unit.raft().leaderId() >= 0) {
      operation.asked();
      unit.ask(new Input.Read(operation.id));
    } else if (unit.leads()) {
      lead(operation);
    } else if (operation.asker instanceof Asker.Node) {
      // It looked for the leader and did not find it here; it knows best where to look next.
      unit.operations.answer(operation, Failures.notLeader(unit.nodeId()));
    } else if (unit.links.isUp(unit.raft().leaderId())) {
      Response tooOld = formats.refusalToForward(operation.request(), unit.raft().leaderId());
      if (tooOld == null) {
        forwards.send(operation);
      } else {
        endings.answer(operation, tooOld);
      }
    } else {
      unit.operations.park(operation, false);
    }
  }

  /** Not before it begins: what is held or waits falls behind those that others have made. */
  private void stamp(Operation operation) {
    if (operation.asker instanceof Asker.Client
        && operation.request() instanceof Request.Change change
        && !change.isRead()
        && !change.command().origin().isPresent()) {
      operation.stamp(unit.session.next(change.command(), unit.store().appliedIndex()));
    }
  }

  private void lead(Operation operation) {
    if (operation.request() instanceof Request.LeaseKeepAlive) {
      operation.asked();
      unit.ask(new Input.Read(operation.id));
      return;
    }
    if (!(operation.request() instanceof Request.Change change)) {
      desk.take(operation);
      return;
    }
    if (founding.isUnderWay()) {
      unit.operations.park(operation, false);
      return;
    }
    Response refusal = formats.refusal(change);
    if (refusal == null) {
      refusal = room.refusal(change.command());
    }
    if (refusal != null) {
      endings.answer(operation, refusal);
      return;
    }
    Refusal busy = unit.raft().refusal();
    if (busy != null) {
      refused(operation, busy);
      return;
    }
    if (!unit.turns.take(operation)) {
      unit.operations.answer(operation, Failures.outOfTurn());
      return;
    }
    operation.asked();
    formats.proposes(change);
    unit.ask(new Input.Propose(operation.id, StoreCodec.encode(change.command())));
  }

  void accepted(long token, long index, long term) {
    Operation operation = unit.operations.find(token);
    if (operation != null) {
      if (operation.request() instanceof Request.Change change
          && change.command() instanceof StoreCommand.LeaseRevoke revoke) {
        leases.revoked(revoke.lease());
      }
      Operation displaced = appended.put(operation, index, term);
      if (displaced != null && !displaced.isDone()) {
        unit.operations.park(displaced, true);
      }
    }
  }

  void refused(long token, Refusal refusal) {
    Operation operation = unit.operations.find(token);
    if (operation != null && operation.phase() == Operation.Phase.ASKED) {
      operation.waitAgain(false);
      refused(operation, refusal);
    }
  }

  private void refused(Operation operation, Refusal refusal) {
    if (refusal == Refusal.OVERLOADED) {
      endings.answer(
          operation, Failures.overloaded("too many requests wait for a majority of the cluster"));
    } else {
      unit.operations.park(operation, false);
    }
  }

  void readReady(Effect.ReadReady ready) {
    Operation operation = unit.operations.find(ready.token());
    if (operation == null || operation.phase() != Operation.Phase.ASKED) {
      return;
    }
    Pipeline pipeline = operation.pipeline();
    if (pipeline == null) {
      reads.ready(operation, ready.index(), ready.term());
      return;
    }
    for (Operation read : pipeline.confirmedBy(operation, unit.leads())) {
      long place = pipeline.place(read, ready.index(), ready.term());
      if (place < 0) {
        read.held();
        unit.pipelines.stir(pipeline);
      } else {
        reads.ready(read, place, ready.term());
      }
    }
  }

  /**
   * The entry is about to be applied: now, and never again, the reads before it see what they are
   * to see.
   *
   * @return what it was asked with, for {@link #applied}
   */
  @Nullable Operation applying(Entry entry) {
    Operation operation = appended.take(entry.index());
    Pipeline pipeline = operation == null ? null : operation.pipeline();
    if (operation != null && pipeline != null && operation.term() == entry.term()) {
      for (Operation read : pipeline.readsBefore(operation)) {
        if (read.phase() == Operation.Phase.READABLE && read.index() < entry.index()) {
          reads.answer(read);
        } else {
          unit.operations.answer(read, Failures.displaced(read.request()));
        }
      }
    }
    return operation;
  }

  /** The entry was applied with this outcome. */
  void applied(@Nullable Operation operation, Entry entry, Outcome outcome) {
    if (operation == null || operation.isDone()) {
      return;
    }
    Response response =
        operation.term() == entry.term() ? response(operation, entry, outcome) : null;
    if (response != null) {
      endings.answer(operation, response);
    } else {
      unit.operations.park(operation, true);
    }
  }

  /** Null where another node has to be asked. */
  private @Nullable Response response(Operation operation, Entry entry, Outcome outcome) {
    return outcome instanceof Outcome.LeaseGranted granted
        ? leases.granted(entry, granted)
        : Answers.of(operation.request(), outcome);
  }

  /** Begins what was held, and puts right what another leader brought out of its order. */
  void advance() {
    while (unit.pipelines.anyStirred()) {
      List<Pipeline> stirred = unit.pipelines.takeStirred();
      stirred.stream().filter(Pipeline::takeDisturbed).forEach(this::putRight);
      beginInTurns(new ArrayDeque<>(stirred));
    }
  }

  private void putRight(Pipeline pipeline) {
    for (Operation displaced : pipeline.displaced()) {
      endings.end(displaced, Failures.displaced(displaced.request()));
    }
    for (Operation read : pipeline.tooEarly()) {
      endings.letGo(read);
      read.held();
    }
  }

  /**
   * One of each and then the next. What floods is answered by the batch, so all begin from nothing
   * at once: whoever came first would take half of their {@link Share}, the next one half of the
   * rest, and be first again in the next batch.
   */
  private void beginInTurns(Deque<Pipeline> pipelines) {
    while (!pipelines.isEmpty()) {
      Pipeline pipeline = pipelines.remove();
      Operation next = pipeline.next(unit.raft());
      if (next != null) {
        begin(next);
        pipelines.add(pipeline);
      }
    }
  }

  /** Answers reads, as many as a turn has time for. */
  void serveReads() {
    reads.serve();
    keyWatches.serve();
  }

  /** Whether {@link #serveReads} left some to the next turn. */
  boolean isBehind() {
    return reads.isBehind() || keyWatches.isBehind() || unit.pipelines.anyStirred();
  }

  /** Another leader, or none: what the old one had is tried again. */
  void leaderChanged(int leader) {
    watches.changed();
    passing.leaderChanged(leader);
    if (!unit.leads()) {
      appended.takeAll().stream()
          .filter(operation -> !operation.isDone())
          .forEach(operation -> unit.operations.park(operation, true));
    }
    // What they wait for may be in no log any more.
    reads.takeOrdered().forEach(Operation::held);
    unit.pipelines.leaderChanged();
    unit.turns.forgetAll();
    retry(Long.MAX_VALUE);
  }

  /** The node is about to end: who only waits for news does not keep it. */
  void leave() {
    for (Operation operation : unit.operations.awaitingNews()) {
      endings.end(operation, Failures.shuttingDown(unit.nodeId()));
    }
  }

  /** Tries those again that wait for a leader, or for the desk, and may be tried by this tick. */
  private void retry(long tick) {
    if (unit.raft().leaderId() < 0) {
      return;
    }
    for (Operation operation : unit.operations.takeWaiting(tick)) {
      Pipeline pipeline = operation.pipeline();
      if (pipeline == null) {
        attempt(operation);
      } else {
        // Its turn comes when it is known which of them have lost their places.
        operation.held();
        unit.pipelines.stir(pipeline);
      }
    }
  }

  void tick() {
    Operation waits = foundingOperation;
    if (waits != null) {
      founding.answer(waits);
      if (waits.isDone()) {
        foundingOperation = null;
      }
    }
    for (Operation operation : unit.operations.expired(unit.now())) {
      if (!desk.expire(operation)) {
        endings.end(operation, timeUp.response(operation));
      }
    }
    reads.tick();
    forwards.advance();
    retry(unit.now());
  }
}
