package org.rale;

import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentHashMap.KeySetView;
import org.jspecify.annotations.Nullable;
import org.rale.raft.Member;
import org.rale.replica.Admission;
import org.rale.replica.ClusterView;
import org.rale.wire.PeerMessage;

/** Transports that reach each other by a method call; a node can be cut off. */
final class MemoryNetwork {
  private final Map<Integer, Port> ports = new ConcurrentHashMap<>();
  private final KeySetView<Integer, Boolean> cut = ConcurrentHashMap.newKeySet();

  Transport transport(int nodeId) {
    return new Port(nodeId);
  }

  /** Takes the node off the network. */
  void cut(int nodeId) {
    cut.add(nodeId);
    ports.values().forEach(Port::relink);
  }

  void heal(int nodeId) {
    cut.remove(nodeId);
    ports.values().forEach(Port::relink);
  }

  private final class Port implements Transport {
    private final int nodeId;
    private final Set<Integer> linked = ConcurrentHashMap.newKeySet();
    private volatile @Nullable PeerEvents events;
    private volatile @Nullable ClusterView view;

    Port(int nodeId) {
      this.nodeId = nodeId;
    }

    @Override
    public void start(PeerEvents to, ClusterView first) {
      events = to;
      view = first;
      ports.put(nodeId, this);
      ports.values().forEach(Port::relink);
    }

    @Override
    public void publish(ClusterView fresh) {
      view = fresh;
      relink();
    }

    /** One lock for the whole network: each port relinks the others, in any order. */
    private void relink() {
      synchronized (ports) {
        ClusterView mine = view;
        if (mine == null) {
          return;
        }
        for (Port other : ports.values()) {
          if (other != this) {
            relink(mine, other);
          }
        }
      }
    }

    private void relink(ClusterView mine, Port other) {
      ClusterView theirs = other.view;
      boolean wanted =
          mine.peers().stream().map(Member::id).anyMatch(id -> id == other.nodeId)
              || (theirs != null
                  && theirs.peers().stream().map(Member::id).anyMatch(id -> id == nodeId));
      boolean up = wanted && theirs != null && !cut.contains(nodeId) && !cut.contains(other.nodeId);
      PeerEvents told = events;
      if (told == null) {
        return;
      }
      if (up && Admission.judge(mine, theirs.self()).isPresent()) {
        told.linkRefused(other.nodeId, Admission.judge(mine, theirs.self()).orElseThrow());
      } else if (up && linked.add(other.nodeId)) {
        told.linkUp(theirs.self(), 1, 2);
        other.relink();
      } else if (!up && linked.remove(other.nodeId)) {
        told.linkDown(other.nodeId);
      }
    }

    @Override
    public void send(int to, PeerMessage message) {
      Port target = ports.get(to);
      if (target == null || cut.contains(to) || cut.contains(nodeId)) {
        return;
      }
      target.relink();
      PeerEvents told = target.events;
      ClusterView mine = view;
      if (told != null && mine != null && target.linked.contains(nodeId)) {
        told.received(mine.self(), message);
      }
    }

    @Override
    public void flush() {}

    @Override
    public void close() {
      ports.remove(nodeId);
      for (Port other : ports.values()) {
        PeerEvents told = other.events;
        if (other.linked.remove(nodeId) && told != null) {
          told.linkDown(nodeId);
        }
      }
    }
  }
}
