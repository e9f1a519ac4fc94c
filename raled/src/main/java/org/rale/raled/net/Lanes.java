package org.rale.raled.net;

import org.rale.wire.DatagramCodec;
import org.rale.wire.PeerMessage;

/** Which messages travel as datagrams. */
final class Lanes {
  private Lanes() {}

  /**
   * Elections and heartbeats: short, worthless when late, and better lost than queued behind
   * entries. All else goes over links.
   */
  static boolean isElection(PeerMessage message) {
    return message instanceof PeerMessage.Raft raft && DatagramCodec.carries(raft.message());
  }
}
