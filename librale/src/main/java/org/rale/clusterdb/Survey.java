package org.rale.clusterdb;

import java.util.List;
import org.jspecify.annotations.Nullable;
import org.rale.dstore.DStore;
import org.rale.raft.Entry;
import org.rale.raft.HardState;
import org.rale.raft.Membership;
import org.rale.raft.Payload;
import org.rale.raft.SnapshotMeta;

/**
 * What a start would make of a file.
 *
 * @param reach how far whole batches go
 * @param held what they hold; null where not even the snapshot is whole
 * @param damage why a start would refuse the file; null where it would not
 */
public record Survey(Reach reach, @Nullable Held held, @Nullable ClusterDbException damage) {

  /**
   * The whole batches of a file, from its first frame on.
   *
   * @param end where the last one ends
   * @param cutBytes how much of a torn tail a start would cut there; 0 in a damaged file
   */
  public record Reach(long batches, long end, long cutBytes) {
    /** All batches together. */
    public long bytes() {
      return end - Layout.HEADER_BYTES;
    }
  }

  /**
   * Snapshot and log.
   *
   * @param snapshotBytes the live bytes of the snapshot's table, see {@link DStore#liveBytes}
   * @param entries those behind the snapshot, without a gap
   * @param committed up to where the file says that they are; more of them may be
   * @param table as of the snapshot, or with the log applied to it, as was asked for
   */
  public record Held(
      SnapshotMeta snapshot,
      int snapshotKeys,
      long snapshotBytes,
      HardState hardState,
      List<Entry> entries,
      long committed,
      DStore table) {

    /** The index of the last entry, or of the snapshot where there is none. */
    public long lastIndex() {
      return snapshot.index() + entries.size();
    }

    /** The membership in force: the last one, committed or not (S-09). */
    public Membership membership() {
      return membershipIndex() == snapshot.index()
          ? snapshot.membership()
          : ((Payload.Members) entry(membershipIndex()).payload()).membership();
    }

    /** The entry that brought it, or the snapshot. */
    public long membershipIndex() {
      long index = lastIndex();
      while (index > snapshot.index() && !(entry(index).payload() instanceof Payload.Members)) {
        index--;
      }
      return index;
    }

    private Entry entry(long index) {
      return entries.get((int) (index - snapshot.index() - 1));
    }
  }
}
