package org.rale.sim;

/** What an operator does, wisely or not. */
enum Order {
  TRANSFER,
  ADD,
  REMOVE,
  REMOVE_LEADER,
  /** A disk is lost, and the node comes up with an empty one. */
  EMPTY_DISK,
  /** A member dies for good; another computer gets its id: REMOVE, an empty disk, ADD. */
  REPLACE,
  /** And while it is replaced, another member is away. */
  REPLACE_MEANWHILE,
  /** One node stops in good order, and starts again. */
  RESTART,
  /** All of them do, one after the other. */
  ROLLING_RESTART,
  /** An old copy of cluster.db is put back. */
  OLD_COPY,
  /** A copy of a node's disk is started on another computer, beside the node. */
  CLONE,
  /** A computer that was replaced is switched on again, for a while. */
  RETIRED
}
