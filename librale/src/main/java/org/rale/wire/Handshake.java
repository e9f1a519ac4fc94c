package org.rale.wire;

/** What two nodes say first on a link. The one that dialled begins. */
public sealed interface Handshake {

  /**
   * @param sender who dials
   * @param target the node id that the dialler expects here
   * @param priority the sender's node_priority, 1 to 100
   */
  record Hello(Identity sender, int target, int priority) implements Handshake {}

  /** The link stands. */
  record Welcome(Identity sender, int priority) implements Handshake {}

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
    /** Both nodes have the same id. */
    SAME_ID,
    /** The id is known with another incarnation: the disk was emptied or replaced. */
    OTHER_INCARNATION,
    /** The versions of the protocol have nothing in common. */
    VERSION,
    /** Too many links. */
    OVERLOADED
  }
}
