package org.rale.raft;

import org.rale.bytes.Bytes;

/**
 * What happens to the rules. A token is the caller's name for a wish, and comes back with the
 * answer.
 */
public sealed interface Input {

  record Tick() implements Input {}

  /**
   * The process stood still for so many ticks: whatever was believed about others has expired
   * (S-13), and the silence was this node's own fault.
   */
  record Woke(int missedTicks) implements Input {}

  record Received(int from, Message message) implements Input {}

  /** Answered by {@link Effect.Accepted} or {@link Effect.Refused}. */
  record Propose(long token, Bytes command) implements Input {}

  /** Answered by {@link Effect.ReadReady} or {@link Effect.Refused}. */
  record Read(long token) implements Input {}

  /** Answered by {@link Effect.Accepted} or {@link Effect.Refused}. */
  record ChangeMembership(long token, Membership next) implements Input {}

  /**
   * Answered by {@link Effect.Refused} only; success shows as another node's leadership.
   *
   * @param target 0: the most up-to-date node
   */
  record Transfer(long token, int target) implements Input {}

  /** The batch of the {@link Effect.Persist} with this number is durable, and all before it. */
  record Persisted(long batch) implements Input {}

  /** All pieces of a snapshot have come. */
  record SnapshotArrived(int from, SnapshotMeta meta) implements Input {}

  /** The snapshot of {@link Effect.Install} is durable and the table is in force. */
  record Installed(SnapshotMeta meta) implements Input {}

  /** A way to the peer broke, and another one stands: what was sent last may be lost. */
  record LinkBroken(int peer) implements Input {}

  /** Datagrams to the peer and back begin to pass, or no longer do: times are other ones now. */
  record PathChanged(int peer) implements Input {}

  /** No way to the peer is left. */
  record Unlinked(int peer) implements Input {}

  /** The peer is linked, and has this priority. */
  record PeerPriority(int peer, int priority) implements Input {}
}
