package org.rale.replica;

import java.util.ArrayDeque;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.function.BooleanSupplier;
import java.util.stream.Collectors;
import org.rale.clusterdb.DiskTask;
import org.rale.clusterdb.Recovered;
import org.rale.clusterdb.RewriteLimits;
import org.rale.dstore.DStore;
import org.rale.raft.Entry;
import org.rale.raft.Event;
import org.rale.raft.HardState;
import org.rale.raft.Member;
import org.rale.raft.RaftSettings;
import org.rale.raft.RaftStatus;
import org.rale.raft.SnapshotMeta;
import org.rale.request.PathInfo;
import org.rale.request.Response;
import org.rale.wire.HandshakeCodec;
import org.rale.wire.Identity;
import org.rale.wire.PeerMessage;

/**
 * Nodes that start with what a test puts on their disks, in a world without faults: messages take a
 * round, and who admits each other is linked.
 */
final class HandCluster {
  static final long CLUSTER = 0xc1;

  private static final int ROUNDS_A_TICK = 4;

  private final Map<Integer, Node> nodes = new TreeMap<>();
  private final Set<Integer> cut = new HashSet<>();

  static Member member(int id) {
    return member(id, 100 + id, true);
  }

  static Member member(int id, long incarnation, boolean voter) {
    return new Member(id, "node" + id, "10.0.0." + id, 7400, 7401, incarnation, voter);
  }

  final class Node implements Outbox {
    final Replica replica;
    private final Identity identity;
    private final ArrayDeque<ReplicaInput> inbox = new ArrayDeque<>();
    private final ArrayDeque<Runnable> outgoing = new ArrayDeque<>();
    private final Map<Integer, Boolean> linked = new LinkedHashMap<>();
    private int pieces;

    private Node(Identity identity, Recovered recovered) {
      this.identity = identity;
      int id = identity.nodeId();
      this.replica =
          new Replica(
              new ReplicaConfig(
                  member(id),
                  RaftSettings.of(10, id, 1, 10, 20, 2),
                  10,
                  0,
                  100,
                  56 << 20,
                  RewriteLimits.DEFAULT,
                  1 << 20,
                  4 << 20,
                  ShareLimits.DEFAULT,
                  128 << 10,
                  List.of()),
              recovered,
              new SplittableRandom(id),
              this);
    }

    RaftStatus status() {
      return replica.raftStatus();
    }

    /** Pieces of snapshots that it has sent. */
    int pieces() {
      return pieces;
    }

    void give(ReplicaInput input) {
      inbox.add(input);
    }

    private boolean admits(Node other) {
      return Admission.judge(replica.view(), other.identity).isEmpty();
    }

    @Override
    public void send(int to, PeerMessage message) {
      if (message instanceof PeerMessage.Raft raft
          && raft.message() instanceof org.rale.raft.Message.SnapshotPiece) {
        pieces++;
      }
      outgoing.add(
          () -> {
            Node other = nodes.get(to);
            if (other != null && linked.getOrDefault(to, false)) {
              other.inbox.add(new ReplicaInput.FromPeer(identity, message));
            }
          });
    }

    @Override
    public void disk(DiskTask task) {
      outgoing.add(() -> inbox.add(new ReplicaInput.DiskDone(task.sequence())));
    }

    @Override
    public void reply(long token, Response response) {}

    @Override
    public void publish(ClusterView view) {}

    @Override
    public void note(Event event) {}

    @Override
    public PathInfo path(int to) {
      return PathInfo.NOTHING;
    }
  }

  Node start(
      int id, long incarnation, long term, SnapshotMeta meta, DStore table, List<Entry> log) {
    Identity identity = new Identity(CLUSTER, id, incarnation);
    Node node =
        new Node(
            identity,
            new Recovered(
                identity,
                new HardState(term, 0),
                meta,
                new Recovered.FileUse(0, 0),
                table,
                meta,
                log,
                false,
                0));
    nodes.put(id, node);
    return node;
  }

  /** No link to it stands, and none comes about until it is joined again. */
  void cut(int id) {
    cut.add(id);
  }

  void join(int id) {
    cut.remove(id);
  }

  /** It is gone, and nobody has noticed yet. */
  void stop(int id) {
    nodes.remove(id);
  }

  Node node(int id) {
    return nodes.get(id);
  }

  /** Ticks until it holds; false when it does not within so many. */
  boolean within(int ticks, BooleanSupplier holds) {
    for (int i = 0; i < ticks && !holds.getAsBoolean(); i++) {
      tick();
    }
    return holds.getAsBoolean();
  }

  void tick() {
    link();
    nodes.values().forEach(node -> node.give(new ReplicaInput.Tick()));
    for (int round = 0; round < ROUNDS_A_TICK; round++) {
      for (Node node : nodes.values()) {
        while (!node.inbox.isEmpty()) {
          node.replica.step(node.inbox.remove());
        }
        node.replica.flush();
      }
      for (Node node : nodes.values()) {
        while (!node.outgoing.isEmpty()) {
          node.outgoing.remove().run();
        }
      }
    }
  }

  private void link() {
    for (Node one : nodes.values()) {
      for (Node other : nodes.values()) {
        boolean now =
            one.admits(other)
                && other.admits(one)
                && !cut.contains(one.identity.nodeId())
                && !cut.contains(other.identity.nodeId());
        if (one != other && now != one.linked.getOrDefault(other.identity.nodeId(), false)) {
          one.linked.put(other.identity.nodeId(), now);
          one.give(
              now
                  ? new ReplicaInput.LinkUp(other.identity, 1, HandshakeCodec.VERSION)
                  : new ReplicaInput.LinkDown(other.identity.nodeId()));
        }
      }
    }
  }

  /** All links between them break, and stand again at once. */
  void breakLinks() {
    for (Node one : nodes.values()) {
      for (Node other : nodes.values()) {
        if (one != other) {
          one.give(new ReplicaInput.LinkDown(other.identity.nodeId()));
          one.give(new ReplicaInput.LinkUp(other.identity, 1, HandshakeCodec.VERSION));
        }
      }
    }
  }

  /** Of each pair's two links one breaks. */
  void breakOneOfTwoLinks() {
    for (Node one : nodes.values()) {
      for (Node other : nodes.values()) {
        if (one != other) {
          one.give(new ReplicaInput.LinkBroke(other.identity.nodeId()));
        }
      }
    }
  }

  @Override
  public String toString() {
    return nodes.values().stream()
        .map(node -> node.identity + " " + node.status() + " links " + node.linked)
        .collect(Collectors.joining("\n"));
  }
}
