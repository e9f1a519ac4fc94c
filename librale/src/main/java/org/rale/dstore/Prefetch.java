package org.rale.dstore;

import java.util.List;
import org.jspecify.annotations.Nullable;
import org.rale.bytes.Bytes;

/**
 * Brings what commands will look at into the processor's caches, before they are applied one by
 * one: the way to their rows, and the rows but for their values. Nothing but time depends on it.
 */
final class Prefetch {
  /** Of fewer the look-ups gain less from each other than a second one costs. */
  private static final int FEWEST = 4;

  private final RowGroup group = new RowGroup();

  /** The digests of all rows that were found: kept, so that no compiler leaves the reading out. */
  private long digests;

  /**
   * @param commands encoded, in any order; only the first {@link RowGroup#SIZE} are looked at
   */
  void of(RowTable.Node root, List<Bytes> commands) {
    int size = Math.min(commands.size(), RowGroup.SIZE);
    if (size < FEWEST) {
      return;
    }
    int count = 0;
    for (int i = 0; i < size; i++) {
      byte[] command = commands.get(i).shared();
      int at = StoreCodec.keyAt(command);
      if (at >= 0) {
        group.hash(count++, SipHash.of(command, at, StoreCodec.keyLength(command, at)));
      }
    }
    group.find(root, count);
    for (int i = 0; i < count; i++) {
      @Nullable Row row = group.first(i);
      if (row != null && row.key().length > 0) {
        digests += row.digest();
      }
    }
    group.clear();
  }

  long digests() {
    return digests;
  }
}
