package org.rale;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import org.rale.clusterdb.ClusterDb;
import org.rale.clusterdb.DiskFullException;
import org.rale.clusterdb.DiskTask;
import org.rale.loop.DiskThread;
import org.rale.loop.DiskWork;
import org.rale.loop.Inbox;
import org.rale.loop.Ticker;
import org.rale.raft.Event;
import org.rale.replica.ClusterView;
import org.rale.replica.Outbox;
import org.rale.replica.Replica;
import org.rale.replica.ReplicaInput;
import org.rale.request.ErrorCode;
import org.rale.request.PathInfo;
import org.rale.request.Request;
import org.rale.request.Response;
import org.rale.request.Response.Failed;
import org.rale.wire.Handshake;
import org.rale.wire.Identity;
import org.rale.wire.PeerMessage;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The replica between its inbox, its disk thread and its transport. One thread at a time runs a
 * turn: everything that waits is stepped, then flushed as one.
 */
final class Engine implements PeerEvents {
  private static final Logger LOG = LoggerFactory.getLogger("org.rale.replica");

  private final Inbox inbox = new Inbox(MemoryShare.bytes());
  private final ReentrantLock turn = new ReentrantLock();
  private final Map<Long, Consumer<Response>> askers = new ConcurrentHashMap<>();
  private final AtomicLong tokens = new AtomicLong();
  private final int nodeId;
  private final Transport transport;
  private final DiskThread disk;
  private final Ticker ticker;
  private final Replica replica;
  private volatile ClusterView view;
  private volatile @Nullable Throwable failure;
  private volatile boolean stopped;

  Engine(Settings settings, ClusterDb.Opened opened, RandomGenerator random, Transport transport) {
    this.nodeId = settings.replica().self().id();
    this.transport = transport;
    this.ticker = new Ticker(System::nanoTime, settings.tickMs(), settings.gapTicks());
    this.disk = new DiskThread("rale-disk-" + nodeId, opened.db(), new DiskReports(), this::fail);
    this.replica = new Replica(settings.replica(), opened.recovered(), random, new Edge());
    this.view = replica.view();
  }

  /** Begins to listen and to write; the first turn may follow. */
  void start() {
    transport.start(this, view);
    disk.start();
  }

  void submit(Request request, int timeoutMs, Consumer<Response> asker) {
    submit(ReplicaInput.Submit.ALONE, request, timeoutMs, asker);
  }

  /**
   * @param connection see {@link ReplicaInput.Submit}
   */
  void submit(long connection, Request request, int timeoutMs, Consumer<Response> asker) {
    long token = tokens.incrementAndGet();
    askers.put(token, asker);
    if (stopped || failure != null) {
      reply(token, Failed.of(ErrorCode.SHUTTING_DOWN, "node " + nodeId + " has stopped"));
    } else if (!inbox.offer(new ReplicaInput.Submit(token, connection, request, timeoutMs))) {
      reply(
          token,
          Failed.of(
              ErrorCode.OVERLOADED,
              "more requests wait at node " + nodeId + " than it has room for",
              "send fewer requests at once and try again"));
    }
  }

  private void reply(long token, Response response) {
    Consumer<Response> asker = askers.remove(token);
    if (asker == null) {
      return;
    }
    try {
      asker.accept(response);
    } catch (RuntimeException e) {
      // Whoever asked is not part of this node: their mistake must not end it.
      LOG.error("the reply to a request of node {} was not taken", nodeId, e);
    }
  }

  /**
   * Steps everything that waits. Returns false where there was nothing to do, or where another
   * thread is at it.
   *
   * @throws IllegalStateException when the node has failed: a broken invariant, or its disk
   */
  boolean turn() {
    if (!turn.tryLock()) {
      return false;
    }
    boolean behind = false;
    try {
      throwFailure();
      boolean worked = !stopped && stepAll();
      behind = worked && replica.isBehind();
      return worked;
    } catch (Throwable e) {
      fail(e);
      throw e;
    } finally {
      turn.unlock();
      if (behind) {
        // Another thread may be waiting for an input, and this one may take no further turn.
        inbox.wake();
      }
    }
  }

  private boolean stepAll() {
    // What came in while this process stood still is read before the clock: a heartbeat that waits
    // in the inbox was not missed.
    var inputs = inbox.drain();
    var ticks = ticker.due();
    if (inputs.isEmpty() && ticks.isEmpty() && !replica.isBehind()) {
      return false;
    }
    inputs.forEach(replica::step);
    ticks.forEach(replica::step);
    replica.flush();
    transport.flush();
    return true;
  }

