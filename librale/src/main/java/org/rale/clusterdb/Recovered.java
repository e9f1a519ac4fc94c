package org.rale.clusterdb;

import java.util.List;
import org.rale.dstore.DStore;
import org.rale.raft.Entry;
import org.rale.raft.HardState;
import org.rale.raft.SnapshotMeta;
import org.rale.wire.Identity;

/**
 * What the file held when it was opened.
 *
 * @param snapshot the one in the file
 * @param store the table with all that the file says is committed
 * @param base the last entry that is not in {@code entries}, with the membership there
 * @param entries those behind the base, without a gap
 * @param created whether the file was made just now
 * @param cutBytes how many bytes of a torn tail were dropped
 */
public record Recovered(
    Identity identity,
    HardState hardState,
    SnapshotMeta snapshot,
    FileUse use,
    DStore store,
    SnapshotMeta base,
    List<Entry> entries,
    boolean created,
    long cutBytes) {

  /** What the parts of the file take. */
  public record FileUse(long snapshotBytes, long logBytes) {}
}
