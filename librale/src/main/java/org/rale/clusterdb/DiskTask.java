package org.rale.clusterdb;

import org.rale.dstore.FrozenStore;
import org.rale.raft.HardState;
import org.rale.raft.SnapshotMeta;

/** An order to the disk thread. Tasks are carried out in order; each is durable when it is done. */
public sealed interface DiskTask {
  /** The orderer's number for it, rising; comes back when the task is done. */
  long sequence();

  record Write(long sequence, Batch batch) implements DiskTask {}

  /**
   * The node enters a cluster, or founds one: the cluster id, term, vote and first entries become
   * durable as one step. The node was in no cluster before.
   */
  record Join(long sequence, long clusterId, Batch batch) implements DiskTask {}

  /**
   * Rewrites the file as this snapshot and the log behind it, while later tasks go on. Done when
   * the new file stands in the old one's place.
   */
  record Compact(long sequence, SnapshotMeta meta, FrozenStore store) implements DiskTask {}

  /** Rewrites the file as this snapshot, from the leader, and no log. Later tasks wait. */
  record Install(long sequence, SnapshotMeta meta, FrozenStore store, HardState hardState)
      implements DiskTask {}
}
