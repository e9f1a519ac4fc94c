package org.rale.raft;

import java.util.List;

/**
 * What a node finds on its disk when it starts.
 *
 * @param entries those behind the snapshot, without a gap
 */
public record Restored(HardState hardState, SnapshotMeta snapshot, List<Entry> entries) {
  public static final Restored NOTHING =
      new Restored(HardState.INITIAL, SnapshotMeta.NONE, List.of());

  public Restored {
    entries = List.copyOf(entries);
  }
}
