package org.rale.raled.net;

import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/**
 * Whether datagrams get through to a peer and back. Written at home, read by the node's turn.
 *
 * <p>A firewall may let one direction pass. So each datagram says whether its sender hears the
 * other side ({@link org.rale.wire.Datagram#heard}), as the hellos of OSPF and BFD do; the path
 * works while datagrams come that say yes.
 *
 * <p>Both sides keep sending datagrams in any case. So the path is found again without a probe of
 * its own.
 */
final class UdpPath {
  /** How many heartbeats must be missing before a path counts as silent. */
  static final int HEARTBEATS = 5;

  private final LongSupplier nanoClock;
  private final long windowNanos;
  private volatile long heardNanos;
  private volatile boolean peerHears;

  /** As it was when {@link #hasChanged} looked last. Of the node's turn alone. */
  private boolean worked;

  UdpPath(LongSupplier nanoClock, int heartbeatIntervalMs) {
    this.nanoClock = nanoClock;
    this.windowNanos = TimeUnit.MILLISECONDS.toNanos((long) HEARTBEATS * heartbeatIntervalMs);
    this.heardNanos = nanoClock.getAsLong() - windowNanos;
  }

  /**
   * @param heard what the datagram said
   */
  void datagramCame(boolean heard) {
    heardNanos = nanoClock.getAsLong();
    peerHears = heard;
  }

  /** Whether the peer's datagrams reach this node. */
  boolean hears() {
    return nanoClock.getAsLong() - heardNanos < windowNanos;
  }

  /** Whether datagrams pass in both directions. */
  boolean works() {
    return peerHears && hears();
  }

  /** Whether messages take another path than when this was asked last. */
  boolean hasChanged() {
    boolean before = worked;
    worked = works();
    return worked != before;
  }
}
