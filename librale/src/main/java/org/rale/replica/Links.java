package org.rale.replica;

import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.rale.wire.Handshake.Refused;
import org.rale.wire.Identity;

/** Which nodes are linked to this one, and why others are not. */
final class Links {
  private final Map<Integer, Identity> up = new HashMap<>();
  private final Map<Integer, String> failures = new HashMap<>();
  private final Map<Integer, Refused> refusals = new HashMap<>();

  void up(Identity peer) {
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

  /** Returns whether the sentence is news. */
  boolean refused(int nodeId, Refused refused) {
    Refused before = refusals.put(nodeId, refused);
    return before == null || !before.reason().equals(refused.reason());
  }

  void forget(int nodeId) {
    failures.remove(nodeId);
    refusals.remove(nodeId);
  }

  boolean isUp(int nodeId) {
    return up.containsKey(nodeId);
  }

  Optional<Identity> peer(int nodeId) {
    return Optional.ofNullable(up.get(nodeId));
  }

  Optional<String> failure(int nodeId) {
    return Optional.ofNullable(failures.get(nodeId));
  }

  Optional<Refused> refusal(int nodeId) {
    return Optional.ofNullable(refusals.get(nodeId));
  }
}
