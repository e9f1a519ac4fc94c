package org.rale.raft;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.rale.bytes.Bytes;

/**
 * A whole cluster of bare rules, driven at random from one seed: messages are lost, doubled and
 * late, disks are slow, nodes crash and come back with what was durable, links break, members come
 * and go, snapshots replace logs. {@link ClusterFacts} checks after every step that nothing
 * impossible happened; {@link #heal} then demands that the cluster works again.
 */
final class RandomCluster {
  /** More wait on the network than this: some are dropped. */
  private static final int MAX_PACKETS = 150;

  private record Packet(
      int from, long fromIncarnation, int to, long toIncarnation, Message message) {}

  private final Random random;
  private final int founders;
  private final Map<Integer, RandomNode> nodes = new TreeMap<>();
  private final List<Packet> network = new ArrayList<>();
  private final Set<List<Integer>> cut = new HashSet<>();
  private final ClusterFacts facts;
  private final Faults faults;
  private long nextToken = 1;

  /** How rough a run is; drawn from the seed, so that seeds differ in kind. */
  private record Faults(
      int loss, int doubling, int reordering, int crashes, int cuts, int slowDisk) {
    static Faults draw(Random random) {
      return new Faults(
          random.nextInt(30),
          random.nextInt(20),
          random.nextInt(100),
          random.nextInt(8),
          random.nextInt(10),
          random.nextInt(80));
    }
  }

  RandomCluster(long seed, int founders) {
    this.random = new Random(seed * 0x9E3779B97F4A7C15L + founders);
    this.founders = founders;
    this.facts = new ClusterFacts(nodes);
    this.faults = Faults.draw(random);
    Membership membership = Membership.NONE;
    for (int id = 1; id <= founders; id++) {
      membership = membership.with(Node.member(id, true));
    }
    for (int id = 1; id <= founders + 2; id++) {
      Membership known = id <= founders ? membership : Membership.NONE;
      RandomNode node = new RandomNode(id, known, random);
      node.start();
      nodes.put(id, node);
    }
  }

  void run(int steps) {
    for (int i = 0; i < steps; i++) {
      act(faults);
    }
  }

  /** No faults any more: everyone is up, and the cluster must take and apply a write everywhere. */
  void heal() {
    cut.clear();
    nodes.values().stream().filter(node -> !node.isUp()).forEach(RandomNode::start);
    for (int round = 0; round < 200; round++) {
      calm();
      RandomNode leader = leader();
      if (leader != null) {
        long token = nextToken++;
        step(leader, new Input.Propose(token, Bytes.utf8("healed" + token)));
        step(leader, new Input.Read(nextToken++));
        for (int i = 0; i < 10; i++) {
          calm();
        }
        if (facts.healed(leader, token)) {
          calmUntilReadsEnd();
          return;
        }
      }
    }
    throw new AssertionError("the healed cluster does not work again:\n" + this);
  }

  private void calmUntilReadsEnd() {
    for (int i = 0; i < 10; i++) {
      calm();
    }
    facts.checkNoReadHangs();
  }

  /** A tick everywhere, every disk done, every message delivered. */
  private void calm() {
    for (RandomNode node : nodes.values()) {
      step(node, new Input.Tick());
    }
    for (int i = 0; i < 400 && (!network.isEmpty() || hasDiskWork()); i++) {
      for (RandomNode node : nodes.values()) {
        while (node.hasWork()) {
          finishWrite(node);
        }
      }
      if (!network.isEmpty()) {
        deliver(network.remove(0));
      }
    }
  }

  private boolean hasDiskWork() {
    return nodes.values().stream().anyMatch(RandomNode::hasWork);
  }

  private void act(Faults now) {
    int dice = random.nextInt(1000);
    if (dice < 480) {
      deliverSome(now);
    } else if (dice < 680) {
      tickSome();
    } else if (dice < 880) {
      RandomNode node = anyNode();
      if (node.isUp() && node.hasWork() && random.nextInt(100) >= now.slowDisk()) {
        finishWrite(node);
      }
    } else if (dice < 950) {
      wish();
    } else if (dice < 965) {
      RandomNode node = anyNode();
      if (node.isUp()) {
        node.takeSnapshot();
      }
    } else {
      disturb(now);
    }
  }

