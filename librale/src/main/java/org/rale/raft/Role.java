package org.rale.raft;

/** What a node is at the moment. */
public enum Role {
  /** Follows a leader, or waits for one. */
  FOLLOWER,
  /** Asks whether it would be elected; its term is unchanged (dissertation 9.6). */
  PRE_CANDIDATE,
  /** Asks for votes in a term of its own. */
  CANDIDATE,
  LEADER
}
