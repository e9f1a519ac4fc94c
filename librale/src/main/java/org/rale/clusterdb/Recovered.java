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
 * @param store the table as of {@code snapshot.index()}
 * @param entries those behind the snapshot, without a gap
 * @param created whether the file was made just now
 * @param cutBytes how many bytes of a torn tail were dropped
 */
public record Recovered(
    Identity identity,
    HardState hardState,
    SnapshotMeta snapshot,
    DStore store,
    List<Entry> entries,
    boolean created,
    long cutBytes) {}