  /** Mostly one node, whose clock runs ahead of the others'; sometimes all. */
  private void tickSome() {
    boolean all = random.nextInt(3) == 0;
    RandomNode one = anyNode();
    for (RandomNode node : nodes.values()) {
      if (node.isUp() && (all || node == one)) {
        step(node, new Input.Tick());
      }
    }
  }

  /** A node that believes to lead, be it rightly or not: the interesting one to read at. */
  private RandomNode anyLeader() {
    List<RandomNode> leaders =
        nodes.values().stream()
            .filter(node -> node.isUp() && node.raft().role() == Role.LEADER)
            .toList();
    return leaders.isEmpty() ? anyNode() : leaders.get(random.nextInt(leaders.size()));
  }

  private void disturb(Faults now) {
    RandomNode node = anyNode();
    int dice = random.nextInt(35);
    if (dice < now.crashes()) {
      if (node.isUp()) {
        node.crash();
        facts.crashed(node);
      } else {
        node.start();
      }
    } else if (!node.isUp()) {
      node.start();
    } else if (dice < 8 + now.cuts()) {
      cutOrJoin(node);
    } else if (dice < 20) {
      step(
          node,
          random.nextBoolean()
              ? new Input.LinkBroken(anyNode().id)
              : new Input.Unlinked(anyNode().id));
    } else if (dice < 22) {
      step(node, new Input.Woke(random.nextInt(40)));
    } else if (dice < 25) {
      step(node, new Input.PeerPriority(anyNode().id, 1 + random.nextInt(100)));
    } else if (dice < 28 && isForgotten(node)) {
      network.removeIf(packet -> packet.from() == node.id || packet.to() == node.id);
      node.crash();
      facts.crashed(node);
      node.wipe();
      node.start();
    }
  }

  /** Whether no node can believe that this one is a member, so that its disk may be emptied. */
  private boolean isForgotten(RandomNode node) {
    return nodes.values().stream()
        .allMatch(
            other ->
                !other.durableMembership().contains(node.id)
                    && (!other.isUp() || !other.raft().membership().contains(node.id)));
  }

  private void cutOrJoin(RandomNode node) {
    if (random.nextInt(4) == 0) {
      cut.clear();
    } else if (random.nextBoolean()) {
      // A leader that is cut off goes on believing for a while: then stale reads are near.
      int lonely = random.nextBoolean() ? anyLeader().id : node.id;
      for (int other : nodes.keySet()) {
        cut.add(List.of(lonely, other));
        cut.add(List.of(other, lonely));
      }
    } else {
      cut.add(List.of(node.id, anyNode().id));
    }
  }

  private void wish() {
    RandomNode node = random.nextInt(5) == 0 ? anyNode() : anyLeader();
    if (!node.isUp()) {
      return;
    }
    long token = nextToken++;
    int dice = random.nextInt(100);
    if (dice < 50) {
      facts.proposed(token, "v" + token);
      step(node, new Input.Propose(token, Bytes.utf8("v" + token)));
    } else if (dice < 75) {
      facts.readAsked(node, token);
      step(node, new Input.Read(token));
    } else if (dice < 90) {
      step(node, new Input.ChangeMembership(token, changed(node.raft().status())));
    } else {
      step(node, new Input.Transfer(token, random.nextInt(nodes.size() + 1)));
    }
  }

  /** One step away from the membership in force, as a caller of the rules would take it. */
  private Membership changed(RaftStatus leader) {
    Membership now = leader.membership();
    RandomNode node = anyNode();
    boolean keepsEnough = now.voters().size() > Math.max(1, founders - 1) || !now.isVoter(node.id);
    if (now.contains(node.id) && keepsEnough && random.nextBoolean()) {
      return now.without(node.id);
    }
    if (now.isVoter(node.id)) {
      return keepsEnough ? now.with(node.asMember(random.nextBoolean())) : now;
    }
    // A learner becomes a voter only when it has caught up: that is the caller's duty (S-09).
    boolean caughtUp =
        leader.peers().stream()
            .anyMatch(peer -> peer.id() == node.id && peer.match() >= leader.commitIndex());
    return now.with(node.asMember(now.contains(node.id) && caughtUp));
  }

