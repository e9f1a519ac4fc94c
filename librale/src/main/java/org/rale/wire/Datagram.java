package org.rale.wire;

import org.rale.raft.Message;

/**
 * An election or heartbeat message on the rale port.
 *
 * @param process see {@link Handshake.Hello}
 * @param target the node it is for
 * @param sequence rises with every datagram of the sender's process to this target, so that a
 *     replay is told from a fresh one
 * @param heard whether the sender lately got a datagram from the target: what tells a path that
 *     works both ways from one that a firewall lets pass in one direction only
 */
public record Datagram(
    Identity sender,
    long process,
    int target,
    long sequence,
    boolean heard,
    Stamps stamps,
    Message message) {

  /**
   * What both sides measure the path by. In microseconds; each process has a monotonic clock of its
   * own, which shows at least 1.
   *
   * @param clock the sender's when the datagram left
   * @param echo the newest clock that the sender heard of the target's process; 0: none lately
   * @param held how long ago that was, 0 to {@link #MAX_HELD}
   */
  public record Stamps(long clock, long echo, int held) {
    /** What was heard longer ago is not echoed. */
    public static final int MAX_HELD = 60_000_000;

    /** Nothing is told. */
    public static final Stamps NONE = new Stamps(0, 0, 0);
  }
}
