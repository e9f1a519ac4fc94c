package org.rale.replica;

import org.rale.request.Request;
import org.rale.wire.Handshake;
import org.rale.wire.Identity;
import org.rale.wire.PeerMessage;

/** What can happen to a node. */
public sealed interface ReplicaInput {

  /** One tick of the clock has passed. */
  record Tick() implements ReplicaInput {}

  /**
   * The process stood still (stopped, suspended, a long collection): what it believed about others
   * counts as expired (S-13).
   */
  record Woke(int missedTicks) implements ReplicaInput {}

  /**
   * @param sender as the handshake of its link, or the datagram itself, names it
   */
  record FromPeer(Identity sender, PeerMessage message) implements ReplicaInput {}

  /**
   * A link to or from the node passed its handshake.
   *
   * @param version of the protocol between the two, see {@link Handshake.Hello}
   */
  record LinkUp(Identity peer, int priority, int version) implements ReplicaInput {}

  /** No link to the node is left: what was sent last may be lost. */
  record LinkDown(int nodeId) implements ReplicaInput {}

  /**
   * A link to the node broke, and another one stands: what passed last, either way, may be lost.
   */
  record LinkBroke(int nodeId) implements ReplicaInput {}

  /** Datagrams to the node and back begin to pass, or no longer do. */
  record PathChanged(int nodeId) implements ReplicaInput {}

  /**
   * The link to the node was full, and this request was not sent.
   *
   * @param id of its {@link PeerMessage.Forward}
   */
  record ForwardDropped(int nodeId, long id) implements ReplicaInput {}

  /** A link to the node could not be made. */
  record LinkFailed(int nodeId, String reason) implements ReplicaInput {}

  /** The dialled node answered, and refused the link. */
  record LinkRefused(int nodeId, Handshake.Refused refused) implements ReplicaInput {}

  /**
   * A client asks.
   *
   * @param token comes back with the answer
   * @param connection whose requests see each other as if they came one by one, see {@link
   *     Pipeline}; {@link #ALONE}: it has no others
   * @param timeoutMs after which the client is told that time ran out
   */
  record Submit(long token, long connection, Request request, int timeoutMs)
      implements ReplicaInput {
    /** The connection of a request that is under way alone, or that minds no order. */
    public static final long ALONE = 0;

    public Submit(long token, Request request, int timeoutMs) {
      this(token, ALONE, request, timeoutMs);
    }
  }

  /** The disk task with this number is done. */
  record DiskDone(long sequence) implements ReplicaInput {}

  /**
   * The compaction with this number was given up, since the disk has no room for a second file.
   *
   * @param why with the figures
   */
  record NoRoom(long sequence, String why) implements ReplicaInput {}

  /**
   * The disk is full, and what was ordered waits: it is tried again until there is room.
   *
   * @param why with the figures
   */
  record DiskFull(String why) implements ReplicaInput {}

  /** The node shall end: hand leadership over, take no new requests. */
  record Leave() implements ReplicaInput {}
}
