package org.rale.wire;

/** What two nodes say first on a link. The one that dialled begins. */
public sealed interface Handshake {

  /**
   * @param sender who dials
   * @param process random, drawn when the sender's process started, never 0: two processes with one
   *     identity are a data directory that was copied, or is used twice
   * @param target the node id that the dialler expects here
   * @param priority the sender's node_priority, 1 to 100
   * @param version the newest of the protocol that both sides speak
   */
  record Hello(Identity sender, long process, int target, int priority, int version)
      implements Handshake {
    /** From this program. */
    public Hello(Identity sender, long process, int target, int priority) {
      this(sender, process, target, priority, HandshakeCodec.VERSION);
    }
  }

  /**
   * The link stands, unless the dialler sends {@link PeerMessage.Parting} as its first word.
   *
   * @param process see {@link Hello}
   * @param version see {@link Hello}
   */
  record Welcome(Identity sender, long process, int priority, int version) implements Handshake {
    /** From this program. */
    public Welcome(Identity sender, long process, int priority) {
      this(sender, process, priority, HandshakeCodec.VERSION);
    }
  }

  /**
   * The link is refused, and closed after this.
   *
   * @param sender who refuses
   * @param reason a whole sentence that says what to do
   */
  record Refused(Identity sender, Refusal refusal, String reason) implements Handshake {}

  enum Refusal {
    /** The dialled node has another id than the dialler expects. */
    WRONG_NODE,
    /** The nodes belong to different clusters. */
    OTHER_CLUSTER,
    /** Both nodes have the same id, or another living process has the sender's identity. */
    SAME_ID,
    /** The id is known with another incarnation: the disk was emptied or replaced. */
    OTHER_INCARNATION,
    /** The versions of the protocol have nothing in common. */
    VERSION,
    /** Too many links. */
    OVERLOADED
  }
}
