/**
 * Real processes: daemons started by scripts/raled, spoken to over raw sockets and through
 * scripts/ralectrl, killed, stopped and damaged.
 *
 * <p>A {@link org.rale.process.Daemon} is one node with its directory and ports, a {@link
 * org.rale.process.Cluster} is three of them, a {@link org.rale.process.Client} one connection. The
 * {@code ...IT} classes have a theme each, and share a cluster within it. Nothing here sleeps in
 * the hope that something is done by then: a start is awaited by its ready line, anything else by
 * what the nodes say ({@link org.rale.process.Until}).
 */
package org.rale.process;