  /** Waits until a turn has something to do. */
  void await() throws InterruptedException {
    inbox.await(ticker.nanosToNext());
  }

  /** Asks the replica between two turns. */
  <T> T ask(Function<Replica, T> question) {
    turn.lock();
    try {
      return question.apply(replica);
    } finally {
      turn.unlock();
    }
  }

  void leave() {
    inbox.forceBehindRequests(new ReplicaInput.Leave());
  }

  /**
   * No more turns. Who still waits is told that the outcome is unknown.
   *
   * @return whether the disk thread has ended. Otherwise the disk hangs, and when it goes on the
   *     thread writes what it was told to: cluster.db is free for nobody else until then
   */
  boolean stop(long patienceMs) throws InterruptedException {
    turn.lock();
    try {
      stopped = true;
    } finally {
      turn.unlock();
    }
    inbox.wake();
    transport.close();
    disk.close();
    boolean ended = disk.join(patienceMs);
    if (!ended) {
      LOG.error("node {} ends while its disk hangs", nodeId);
    }
    for (Long token : askers.keySet()) {
      reply(
          token,
          Failed.of(
              ErrorCode.UNKNOWN_OUTCOME,
              "outcome unknown: node " + nodeId + " stopped before the answer came",
              "ask another node"));
    }
    return ended;
  }

  boolean isStopped() {
    return stopped;
  }

  ClusterView view() {
    return view;
  }

  private void fail(Throwable e) {
    if (failure == null) {
      failure = e;
      if (e instanceof DiskFullException) {
        LOG.error(
            "node {} stops: {}. Nothing that was acknowledged is lost. Make room, and start it"
                + " again",
            nodeId,
            e.getMessage());
      } else {
        LOG.error("node {} stops at once: {}", nodeId, e.toString(), e);
      }
    }
    inbox.wake();
  }

  private void throwFailure() {
    Throwable cause = failure;
    if (cause != null) {
      throw new IllegalStateException(
          "node " + nodeId + " has failed: " + cause.getMessage(), cause);
    }
  }

  @Override
  public boolean received(Identity sender, PeerMessage message) {
    return inbox.offer(new ReplicaInput.FromPeer(sender, message));
  }

  @Override
  public void linkUp(Identity peer, int priority, int version) {
    inbox.force(new ReplicaInput.LinkUp(peer, priority, version));
  }

  @Override
  public void linkDown(int peer) {
    inbox.force(new ReplicaInput.LinkDown(peer));
  }

  @Override
  public void linkBroke(int peer) {
    inbox.force(new ReplicaInput.LinkBroke(peer));
  }

  @Override
  public void pathChanged(int peer) {
    inbox.force(new ReplicaInput.PathChanged(peer));
  }

  @Override
  public void forwardDropped(int peer, long id) {
    inbox.force(new ReplicaInput.ForwardDropped(peer, id));
  }

  @Override
  public void linkFailed(int peer, String reason) {
    inbox.force(new ReplicaInput.LinkFailed(peer, reason));
  }

  @Override
  public void linkRefused(int peer, Handshake.Refused refused) {
    inbox.force(new ReplicaInput.LinkRefused(peer, refused));
  }

  private final class DiskReports implements DiskWork.Reports {
    @Override
    public void done(long sequence) {
      inbox.force(new ReplicaInput.DiskDone(sequence));
    }

    @Override
    public void givenUp(long sequence, String why) {
      inbox.force(new ReplicaInput.NoRoom(sequence, why));
    }

    @Override
    public void full(String why) {
      inbox.force(new ReplicaInput.DiskFull(why));
    }
  }

  /** What the replica wants done, passed on to where it belongs. */
  private final class Edge implements Outbox {
    @Override
    public void send(int to, PeerMessage message) {
      transport.send(to, message);
    }

    @Override
    public void disk(DiskTask task) {
      disk.order(task);
    }

    @Override
    public void reply(long token, Response response) {
      Engine.this.reply(token, response);
    }

    @Override
    public PathInfo path(int to) {
      return transport.path(to);
    }

    @Override
    public void publish(ClusterView fresh) {
      view = fresh;
      transport.publish(fresh);
    }

    @Override
    public void note(Event event) {
      switch (event.level()) {
        case ERROR -> LOG.error("{}", event.text());
        case WARNING -> LOG.warn("{}", event.text());
        case INFO -> LOG.info("{}", event.text());
        case DEBUG -> LOG.debug("{}", event.text());
      }
    }
  }
}
