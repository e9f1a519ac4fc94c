/**
 * Whole clusters on one thread, from one seed: the real {@link org.rale.replica.Replica} over the
 * real {@link org.rale.clusterdb.ClusterDb}, with a virtual clock, network and disk.
 *
 * <p>{@link org.rale.sim.Simulation} puts a run together, as {@code Plan} has drawn it; {@code
 * Simulator} runs many. Its rooms: {@code Machine} and {@code Life} (a node and one life of it),
 * {@code DiskArm}, {@code Network} and {@code Wire} (the world), {@code Client}, {@code Operator}
 * and {@code Faults} (who disturbs it), {@code Judges} and what stands in it (what must hold),
 * {@code Coverage} (what was reached). A run that fails prints its seed; docs/TESTING.md says what
 * to do with it.
 */
@NullMarked
package org.rale.sim;

import org.jspecify.annotations.NullMarked;
