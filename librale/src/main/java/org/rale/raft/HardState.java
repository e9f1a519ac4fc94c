package org.rale.raft;

/**
 * What a node must never forget (Raft figure 2, "persistent state").
 *
 * @param votedFor the candidate that got this node's vote in this term, 0 for none
 */
public record HardState(long term, int votedFor) {
  public static final HardState INITIAL = new HardState(0, 0);
}
