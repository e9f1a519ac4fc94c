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
    Identity sender, long process, int target, long sequence, boolean heard, Message message) {}
