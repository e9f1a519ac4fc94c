/**
 * The rules: who leads, what is in the log, what is committed, who belongs to the cluster.
 *
 * <p>Pure. {@link org.rale.raft.Raft#step} takes an {@link org.rale.raft.Input} (a tick, a message,
 * a client's wish, "the disk is done"), changes the state, and {@link org.rale.raft.Raft#drain}
 * hands out the {@link org.rale.raft.Effect}s in the order in which they must happen. No clock, no
 * thread, no socket, no logger: time is counted in ticks and chance is a generator handed in, so
 * that the same inputs give the same effects always.
 *
 * <p>The paper is Ongaro and Ousterhout, "In Search of an Understandable Consensus Algorithm"
 * (extended version); "dissertation" is Ongaro, "Consensus: Bridging Theory and Practice".
 */
@NullMarked
package org.rale.raft;

import org.jspecify.annotations.NullMarked;
