/**
 * Real processes: daemons started by scripts/raled, spoken to over raw sockets and through
 * scripts/ralectrl, killed, stopped and damaged.
 *
 * <p>A {@link org.rale.process.Daemon} is one node with its directory and ports, a {@link
 * org.rale.process.Cluster} is three or more of them, a {@link org.rale.process.Client} one
 * connection. The {@code ...IT} classes have a theme each, and share a cluster within it. Nothing
 * here sleeps in the hope that something is done by then: a start is awaited by its ready line,
 * anything else by what the nodes say ({@link org.rale.process.Until}).
 *
 * <p>scripts/torture is {@link org.rale.process.Torture}. scripts/chaos is {@link
 * org.rale.process.Chaos}: a {@link org.rale.process.Stage} is a cluster and what is wrong with it
 * right now ({@link org.rale.process.Net} cuts its links), {@link org.rale.process.Scenarios},
 * {@link org.rale.process.Disturbance} and {@link org.rale.process.Operator} are what happens to
 * it, and a {@link org.rale.process.Recorder} keeps what each {@link org.rale.process.Caller} was
 * told.
 */
package org.rale.process;
