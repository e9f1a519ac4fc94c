package org.rale.clusterdb;

import java.util.List;
import org.jspecify.annotations.Nullable;
import org.rale.raft.Entry;
import org.rale.raft.HardState;

/**
 * What one sync makes durable, all of it or nothing.
 *
 * @param hardState null where it did not change
 * @param entries consecutive; where the first one's index is not behind the log's end, it and all
 *     that follows it in the file are replaced
 * @param commit up to where entries are known to be committed, none behind the last one; never
 *     falls. A start applies them at once, and need not keep them in memory
 */
public record Batch(@Nullable HardState hardState, List<Entry> entries, long commit) {
  public Batch {
    entries = List.copyOf(entries);
  }
}
