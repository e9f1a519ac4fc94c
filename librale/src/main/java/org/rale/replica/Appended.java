package org.rale.replica;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The changes of this leader's log that somebody waits for, by index. */
final class Appended {
  private final Map<Long, Operation> byIndex = new HashMap<>();

  /**
   * The rules put it there.
   *
   * @return what stood at that index in another term, and will never be applied; null: nothing
   */
  @Nullable Operation put(Operation operation, long index, long term) {
    operation.appended(index, term);
    return byIndex.put(index, operation);
  }

  /** The entry at the index is about to be applied; null: nobody waits for it. */
  @Nullable Operation take(long index) {
    return byIndex.remove(index);
  }

  /** Nobody waits for it any more. Its entry stays. */
  void drop(Operation operation) {
    byIndex.remove(operation.index(), operation);
  }

  /** All of them, in the order of the log: this node does not lead any more. */
  List<Operation> takeAll() {
    List<Operation> all = new ArrayList<>(byIndex.values());
    all.sort(Comparator.comparingLong(Operation::index));
    byIndex.clear();
    return all;
  }
}
