package org.rale.raft;

/**
 * What a leader knows of a peer.
 *
 * @param match the last entry that it is known to hold
 * @param acknowledgedTicks ticks since it last answered an append
 * @param heardTicks ticks since it last answered anything in this term; very many where it never
 *     did
 * @param mode probe, replicate, snapshot or lost
 */
public record PeerStatus(int id, long match, long acknowledgedTicks, long heardTicks, String mode) {

  /** Whether its disk forgot what it had acknowledged, so that nothing it says counts (S-06). */
  public boolean lost() {
    return mode.equals("lost");
  }
}
