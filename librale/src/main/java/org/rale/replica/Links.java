package org.rale.replica;

import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.rale.raft.Member;
import org.rale.wire.Handshake.Refused;
import org.rale.wire.Identity;

/** Which nodes are linked to this one, and why others are not. */
final class Links {
  /**
   * The same sentence is said again no sooner: a node that will not have this one dials, is
   * welcomed, and refuses, about once a second.
   */
  private static final long REPEAT_MS = 60_000;

  /** A refusal that was put into the log. */
  private record Said(String reason, long tick) {}

  /**
   * What a node spoke when it was linked last.
   *
   * @param incarnation of its disk
   */
  private record Spoken(long incarnation, int version) {}

  private final Map<Integer, Identity> up = new HashMap<>();

  /** Also of nodes that are not linked now. */
  private final Map<Integer, Spoken> spoken = new HashMap<>();

  /** The last node of a cluster that was linked to this one. */
  private @Nullable Identity caller;

  private final Map<Integer, String> failures = new HashMap<>();
  private final Map<Integer, Refused> refusals = new HashMap<>();

  /** What was said last of each node. */
  private final Map<Integer, Said> said = new HashMap<>();

  private final long repeatTicks;

  Links(ReplicaConfig config) {
    repeatTicks = config.ticks(REPEAT_MS);
  }

  /**
   * @param version of the protocol between the two
   */
  void up(Identity peer, int version) {
    spoken.put(peer.nodeId(), new Spoken(peer.incarnation(), version));
    if (peer.inCluster()) {
      caller = peer;
    }
    up.put(peer.nodeId(), peer);
    failures.remove(peer.nodeId());
    refusals.remove(peer.nodeId());
  }

  void down(int nodeId) {
    up.remove(nodeId);
  }

  void failed(int nodeId, String reason) {
    failures.put(nodeId, reason);
  }

  /** Returns whether to say so: the sentence is another one, or was said a while ago. */
  boolean refused(int nodeId, Refused refused, long tick) {
    refusals.put(nodeId, refused);
    Said before = said.get(nodeId);
    if (before != null
        && before.reason().equals(refused.reason())
        && tick - before.tick() < repeatTicks) {
      return false;
    }
    said.put(nodeId, new Said(refused.reason(), tick));
    return true;
  }

  void forget(int nodeId) {
    failures.remove(nodeId);
    refusals.remove(nodeId);
  }

  /** A node of a cluster, which knows this node and called it. */
  Optional<Identity> caller() {
    return Optional.ofNullable(caller);
  }

  /** The nodes that are linked. */
  Collection<Identity> all() {
    return up.values();
  }

  boolean isUp(int nodeId) {
    return up.containsKey(nodeId);
  }

  Optional<Identity> peer(int nodeId) {
    return Optional.ofNullable(up.get(nodeId));
  }

  /**
   * The version of the protocol that was last spoken with the member; 0: it was never linked to
   * this process.
   */
  int version(Member member) {
    Spoken last = spoken.get(member.id());
    return last == null || last.incarnation() != member.incarnation() ? 0 : last.version();
  }

  /** The version of the protocol that the node's last link spoke; 0: it was never linked. */
  int spoken(int nodeId) {
    Spoken last = spoken.get(nodeId);
    return last == null ? 0 : last.version();
  }

  /** Why no link to the node stands, as far as is known. */
  Optional<String> obstacle(int nodeId) {
    return refusal(nodeId).map(Refused::reason).or(() -> failure(nodeId));
  }

  Optional<String> failure(int nodeId) {
    return Optional.ofNullable(failures.get(nodeId));
  }

  Optional<Refused> refusal(int nodeId) {
    return Optional.ofNullable(refusals.get(nodeId));
  }
}
