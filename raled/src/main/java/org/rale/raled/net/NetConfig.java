package org.rale.raled.net;

import java.nio.file.Path;
import org.rale.raled.clients.ClientLimits;

/**
 * What the network must be told.
 *
 * @param bindHost the address to listen on, without brackets
 * @param ralePort UDP, 0 to 65535; 0 takes a free one
 * @param dstorePort TCP, 0 to 65535; 0 takes a free one
 * @param controlSocket where the control socket is made
 * @param priority this node's node_priority, 1 to 100
 * @param heartbeatIntervalMs how often a leader says that it lives
 * @param keepAliveIntervalMs after this long without a word a link is probed
 * @param keepAliveTimeoutMs after this long without a word a link is closed
 */
public record NetConfig(
    String bindHost,
    int ralePort,
    int dstorePort,
    Path controlSocket,
    int priority,
    int heartbeatIntervalMs,
    int keepAliveIntervalMs,
    int keepAliveTimeoutMs,
    ClientLimits clients) {}
