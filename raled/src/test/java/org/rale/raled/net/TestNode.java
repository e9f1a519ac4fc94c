package org.rale.raled.net;

import static org.assertj.core.api.Assertions.fail;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.function.Predicate;
import org.rale.PeerEvents;
import org.rale.raft.Member;
import org.rale.raft.Membership;
import org.rale.raft.Message;
import org.rale.raled.clients.ClientLimits;
import org.rale.replica.ClusterView;
import org.rale.request.Limits;
import org.rale.request.PathInfo;
import org.rale.request.Response;
import org.rale.wire.Handshake.Refused;
import org.rale.wire.Identity;
import org.rale.wire.PeerMessage;

/** A node's network on loopback, and what it told. The test's thread is the node's turn. */
final class TestNode implements PeerEvents, AutoCloseable {
  static final long DEADLINE_S = 30;
  static final int HEARTBEAT_MS = 100;

  sealed interface Event {}

  record Received(int nodeId, PeerMessage message) implements Event {}

  record Up(Identity peer, int priority) implements Event {}

  record Down(int nodeId) implements Event {}

  record Broke(int nodeId) implements Event {}

  record PathChanged(int nodeId) implements Event {}

  record Dropped(int nodeId, long id) implements Event {}

  record Failed(int nodeId, String reason) implements Event {}

  record RefusedLink(int nodeId, Refused refused) implements Event {}

  final Network network;
  final NettyTransport transport;
  final Identity self;
  private final BlockingQueue<Event> events = new LinkedBlockingQueue<>();
  private final List<Event> seen = new ArrayList<>();

  TestNode(Path directory, Identity self) throws PortException {
    this(directory, self, 0, 0);
  }

  TestNode(Path directory, Identity self, int ralePort, int dstorePort) throws PortException {
    this.self = self;
    this.network = Network.bind(config(directory, self, ralePort, dstorePort));
    this.transport = network.transport();
  }

  private static NetConfig config(Path directory, Identity self, int ralePort, int dstorePort) {
    Path socket = directory.resolve("control" + self.nodeId() + ".sock");
    int priority = self.nodeId() % 100;
    ClientLimits clients = new ClientLimits(100, 1_000, Limits.MAX_VALUE_BYTES);
    return new NetConfig(
        "127.0.0.1", ralePort, dstorePort, socket, priority, HEARTBEAT_MS, 5_000, 10_000, clients);
  }

  int ralePort() {
    return network.raleAddress().getPort();
  }

  int dstorePort() {
    return network.dstoreAddress().getPort();
  }

  Member member() {
    return member(ralePort(), self.incarnation());
  }

  Member member(int ralePort, long incarnation) {
    return new Member(
        self.nodeId(), "n" + self.nodeId(), "127.0.0.1", ralePort, dstorePort(), incarnation, true);
  }

  ClusterView view(Member... members) {
    return view(self, members);
  }

  static ClusterView view(Identity self, Member... members) {
    return new ClusterView(self, new Membership(List.of(members)), List.of(), -1, 1);
  }

  TestNode start(Member... members) {
    return start(view(members));
  }

  TestNode start(ClusterView view) {
    transport.start(this, view);
    network.open(() -> (request, timeoutMs, reply) -> reply.accept(new Response.Pong()));
    return this;
  }

  void send(int nodeId, PeerMessage message) {
    transport.send(nodeId, message);
    transport.flush();
  }

  void heartbeat(int nodeId, long round) {
    send(nodeId, new PeerMessage.Raft(new Message.Heartbeat(1, 0, round, 1)));
  }

  /** The first event of this kind since the last call that took it; those before it are dropped. */
  <E extends Event> E await(Class<E> kind) {
    return await(kind, event -> true);
  }

  <E extends Event> E await(Class<E> kind, Predicate<E> wanted) {
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(DEADLINE_S);
    try {
      while (true) {
        Event event = events.poll(deadline - System.nanoTime(), TimeUnit.NANOSECONDS);
        if (event == null) {
          return fail("node " + self.nodeId() + " waits for " + kind + ", and saw " + seen);
        }
        seen.add(event);
        if (kind.isInstance(event) && wanted.test(kind.cast(event))) {
          return kind.cast(event);
        }
      }
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  PeerMessage awaitMessage(Predicate<PeerMessage> wanted) {
    return await(Received.class, received -> wanted.test(received.message())).message();
  }

  /** Everything that was told so far, in order. */
  List<Event> all() {
    events.drainTo(seen);
    return List.copyOf(seen);
  }

  long count(Class<? extends Event> kind) {
    return all().stream().filter(kind::isInstance).count();
  }

  /** For what is told by no event. */
  static void until(String what, BooleanSupplier condition) {
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(DEADLINE_S);
    while (!condition.getAsBoolean()) {
      if (System.nanoTime() - deadline > 0) {
        fail("not within " + DEADLINE_S + " s: " + what);
      }
      // A pause between two looks, no more: what is waited for is the condition.
      LockSupport.parkNanos(200_000);
    }
  }

  PeerPath path(int nodeId) {
    return transport.paths().stream()
        .filter(path -> path.nodeId() == nodeId)
        .findFirst()
        .orElse(new PeerPath(nodeId, false, "none", 0, PathInfo.NOTHING));
  }

  @Override
  public boolean received(Identity sender, PeerMessage message) {
    return events.add(new Received(sender.nodeId(), message));
  }

  @Override
  public void linkUp(Identity peer, int priority, int version) {
    events.add(new Up(peer, priority));
  }

  @Override
  public void linkDown(int nodeId) {
    events.add(new Down(nodeId));
  }

  @Override
  public void linkBroke(int nodeId) {
    events.add(new Broke(nodeId));
  }

  @Override
  public void pathChanged(int nodeId) {
    events.add(new PathChanged(nodeId));
  }

  @Override
  public void forwardDropped(int nodeId, long id) {
    events.add(new Dropped(nodeId, id));
  }

  @Override
  public void linkFailed(int nodeId, String reason) {
    events.add(new Failed(nodeId, reason));
  }

  @Override
  public void linkRefused(int nodeId, Refused refused) {
    events.add(new RefusedLink(nodeId, refused));
  }

  @Override
  public void close() {
    network.close();
  }
}
