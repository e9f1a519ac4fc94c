/**
 * cluster.db: the one file that holds everything a node must not forget.
 *
 * <p>A header says whose file it is; frames follow, first those of a snapshot, then batches of log
 * entries, term and vote. A batch is one write and one sync. Start with {@link
 * org.rale.clusterdb.ClusterDb}; {@link org.rale.clusterdb.Storage} is the port behind which the
 * real directory or a simulated one stands. docs/CLUSTER_DB.md has the bytes.
 */
@NullMarked
package org.rale.clusterdb;

import org.jspecify.annotations.NullMarked;
