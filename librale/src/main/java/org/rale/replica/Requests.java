package org.rale.replica;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.rale.dstore.Outcome;
import org.rale.dstore.StoreCodec;
import org.rale.dstore.StoreCommand;
import org.rale.raft.Effect;
import org.rale.raft.Entry;
import org.rale.raft.Input;
import org.rale.raft.Member;
import org.rale.raft.Refusal;
import org.rale.request.ErrorCode;
import org.rale.request.Request;
import org.rale.request.Response;
import org.rale.request.Response.Failed;
import org.rale.wire.HandshakeCodec;

/**
 * A request's way: here or to the leader, into the log, to its answer.
 *
 * <p>A change that was sent on its way and lost sight of (the leader died, the link broke) is tried
 * again with the same client id and sequence, so the table applies it once (S-15). What still is in
 * the open when time runs out is an unknown outcome, never a failure.
 */
final class Requests {
  /** Answers that say of this attempt alone that it changed nothing. */
  private static final Set<ErrorCode> NOT_TAKEN =
      EnumSet.of(ErrorCode.OVERLOADED, ErrorCode.STORE_FULL, ErrorCode.NOT_SUPPORTED);

  private final Unit unit;
  private final MembershipDesk desk;
  private final Founding founding;
  private final AtOnce atOnce;

  /** Changes of this leader's log, by index. */
  private final Map<Long, Operation> appended = new HashMap<>();

