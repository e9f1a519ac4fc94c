package org.rale.sim;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.rale.raft.Message;
import org.rale.replica.Admission;
import org.rale.replica.ClusterView;
import org.rale.replica.ReplicaInput;
import org.rale.wire.DatagramCodec;
import org.rale.wire.Handshake;
import org.rale.wire.HandshakeCodec;
import org.rale.wire.Identity;
import org.rale.wire.PeerMessage;

/**
 * The network: datagrams that get lost, doubled and overtaken, and links that keep order until they
 * break. It links whom the nodes' views want linked, and admits whom {@link Admission} admits.
 */
final class Network {
  private record Way(int from, int to) {}

  private final World world;
  private final Dice dice;

  /** By the ids of both ends, the lower one first. */
  private final TreeMap<Integer, Link> links = new TreeMap<>();

  /** Ways on which nothing passes. */
  private final Set<Way> cut = new HashSet<>();

  /** Ways on which no datagram passes. */
  private final Set<Way> deaf = new HashSet<>();

  /** Ways on which links stand still and none is made. */
  private final Set<Way> stuck = new HashSet<>();

  /** When the last datagram to set out arrives, on each way. */
  private final Map<Way, Long> arrivals = new HashMap<>();

  /** Nodes that talk to one other node alone, by their ids. */
  private final Map<Integer, Integer> quarantined = new HashMap<>();

  private boolean perfect;

  /** Of the protocol, on all links. */
  private int version = HandshakeCodec.VERSION;

  Network(World world) {
    this.world = world;
    this.dice = world.dice.split();
  }

  void begin() {
    world.schedule.after(dice.between(5_000, 40_000), this::dialAll);
  }

  private boolean isCut(int from, int to) {
    return (!cut.isEmpty() && cut.contains(new Way(from, to)))
        || (!quarantined.isEmpty() && (mayNot(from, to) || mayNot(to, from)));
  }

  private boolean mayNot(int one, int other) {
    Integer only = quarantined.get(one);
    return only != null && only != other;
  }

  /** From now on the node talks to that one alone, whatever else is cut or mended. */
  void quarantine(int id, int only) {
    world.trace.add("node", id, "is in quarantine, and talks to node", only, "alone");
    quarantined.put(id, only);
  }

  void release(int id) {
    quarantined.remove(id);
  }

  /**
   * Whether links between the two stand still. A single direction is enough: what is lost is either
   * data or its acknowledgement.
   */
  boolean isStuck(int one, int other) {
    return isCut(one, other)
        || isCut(other, one)
        || (!stuck.isEmpty()
            && (stuck.contains(new Way(one, other)) || stuck.contains(new Way(other, one))));
  }

  void cut(int from, int to) {
    if (!perfect && cut.add(new Way(from, to))) {
      world.saw(Seen.CUT);
      world.trace.add("nothing passes from", from, "to", to);
    }
  }

  void open(int from, int to) {
    if (cut.remove(new Way(from, to))) {
      world.trace.add("open again is the way from", from, "to", to);
    }
  }

  void cutDatagrams(int from, int to) {
    world.saw(Seen.DATAGRAMS_CUT);
    world.trace.add("no datagram passes from", from, "to", to);
    deaf.add(new Way(from, to));
  }

  void cutLinks(int from, int to) {
    world.saw(Seen.LINKS_CUT);
    world.trace.add("links stand still from", from, "to", to);
    stuck.add(new Way(from, to));
  }

  void mend() {
    world.trace.add("all ways are open");
    cut.clear();
    deaf.clear();
    stuck.clear();
  }

  /** From now on nothing is lost any more. */
  void becomePerfect() {
    mend();
    perfect = true;
  }

  /** Breaks the link between the two, if there is one, or one of its two connections. */
  void reset(int one, int other) {
    Link link = link(one, other);
    if (link != null && dice.chance(0.5)) {
      link.loseOne();
    } else if (link != null) {
      link.close();
    }
  }

  /** One of the two connections between them breaks. */
  void loseOne(int one, int other) {
    Link link = link(one, other);
    if (link != null) {
      link.loseOne();
    }
  }

  /** Nodes hide what they know beyond this version. */
  void speaks(int ofLinks) {
    version = ofLinks;
  }

  private static int key(int one, int other) {
    return Math.min(one, other) * 100 + Math.max(one, other);
  }

  private @Nullable Link link(int one, int other) {
    return links.get(key(one, other));
  }

  /** Whether a link between the two stands and moves. */
  boolean carries(int one, int other) {
    return link(one, other) != null && !isStuck(one, other);
  }

  void gone(Link link) {
    links.remove(key(link.lower.id(), link.upper.id()), link);
  }

  /** The process died: its links break. */
  void ended(Life life) {
    linksOf(life).forEach(Link::close);
  }

  private List<Link> linksOf(Life life) {
    List<Link> mine = new ArrayList<>();
    for (Link link : links.values()) {
      if (link.lower == life || link.upper == life) {
        mine.add(link);
      }
    }
    return mine;
  }

