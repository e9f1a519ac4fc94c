/**
 * Netty around the library: how this node reaches other nodes, and the ports that clients reach it
 * by.
 *
 * <p>{@link org.rale.raled.net.Network} binds all three ports and is what the daemon holds. Peers:
 * {@link org.rale.raled.net.NettyTransport} is the library's {@link org.rale.Transport}; it gives
 * election and heartbeat messages to {@link org.rale.raled.net.DatagramPort} and everything else to
 * a {@link org.rale.raled.net.Link}. Clients: {@link org.rale.raled.net.ClientPorts} holds the port
 * and the control socket, {@link org.rale.raled.net.FirstBytes} tells a peer from a client; what
 * clients say is read in {@code org.rale.raled.clients}.
 *
 * <p>Threads: two event loops ({@link org.rale.raled.net.EventLoops}). The first one is the
 * <em>home</em> of everything about peers: links, dialling, the UDP socket, the view of the
 * cluster. State that belongs to home is touched there only, so it needs no lock; a few fields that
 * the node's turn reads are volatile and say so.
 */
@NullMarked
package org.rale.raled.net;

import org.jspecify.annotations.NullMarked;