  private final ReadDesk reads;
  private final StoreRoom room;
  private final Formats formats;
  private final LeaseDesk leases;
  private final Forwards forwards;
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
    if (request instanceof Request.Change change
        && !request.isRead()
        && !change.command().origin().isPresent()) {
      operation.stamp(unit.session.next(unit.store().appliedIndex()));
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
      int id = node.nodeId();
      boolean told = unit.links.spoken(id) >= HandshakeCodec.CONNECTIONS_SINCE;
      return told && connection == ReplicaInput.Submit.ALONE ? null : new Line(id, connection);
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
        answer(operation, tooOld);
      }
    } else {
      unit.operations.park(operation, false);
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
      answer(operation, refusal);
      return;
    }
    operation.asked();
    formats.proposes(change);
    unit.ask(new Input.Propose(operation.id, StoreCodec.encode(change.command())));
  }

  void forwardAnswered(int from, long id, Response response) {
    Operation operation = forwards.answered(from, id);
    if (operation == null) {
      return;
    }
    boolean notTaken =
        response instanceof Failed failed
            && (failed.code() == ErrorCode.NO_LEADER
                || failed.code() == ErrorCode.SHUTTING_DOWN
                || failed.code() == ErrorCode.NOT_MEMBER);
    if (notTaken) {
      turnedAway(operation, false);
      return;
    }
    if (response instanceof Failed failed && !Operations.isOfTheTable(failed.code())) {
      // The leader's word is certain, as far as this attempt goes.
      operation.waitAgain(false);
    }
    answer(operation, response);
    forwards.advance();
  }

  /** The node does not know what became of the request, and nobody there will ever find out. */
  void forwardLost(int from, long id) {
    Operation operation = forwards.answered(from, id);
    if (operation != null) {
      turnedAway(operation, true);
    }
  }

  /** It found no room on the link to the node. */
  void forwardDropped(int nodeId, long id) {
    Operation operation = forwards.answered(nodeId, id);
    if (operation != null) {
      turnedAway(operation, false);
    }
  }

  /**
   * The node does not lead any more, or its link is full: it need not be asked again until
   * something is heard.
   */
  private void turnedAway(Operation operation, boolean perhaps) {
    unit.operations.park(operation, perhaps, afterRest());
    forwards.takeLine().forEach(other -> unit.operations.park(other, false, afterRest()));
  }

  private long afterRest() {
    return unit.now() + unit.config.raft().heartbeatTicks();
  }

  void accepted(long token, long index, long term) {
    Operation operation = unit.operations.find(token);
    if (operation != null) {
      operation.appended(index, term);
      if (operation.request() instanceof Request.Change change
          && change.command() instanceof StoreCommand.LeaseRevoke revoke) {
        leases.revoked(revoke.lease());
      }
      Operation displaced = appended.put(index, operation);
      if (displaced != null && !displaced.isDone()) {
        unit.operations.park(displaced, true);
      }
    }
  }

  void refused(long token, Refusal refusal) {
    Operation operation = unit.operations.find(token);
    if (operation == null || operation.phase() != Operation.Phase.ASKED) {
      return;
    }
    if (refusal == Refusal.OVERLOADED) {
      operation.waitAgain(false);
      answer(
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
    Operation operation = appended.remove(entry.index());
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
      answer(operation, response);
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
      for (Pipeline pipeline : unit.pipelines.takeStirred()) {
        if (pipeline.takeDisturbed()) {
          for (Operation displaced : pipeline.displaced()) {
            letGo(displaced);
            answer(displaced, Failures.displaced(displaced.request()));
          }
          for (Operation read : pipeline.tooEarly()) {
            letGo(read);
            read.held();
          }
        }
        Operation next = pipeline.next(unit.raft());
        while (next != null) {
          begin(next);
          next = pipeline.next(unit.raft());
        }
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
    forwards.takeFrom(node -> node != leader).forEach(each -> unit.operations.park(each, true));
    forwards.takeLine().forEach(each -> unit.operations.park(each, false));
    if (!unit.leads()) {
      List<Operation> mine = new ArrayList<>(appended.values());
      mine.sort(Comparator.comparingLong(Operation::index));
      appended.clear();
      mine.stream()
          .filter(operation -> !operation.isDone())
          .forEach(operation -> unit.operations.park(operation, true));
    }
    // What they wait for may be in no log any more.
    reads.takeOrdered().forEach(Operation::held);
    unit.pipelines.leaderChanged();
    retry(Long.MAX_VALUE);
  }

  /** The node is about to end: who only waits for news does not keep it. */
  void leave() {
    for (Operation operation : unit.operations.awaitingNews()) {
      letGo(operation);
      answer(operation, Failures.shuttingDown(unit.nodeId()));
    }
  }

  /** A link to the node broke: what it had, or its answer, may be lost. */
  void linkBroke(int nodeId) {
    forwards.takeFrom(node -> node == nodeId).forEach(each -> unit.operations.park(each, true));
    forwards.takeLine().forEach(each -> unit.operations.park(each, false));
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
        Response response = timeUp.response(operation);
        letGo(operation);
        answer(operation, response);
      }
    }
    reads.tick();
    forwards.advance();
    retry(unit.now());
  }

  /** Whoever has it forgets it: an entry of the log stays, what it was asked with does not. */
  private void letGo(Operation operation) {
    switch (operation.phase()) {
      case READABLE -> reads.drop(operation);
      case APPENDED -> appended.remove(operation.index(), operation);
      case IN_LINE, FORWARDED -> forwards.drop(operation);
      case WATCHING -> {
        watches.drop(operation);
        keyWatches.drop(operation);
      }
      default -> {}
    }
  }

  private void answer(Operation operation, Response response) {
    if (mayStillBeTold(operation, response)) {
      unit.operations.park(operation, false, afterRest());
      return;
    }
    if (operation.request() instanceof Request.Change change) {
      unit.session.close(change.command().origin());
    }
    unit.operations.answer(operation, response);
  }

  /**
   * Whether a change was not taken this time, and may have been applied by an earlier attempt. The
   * next attempt tells, if it is taken before the time is up; until then nothing is certain. What
   * may last is no reason to let others of its connection wait: one behind it may make the room.
   */
  private boolean mayStillBeTold(Operation operation, Response response) {
    return response instanceof Failed failed
        && NOT_TAKEN.contains(failed.code())
        && operation.request() instanceof Request.Change
        && operation.asker instanceof Asker.Client
        && operation.mayHaveHappened()
        && (failed.code() == ErrorCode.OVERLOADED || !othersWaitBehind(operation));
  }

  private static boolean othersWaitBehind(Operation operation) {
    Pipeline pipeline = operation.pipeline();
    return pipeline != null && pipeline.hasBehind(operation);
  }
}