  private @Nullable RandomNode leader() {
    RandomNode found = null;
    for (RandomNode node : nodes.values()) {
      if (node.isUp()
          && node.raft().role() == Role.LEADER
          && (found == null || found.raft().term() < node.raft().term())) {
        found = node;
      }
    }
    return found;
  }

  private RandomNode anyNode() {
    return node(1 + random.nextInt(nodes.size()));
  }

  private RandomNode node(int id) {
    RandomNode node = nodes.get(id);
    if (node == null) {
      throw new IllegalArgumentException("no node " + id);
    }
    return node;
  }

  private void deliverSome(Faults now) {
    if (network.isEmpty()) {
      return;
    }
    int place = random.nextInt(100) < now.reordering() ? random.nextInt(network.size()) : 0;
    Packet packet = network.remove(place);
    if (random.nextInt(100) < now.doubling()) {
      network.add(random.nextInt(network.size() + 1), packet);
    }
    if (random.nextInt(100) >= now.loss()) {
      deliver(packet);
    }
  }

  private void deliver(Packet packet) {
    RandomNode to = node(packet.to());
    if (!to.isUp()
        || cut.contains(List.of(packet.from(), packet.to()))
        || packet.toIncarnation() != to.incarnation()) {
      return;
    }
    boolean otherDisk =
        to.raft()
            .membership()
            .member(packet.from())
            .filter(known -> known.incarnation() != packet.fromIncarnation())
            .isPresent();
    if (!otherDisk) {
      step(to, new Input.Received(packet.from(), packet.message()));
    }
  }

  private void finishWrite(RandomNode node) {
    List<Effect.Send> then = node.finishWrite();
    then.forEach(send -> send(node, send));
    take(node);
  }

  private void step(RandomNode node, Input input) {
    node.raft().step(input);
    take(node);
  }

  private void take(RandomNode node) {
    for (Effect effect : node.raft().drain()) {
      if (effect instanceof Effect.Persist persist) {
        node.give(persist);
      } else if (effect instanceof Effect.Install install) {
        node.give(install);
      } else if (effect instanceof Effect.Send send) {
        send(node, send);
      } else if (effect instanceof Effect.SendSnapshot snapshot) {
        sendSnapshot(node, snapshot.to());
      } else if (effect instanceof Effect.Piece piece) {
        node.raft().step(new Input.SnapshotArrived(piece.from(), piece.piece().meta()));
        take(node);
      } else {
        facts.happened(node, effect);
      }
    }
    facts.check(node);
  }

  private void sendSnapshot(RandomNode node, int to) {
    Message piece =
        new Message.SnapshotPiece(node.raft().term(), node.metaNow(), 0, true, 0, Bytes.EMPTY);
    send(node, new Effect.Send(to, piece));
  }

  private void send(RandomNode from, Effect.Send send) {
    facts.sent(from, send.message(), send.to());
    RandomNode to = nodes.get(send.to());
    if (to == null) {
      throw new AssertionError("node " + from.id + " sends to node " + send.to());
    }
    if (network.size() >= MAX_PACKETS) {
      network.remove(random.nextInt(network.size()));
    }
    long believed =
        from.raft().membership().member(to.id).map(Member::incarnation).orElse(to.incarnation());
    network.add(new Packet(from.id, from.incarnation(), to.id, believed, send.message()));
  }

  int committedCount() {
    return facts.committedCount();
  }

  @Override
  public String toString() {
    StringBuilder text = new StringBuilder();
    for (RandomNode node : nodes.values()) {
      text.append(node.id).append(": ");
      text.append(node.isUp() ? node.raft().status() : "down").append('\n');
    }
    return text.toString();
  }
}
