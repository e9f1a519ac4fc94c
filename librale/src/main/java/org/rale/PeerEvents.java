package org.rale;

import org.rale.wire.Handshake;
import org.rale.wire.Identity;
import org.rale.wire.PeerMessage;

/** What a {@link Transport} tells. Any thread may call; no call blocks. */
public interface PeerEvents {

  /**
   * Returns false where the node is overloaded and the message was dropped.
   *
   * @param sender as the handshake of its link, or the datagram itself, names it
   */
  boolean received(Identity sender, PeerMessage message);

  /**
   * A link passed its handshake, whichever side dialled. Called before anything received over it.
   *
   * @param priority the peer's node_priority
   * @param version of the protocol between the two, see {@link Handshake.Hello}
   */
  void linkUp(Identity peer, int priority, int version);

  /** The last link to the node is gone. */
  void linkDown(int nodeId);

  /**
   * A link to the node broke, and another one stands: what passed last, either way, may be lost.
   */
  void linkBroke(int nodeId);

  /** Datagrams to the node and back begin to pass, or no longer do: what was measured is void. */
  void pathChanged(int nodeId);

  /** The link to the node was full: its request with this number was not sent. */
  void forwardDropped(int nodeId, long id);

  /** A dialled node could not be reached. */
  void linkFailed(int nodeId, String reason);

  /** A dialled node refused. */
  void linkRefused(int nodeId, Handshake.Refused refused);
}
