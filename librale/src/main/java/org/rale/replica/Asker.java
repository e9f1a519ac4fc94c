package org.rale.replica;

/** Who waits for an answer. */
sealed interface Asker {

  /** A client of this node. */
  record Client(long token) implements Asker {}

  /**
   * A node that passed its client's request on.
   *
   * @param after see {@link org.rale.wire.PeerMessage.Forward}
   */
  record Node(int nodeId, long id, long after) implements Asker {}

  /** Nobody: this node does it of its own accord. */
  record Nobody() implements Asker {}
}
