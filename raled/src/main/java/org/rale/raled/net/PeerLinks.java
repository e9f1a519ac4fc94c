package org.rale.raled.net;

import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.rale.PeerEvents;
import org.rale.raft.Member;
import org.rale.raft.Membership;
import org.rale.replica.Admission;
import org.rale.replica.ClusterView;
import org.rale.wire.Handshake;
import org.rale.wire.Handshake.Refusal;
import org.rale.wire.Handshake.Refused;
import org.rale.wire.Identity;
import org.rale.wire.PeerMessage;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Which links stand, who is let in, and what the rules are told of it. Belongs to home.
 *
 * <p>Per node there are at most two links: the one dialled from here and the newest one accepted.
 * The rules see one node that is up or down:
 *
 * <ul>
 *   <li>{@code linkUp} when the first link stands; again when a later handshake shows that the node
 *       has joined a cluster meanwhile, or that another program runs there;
 *   <li>{@code linkBroke} when one of two is gone, or another one takes its place;
 *   <li>{@code linkDown} when the last one is gone;
 *   <li>{@code linkDown}, then {@code linkUp}, when a later handshake shows another incarnation:
 *       the older links lead to a node that is no more, and are closed.
 * </ul>
 *
 * <p>Every {@link #publish} judges all links again (S-06). Besides, when this node gets into a
 * cluster, links to nodes in none are closed and greeted anew: such a node may get into another
 * cluster at any time, and only the side whose cluster id changes would know.
 */
final class PeerLinks implements LinkOwner {
  private static final Logger log = LoggerFactory.getLogger(PeerLinks.class);

  /** Links that others dialled. Nodes that this one wants links to are let in beyond it. */
  static final int MAX_ACCEPTED = 2 * Membership.MAX_MEMBERS;

  /** Nodes that are known at all, with a link or without. Datagrams of further ones are dropped. */
  static final int MAX_KNOWN = 2 * MAX_ACCEPTED;

  private final Home home;
  private final long process;
  private final int priority;
  private final LinkTiming timing;
  private final TransportCounters counters;
  private final PeerEvents events;
  private final Function<Integer, Peer> newPeer;
  private final Function<Member, Dialer> newDialer;

  /** Written at home, read by the node's turn too. */
  private final Map<Integer, Peer> peers = new ConcurrentHashMap<>();

  private final Map<LinkHandler, Dialer> attempts = new HashMap<>();

  private final Doorkeeper door;
  private final Partings partings = new Partings();
  private ClusterView view;
  private boolean closed;

  PeerLinks(
      Home home,
      long process,
      int priority,
      LinkTiming timing,
      TransportCounters counters,
      PeerEvents events,
      ClusterView view,
      Function<Integer, Peer> newPeer,
      Function<Member, Dialer> newDialer) {
    this.home = home;
    this.process = process;
    this.priority = priority;
    this.timing = timing;
    this.counters = counters;
    this.events = events;
    this.view = view;
    this.newPeer = newPeer;
    this.newDialer = newDialer;
    this.door = new Doorkeeper(peers, timing);
  }

  /** Any thread. */
  @Nullable Peer peer(int nodeId) {
    return peers.get(nodeId);
  }

  /** Any thread. */
  Collection<Peer> peers() {
    return peers.values();
  }

  Peer known(int nodeId) {
    return peers.computeIfAbsent(nodeId, newPeer);
  }

  /** Who sent a datagram; null where the node is a stranger, and too many of those came before. */
  @Nullable Peer sender(int nodeId) {
    home.check();
    Peer peer = peers.get(nodeId);
    return peer == null && peers.size() < MAX_KNOWN ? known(nodeId) : peer;
  }

  /** The handler of a connection to the member, which begins with this node's Hello. */
  LinkHandler attempt(Dialer dialer) {
    home.check();
    LinkHandler handler =
        LinkHandler.dialling(
            this,
            timing,
            new Handshake.Hello(view.self(), process, dialer.member().id(), priority));
    attempts.put(handler, dialer);
    return handler;
  }

  /** The connection was not even made. */
  void attemptEnded(LinkHandler handler) {
    attempts.remove(handler);
  }

  void publish(ClusterView next) {
    home.check();
    if (closed) {
      return;
    }
    boolean joined = !view.self().inCluster() && next.self().inCluster();
    view = next;
    for (Peer peer : peers.values()) {
      Optional<Member> wanted = next.peer(peer.nodeId());
      Dialer dialer = peer.dialer();
      if (dialer != null && !wanted.map(dialer.member()::sameAddress).orElse(false)) {
        hangUp(peer, dialer);
      }
      judgeAgain(peer.dialled(), joined);
      judgeAgain(peer.accepted(), joined);
    }
    for (Member member : next.peers()) {
      Peer peer = known(member.id());
      if (peer.dialer() == null) {
        Dialer dialer = newDialer.apply(member);
        peer.dialer(dialer);
        dialer.wake();
      }
    }
    peers.values().removeIf(peer -> peer.dialer() == null && !peer.linked());
  }

  private void hangUp(Peer peer, Dialer dialer) {
    dialer.stop();
    peer.dialer(null);
    peer.datagramAddress(null);
    closeIfAny(peer.dialled());
  }

  private void judgeAgain(@Nullable Link link, boolean joined) {
    if (link == null) {
      return;
    }
    Optional<Refused> refused = Admission.judge(view, link.peer());
    if (refused.isPresent()) {
      counters.linksRefused.increment();
      log.warn("link to node {} is closed: {}", link.peer().nodeId(), refused.get().reason());
      link.close();
    } else if (joined && !link.peer().inCluster()) {
      link.close();
    }
  }

  @Override
  public void greeted(LinkHandler handler, Handshake.Hello hello) {
    home.execute(() -> admit(handler, hello));
  }

  private void admit(LinkHandler handler, Handshake.Hello hello) {
    if (closed || !handler.channel().isOpen()) {
      handler.channel().close();
      return;
    }
    Optional<Refused> refused = door.judge(view, hello);
    if (refused.isEmpty() && door.waitsForTwin(hello.sender(), hello.process())) {
      home.schedule(() -> admit(handler, hello), LinkTiming.TWIN_TIMEOUT_MS);
      return;
    }
    if (refused.isPresent()) {
      counters.linksRefused.increment();
      int id = hello.sender().nodeId();
      log.atLevel(partings.levelOfRefusal(id, refused.get().reason(), nanos()))
          .log(
              "a link of node {} at {} is refused: {}",
              id,
              handler.channel().remoteAddress(),
              refused.get().reason());
      handler.refuse(refused.get());
      return;
    }
    Link link =
        newLink(handler, hello.sender(), hello.process(), hello.priority(), hello.version(), false);
    Peer peer = known(hello.sender().nodeId());
    stand(peer, link);
    handler.stand(link, new Handshake.Welcome(view.self(), process, priority));
    watch(peer, link);
    Dialer dialer = peer.dialer();
    if (dialer != null) {
      // The peer is back: do not wait for the timer.
      dialer.wake();
    }
    Link older = peer.dialled();
    if (older != null) {
      older.channel().pipeline().get(LinkHandler.class).probe();
    }
  }

  @Override
  public void answered(LinkHandler handler, Handshake answer) {
    home.check();
    Dialer dialer = attempts.remove(handler);
    if (dialer == null || !current(dialer)) {
      handler.channel().close();
      return;
    }
    int nodeId = dialer.member().id();
    if (answer instanceof Handshake.Welcome welcome) {
      Optional<Refused> refused = door.judge(view, welcome, nodeId);
      if (refused.isEmpty() && door.waitsForTwin(welcome.sender(), welcome.process())) {
        dialer.attemptFailed(false);
        handler.channel().close();
        return;
      }
      if (refused.isEmpty()) {
        Link link =
            newLink(
                handler,
                welcome.sender(),
                welcome.process(),
                welcome.priority(),
                welcome.version(),
                true);
        dialer.linkStands();
        stand(known(nodeId), link);
        handler.stand(link, null);
        watch(known(nodeId), link);
        return;
      }
      counters.linksRefused.increment();
      turnedDown(dialer, refused.get());
      handler.part(refused.get());
      return;
    } else if (answer instanceof Refused refused) {
      turnedDown(dialer, refused);
    }
    handler.channel().close();
  }

  private void turnedDown(Dialer dialer, Refused refused) {
    log.debug("link to node {} is refused: {}", dialer.member().id(), refused.reason());
    dialer.attemptFailed(true);
    events.linkRefused(dialer.member().id(), refused);
  }

  @Override
  public void notAnswered(LinkHandler handler, String reason) {
    home.check();
    Dialer dialer = attempts.remove(handler);
    if (dialer != null) {
      failed(dialer, reason);
      dialer.attemptFailed(false);
    }
  }

  /** Tells the rules, unless nobody wants the link any more. */
  void failed(Dialer dialer, String reason) {
    if (current(dialer)) {
      log.debug("node {} is not reached: {}", dialer.member().id(), reason);
      events.linkFailed(dialer.member().id(), reason);
    }
  }

  /** False for a dialler that was stopped, whose last attempt may still come to an end. */
  private boolean current(Dialer dialer) {
    Peer peer = peers.get(dialer.member().id());
    return !closed && peer != null && peer.dialer() == dialer;
  }

  @Override
  public void otherVersion(LinkHandler handler, String sentence) {
    home.execute(
        () -> {
          Dialer dialer = attempts.remove(handler);
          Refused refused = new Refused(view.self(), Refusal.VERSION, sentence);
          if (dialer == null) {
            counters.linksRefused.increment();
            handler.refuse(refused);
          } else {
            handler.channel().close();
            if (current(dialer)) {
              turnedDown(dialer, refused);
            }
          }
        });
  }

  @Override
  public void received(Link link, PeerMessage message) {
    if (!events.received(link.peer(), message)) {
      counters.inboxFull.increment();
    }
  }

  /** Election messages take another path than before. Called by the node's turn. */
  void pathChanged(int nodeId) {
    events.pathChanged(nodeId);
  }

  /** The link was full. Called by the node's turn. */
  void dropped(int nodeId, PeerMessage message) {
    counters.linkQueueFull.increment();
    if (message instanceof PeerMessage.Forward forward) {
      events.forwardDropped(nodeId, forward.id());
    }
  }

  @Override
  public void parted(Link link, PeerMessage.Parting parting) {
    home.execute(
        () -> {
          Peer peer = peers.get(link.peer().nodeId());
          if (peer != null && !closed) {
            partings.note(peer.nodeId(), nanos());
            events.linkRefused(
                peer.nodeId(), new Refused(link.peer(), parting.refusal(), parting.reason()));
          }
        });
  }

  private long nanos() {
    return timing.nanoClock().getAsLong();
  }

  private Link newLink(
      LinkHandler handler,
      Identity peer,
      long itsProcess,
      int itsPriority,
      int version,
      boolean dialled) {
    return new Link(
        handler.channel(),
        peer,
        itsProcess,
        itsPriority,
        version,
        dialled,
        nanos(),
        known(peer.nodeId()).contact());
  }

  private void stand(Peer peer, Link link) {
    Identity before = peer.announced();
    Identity now = link.peer();
    if (before != null && before.incarnation() != now.incarnation()) {
      forgetLinks(peer, link);
      peer.announced(null);
      events.linkDown(peer.nodeId());
      before = null;
    }
    peer.process(link.process());
    Link replaced = peer.put(link);
    if (replaced != null) {
      replaced.close();
      events.linkBroke(peer.nodeId());
    }
    if (before == null
        || (now.inCluster() && before.clusterId() != now.clusterId())
        || peer.version() != link.version()) {
      peer.announced(now);
      peer.version(link.version());
      events.linkUp(now, link.priority(), link.version());
    }
    log.atLevel(partings.levelOfNews(peer.nodeId(), nanos()))
        .log(
            "link to node {} stands ({}, {})",
            peer.nodeId(),
            link.dialled() ? "dialled" : "accepted",
            link.channel().remoteAddress());
  }

  /** Only now: a channel that is closed already reports at once. */
  private void watch(Peer peer, Link link) {
    link.channel().closeFuture().addListener(done -> home.execute(() -> gone(peer, link)));
  }

  private void gone(Peer peer, Link link) {
    boolean counted = peer.remove(link);
    Dialer dialer = peer.dialer();
    if (link.dialled() && dialer != null && counted && !closed) {
      dialer.linkLost(nanos() - link.upSinceNanos());
    }
    if (dialer == null && !peer.linked()) {
      peers.remove(peer.nodeId(), peer);
    }
    if (closed) {
      return;
    }
    if (counted && peer.linked()) {
      events.linkBroke(peer.nodeId());
    } else if (!peer.linked() && peer.announced() != null) {
      peer.announced(null);
      log.atLevel(partings.levelOfNews(peer.nodeId(), nanos()))
          .log("no link to node {} is left", peer.nodeId());
      events.linkDown(peer.nodeId());
    }
  }

  /** Another disk under this id: what leads to the old one is of no use. */
  private static void forgetLinks(Peer peer, Link next) {
    Link accepted = peer.accepted();
    if (accepted != null) {
      peer.remove(accepted);
      accepted.close();
    }
    Link dialled = peer.dialled();
    if (dialled != null) {
      peer.remove(dialled);
      dialled.close();
      Dialer dialer = peer.dialer();
      if (dialer != null && !next.dialled()) {
        dialer.linkLost(0);
      }
    }
  }

  private static void closeIfAny(@Nullable Link link) {
    if (link != null) {
      link.close();
    }
  }

  /** No event is told from now on. */
  void close() {
    home.check();
    closed = true;
    for (Peer peer : List.copyOf(peers.values())) {
      Dialer dialer = peer.dialer();
      if (dialer != null) {
        dialer.stop();
      }
      closeIfAny(peer.dialled());
      closeIfAny(peer.accepted());
    }
    attempts.keySet().forEach(handler -> handler.channel().close());
  }

  /** For STATUS. Any thread; a moment's view of each peer. */
  List<PeerPath> paths() {
    return peers.values().stream().map(PeerLinks::path).toList();
  }

  private static PeerPath path(Peer peer) {
    Link route = peer.route();
    return new PeerPath(
        peer.nodeId(),
        peer.udpPath().works(),
        route == null ? "none" : route.dialled() ? "dialled" : "accepted",
        route == null ? 0 : route.queuedBytes(),
        peer.path());
  }
}
