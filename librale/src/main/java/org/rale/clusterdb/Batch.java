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
 */
public record Batch(@Nullable HardState hardState, List<Entry> entries) {
  public Batch {
    entries = List.copyOf(entries);
  }
}
