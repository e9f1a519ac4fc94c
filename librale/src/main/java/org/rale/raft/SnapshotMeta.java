package org.rale.raft;

/**
 * Where a snapshot stands in the log: it holds the effect of every entry up to {@code index}.
 *
 * @param membership the membership in force at {@code index}
 */
public record SnapshotMeta(long index, long term, Membership membership) {
  /** The snapshot before the first entry. */
  public static final SnapshotMeta NONE = new SnapshotMeta(0, 0, Membership.NONE);
}
