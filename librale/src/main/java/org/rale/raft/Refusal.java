package org.rale.raft;

/** Why a wish was not taken up. Nothing was appended: it may be wished again. */
public enum Refusal {
  /** This node does not lead, and for a read: no leader is known. */
  NOT_LEADER,
  /** Leadership is being handed over. */
  TRANSFERRING,
  /** Too much waits for a majority already. */
  OVERLOADED,
  /** The leader has not yet committed an entry of its own term (S-08). */
  NOT_READY,
  /** Another membership change is not committed yet (S-09). */
  CHANGE_PENDING,
  /** The membership differs from the one in force by more than one voter. */
  NOT_ONE_STEP,
  /** The node named is no voter, or is this node, or does not answer. */
  BAD_TARGET,
  /** The leader changed, or did not answer in time. */
  LOST
}
