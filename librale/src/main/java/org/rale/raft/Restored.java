package org.rale.raft;

import java.util.List;

/**
 * What a node finds on its disk when it starts.
 *
 * @param base the last entry that is not in memory any more, 0: none; with the membership there
 * @param entries those behind it, without a gap
 * @param applied up to where they are in the table; the disk said that these are committed
 */
public record Restored(HardState hardState, SnapshotMeta base, List<Entry> entries, long applied) {
  public static final Restored NOTHING =
      new Restored(HardState.INITIAL, SnapshotMeta.NONE, List.of(), 0);

  public Restored {
    entries = List.copyOf(entries);
  }
}
