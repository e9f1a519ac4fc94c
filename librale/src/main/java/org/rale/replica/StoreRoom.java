package org.rale.replica;

import org.jspecify.annotations.Nullable;
import org.rale.dstore.Item;
import org.rale.dstore.StoreCommand;
import org.rale.request.Response;

/**
 * Whether the leader takes a change into its log: the live data shall never be longer than {@code
 * max_size}, whatever is under way.
 *
 * <p>What is in the log and not applied counts with all its bytes. That is more than it may add (it
 * may overwrite, or delete), and so the bound holds without a look at each: what a shrinking write
 * gives back counts only when it is applied. Near the limit a write may be refused that would have
 * found room a moment later.
 */
final class StoreRoom {
  /** What an item takes beside its key and value; see {@code DStore.liveBytes}. */
  private static final long ITEM_OVERHEAD = 30;

  private final Unit unit;

  StoreRoom(Unit unit) {
    this.unit = unit;
  }

  /** STORE_FULL, or null. Only writes that add are refused: deletes must still work. */
  @Nullable Response refusal(StoreCommand command) {
    long max = unit.config.maxSizeBytes();
    if (max == 0 || command instanceof StoreCommand.Delete) {
      return null;
    }
    Item old = unit.store().get(command.key());
    long more =
        old == null
            ? ITEM_OVERHEAD + command.key().length() + command.value().length()
            : (long) command.value().length() - old.value().length();
    long used = unit.store().liveBytes();
    long underWay = unit.raft().unappliedBytes();
    if (more <= 0 || used + underWay + more <= max) {
      return null;
    }
    return Failures.storeFull(command.key(), more, used, underWay, max);
  }
}