  /** A node has another view: links that it forbids, or that nobody wants, end. */
  void published(Life life) {
    for (Link link : linksOf(life)) {
      Life other = link.other(life);
      boolean wanted = life.wants(other.id()) || other.wants(life.id());
      boolean admitted = Admission.judge(life.clusterView(), other.clusterView().self()).isEmpty();
      if (!wanted || !admitted || !link.isOf(life)) {
        link.close();
      }
    }
  }

  private void dialAll() {
    for (Life from : world.running()) {
      for (Machine target : world.machines) {
        if (target.id != from.id()
            && from.wants(target.id)
            && link(from.id(), target.id) == null
            && dice.chance(0.5)) {
          dial(from, target);
        }
      }
    }
    Life clone = world.operator().clone.life();
    if (clone != null) {
      world.machines.stream()
          .filter(target -> target.id != clone.id() && clone.wants(target.id))
          .forEach(target -> dialAsClone(clone, target));
    }
    begin();
  }

  /**
   * Whoever is linked to the node itself refuses a second process of it. Where nobody is, nothing
   * is promised (docs/SAFETY.md), and the clone has to go.
   */
  private void dialAsClone(Life clone, Machine target) {
    Life to = target.life();
    if (to == null || isStuck(clone.id(), target.id)) {
      return;
    }
    if (isCopied(clone.id(), target.id)) {
      world.saw(Seen.CLONE_REFUSED);
      Identity self = clone.clusterView().self();
      clone.deliver(
          new ReplicaInput.LinkRefused(target.id, Admission.twin(to.clusterView(), self)));
    } else {
      world.operator().clone.end();
    }
  }

  /** Whether the node itself is linked to the other one, and lives. */
  private boolean isCopied(int id, int other) {
    Life original = world.machine(id).life();
    return original != null && !world.machine(id).isPaused() && carries(id, other);
  }

  private void dial(Life from, Machine target) {
    Life to = target.life();
    if (to == null || isStuck(from.id(), target.id)) {
      if (dice.chance(0.1)) {
        from.deliver(new ReplicaInput.LinkFailed(target.id, "connection refused"));
      }
      return;
    }
    if (from.machine.isPaused() || target.isPaused()) {
      return;
    }
    Identity dialler = from.clusterView().self();
    Identity dialled = to.clusterView().self();
    Optional<Handshake.Refused> refused =
        Admission.judge(
            to.clusterView(), new Handshake.Hello(dialler, 1, target.id, from.machine.priority()));
    if (refused.isEmpty()) {
      refused = Admission.judge(from.clusterView(), dialled);
    }
    if (refused.isPresent()) {
      if (refused.get().refusal() == Handshake.Refusal.OTHER_INCARNATION) {
        world.saw(Seen.REFUSED_EMPTIED);
      }
      from.deliver(new ReplicaInput.LinkRefused(target.id, refused.get()));
      return;
    }
    Link link = new Link(world, from.id() < to.id() ? from : to, from.id() < to.id() ? to : from);
    links.put(key(from.id(), to.id()), link);
    world.trace.add("link between", from.id(), "and", to.id());
    world.judges.disks.linked(from, dialled);
    world.judges.disks.linked(to, dialler);
    from.deliver(new ReplicaInput.LinkUp(dialled, target.priority(), version));
    to.deliver(new ReplicaInput.LinkUp(dialler, from.machine.priority(), version));
  }

  void send(Life from, int to, PeerMessage message) {
    if (from == world.operator().clone.life()) {
      // Nobody takes anything of a process that it is not linked to while it is to another one.
      return;
    }
    if (message instanceof PeerMessage.Raft raft
        && DatagramCodec.carries(raft.message())
        && from.clusterView().self().inCluster()
        && from.wants(to)
        && !deaf.contains(new Way(from.id(), to))
        && !dice.chance(world.plan.overLink())) {
      datagram(from, to, raft.message());
      return;
    }
    Link link = link(from.id(), to);
    if (link != null) {
      link.send(from, message);
    }
  }

  private void datagram(Life from, int to, Message message) {
    Identity sender = from.clusterView().self();
    if (!perfect && dice.chance(world.plan.datagramLoss())) {
      world.saw(Seen.DATAGRAM_LOST);
    } else {
      fly(sender, from.id(), to, message);
      if (!perfect && dice.chance(world.plan.datagramDouble())) {
        world.saw(Seen.DATAGRAM_DOUBLED);
        fly(sender, from.id(), to, message);
      }
    }
  }

  private void fly(Identity sender, int from, int to, Message message) {
    Message arrives = Wire.asDatagram(sender, to, message);
    long micros = delay();
    long arrival = world.schedule.now() + micros;
    Long before = arrivals.put(new Way(from, to), arrival);
    if (before != null && before > arrival) {
      world.saw(Seen.DATAGRAM_OVERTAKEN);
    }
    world.schedule.after(
        micros,
        () -> {
          Life target = world.machine(to).life();
          if (target == null || isCut(from, to)) {
            return;
          }
          ClusterView view = target.clusterView();
          boolean sameCluster = view.self().clusterId() == sender.clusterId();
          if (sameCluster && Admission.judge(view, sender).isEmpty()) {
            target.deliver(new ReplicaInput.FromPeer(sender, new PeerMessage.Raft(arrives)));
          }
        });
  }

  long delay() {
    return perfect ? dice.between(50, 1_000) : dice.latency(world.plan.networkMicros());
  }
}
