package org.rale.replica;

import org.jspecify.annotations.Nullable;
import org.rale.dstore.Origin;
import org.rale.dstore.StoreCommand;
import org.rale.request.Request;

/** A request on its way, from when it came until it is answered. */
final class Operation {
  /** Where it is. */
  enum Phase {
    /** Nowhere: it is tried when there is a leader to try it with. */
    WAITING,
    /** The rules have it, and will accept or refuse it: it may be in the log already. */
    ASKED,
    /** It is an entry of the log at {@link #index}. */
    APPENDED,
    /** It begins when those of its connection before it let it, see {@link Pipeline}. */
    HELD,
    /** It goes to the leader when that has answered some of those before it. */
    IN_LINE,
    /** The leader has it. */
    FORWARDED,
    /** A read that may be answered when {@link #index} is applied. */
    READABLE,
    /** It is answered when there is another leader, or when keys change behind {@link #index}. */
    WATCHING,
    /** The membership desk works on it. */
    WORKING,
    DONE
  }

  final long id;
  final Asker asker;
  final long deadline;

  /** What it takes in memory, about. */
  final long bytes;

  private Request request;
  private Phase phase = Phase.WAITING;
  private long index;
  private long term;
  private int forwardedTo;

  /** Of its connection; null: it minds no order. */
  private @Nullable Pipeline pipeline;

  /** While it waits: not to be tried before this tick, unless another node leads. */
  private long notBefore;

  /** Of REMOVE: the incarnation of the member that was meant; 0: the node was no member. */
  private long meant;

  /** An earlier attempt may have been appended: a failure can't be told for certain (S-15). */
  private boolean uncertain;

  private boolean lost;
  private long began;
  private long after;

  Operation(long id, Asker asker, Request request, long deadline) {
    this.id = id;
    this.asker = asker;
    this.request = request;
    this.deadline = deadline;
    this.bytes = request.bytes();
  }

  Request request() {
    return request;
  }

  Phase phase() {
    return phase;
  }

  /** The log index at which it stands, which a read waits for, or up to which a watch has seen. */
  long index() {
    return index;
  }

  /** The term in which it was appended, or in which a read may be answered. */
  long term() {
    return term;
  }

  int forwardedTo() {
    return forwardedTo;
  }

  long notBefore() {
    return notBefore;
  }

  void rest(long untilTick) {
    notBefore = untilTick;
  }

  boolean isDone() {
    return phase == Phase.DONE;
  }

  /** Whether it may take effect, or have taken effect, without this node knowing. */
  boolean mayHaveHappened() {
    return !request.isRead()
        && (uncertain
            || phase == Phase.ASKED
            || phase == Phase.APPENDED
            || phase == Phase.FORWARDED
            || phase == Phase.WORKING);
  }

  /**
   * Whether the leader that was asked to hand over has done so: to ask the next one too would hand
   * leadership over twice.
   */
  boolean isHandedOver(int wanted, int leader) {
    return uncertain
        && forwardedTo != 0
        && leader > 0
        && leader != forwardedTo
        && (wanted == 0 || wanted == leader);
  }

  void stamp(Origin origin) {
    if (request instanceof Request.Change change) {
      request = new Request.Change(change.command().withOrigin(origin));
    }
  }

  /**
   * The member that a REMOVE means, by its incarnation: another one that has the id when the
   * request is tried again stays.
   */
  void means(long incarnation) {
    meant = incarnation;
  }

  @Nullable Pipeline pipeline() {
    return pipeline;
  }

  /**
   * @param of null: it minds no order any more
   */
  void joins(@Nullable Pipeline of) {
    pipeline = of;
  }

  /** Whether it waits for its turn, and nothing was done about it since it came or was parked. */
  boolean isIdle() {
    return phase == Phase.WAITING || phase == Phase.HELD;
  }

  /** Whether its last attempt may have been appended. It is idle. */
  boolean isLost() {
    return lost;
  }

  /** The number of its last attempt among those of its pipeline; 0: there was none. */
  long began() {
    return began;
  }

  /** The change before it that was under way when its last attempt began, by id; 0: none. */
  long after() {
    return after;
  }

  /**
   * @param before the change of its pipeline that began last; null: none that is still under way
   */
  void begins(long number, @Nullable Operation before) {
    began = number;
    after = before == null ? 0 : before.id;
  }

  /** The only place where the phase changes: its pipeline goes by it. */
  private void go(Phase to) {
    if (pipeline != null) {
      pipeline.moves(this, to);
    }
    phase = to;
  }

  void held() {
    go(Phase.HELD);
  }

  void asked() {
    go(Phase.ASKED);
  }

  void appended(long at, long atTerm) {
    go(Phase.APPENDED);
    index = at;
    term = atTerm;
  }

  void readable(long at, long atTerm) {
    go(Phase.READABLE);
    index = at;
    term = atTerm;
  }

  void inLine() {
    go(Phase.IN_LINE);
  }

  void forwarded(int to) {
    go(Phase.FORWARDED);
    forwardedTo = to;
  }

  void watching() {
    go(Phase.WATCHING);
  }

  /** It has seen everything up to this index. */
  void watching(long seen) {
    go(Phase.WATCHING);
    index = seen;
  }

  void working() {
    go(Phase.WORKING);
  }

  /** Back to the start; {@code perhaps} where the attempt may have been appended all the same. */
  void waitAgain(boolean perhaps) {
    if (isDone()) {
      throw new IllegalStateException("request " + id + " was answered, and is to be tried again");
    }
    go(Phase.WAITING);
    lost = perhaps;
    if (perhaps) {
      uncertain = true;
      if (request instanceof Request.Change change) {
        StoreCommand command = change.command();
        request = new Request.Change(command.withOrigin(command.origin().asRetry()));
      } else if (request instanceof Request.Remove remove && remove.incarnation() == 0) {
        request = new Request.Remove(remove.id(), meant);
      }
    }
  }

  void done() {
    go(Phase.DONE);
  }
}
