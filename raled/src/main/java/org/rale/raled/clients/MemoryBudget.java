package org.rale.raled.clients;

import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * Memory that all clients share, for long lines and long replies. Each connection has a little of
 * its own besides, so that those with short ones never notice that the rest is taken.
 */
public final class MemoryBudget {
  private final AtomicLong left;

  /** Whoever holds more than there was. */
  private final AtomicReference<@Nullable Share> exceeding = new AtomicReference<>();

  /**
   * @param bytes what all connections together may keep beyond what each has of its own
   */
  public MemoryBudget(long bytes) {
    this.left = new AtomicLong(bytes);
  }

  long left() {
    return left.get();
  }

  private boolean takeIfThere(long bytes) {
    if (left.addAndGet(-bytes) >= 0) {
      return true;
    }
    left.addAndGet(bytes);
    return false;
  }

  /** What one connection holds for one purpose. Of one event loop. */
  static final class Share {
    private final MemoryBudget budget;
    private long held;

    Share(MemoryBudget budget) {
      this.budget = budget;
    }

    /** Sets what is held; false where that is more than there is, and nothing has changed. */
    boolean hold(long bytes) {
      long more = beyondOwn(bytes) - beyondOwn(held);
      if (more > 0 && !budget.takeIfThere(more)) {
        return false;
      }
      if (more < 0) {
        budget.left.addAndGet(-more);
      }
      set(bytes);
      return true;
    }

    /**
     * As {@link #hold}, but one share at a time may hold more than there is, until it has given all
     * back. All memory may be held by connections that would give it back once their replies were
     * written, and whose replies wait for memory: so one of them always gets on.
     */
    boolean holdInTurn(long bytes) {
      if (hold(bytes)) {
        return true;
      }
      if (!budget.exceeding.compareAndSet(null, this)) {
        return false;
      }
      take(bytes - held);
      return true;
    }

    /** Holds so much more, or less, be it there or not: the memory is in use already. */
    void take(long more) {
      long next = held + more;
      budget.left.addAndGet(beyondOwn(held) - beyondOwn(next));
      set(next);
    }

    private void set(long bytes) {
      held = bytes;
      if (beyondOwn(bytes) == 0) {
        budget.exceeding.compareAndSet(this, null);
      }
    }

    /** Whether this connection lives on shared memory, and none is left. */
    boolean exhausted() {
      return held > ClientLimits.OWN_BYTES && budget.left.get() <= 0;
    }

    long held() {
      return held;
    }

    private static long beyondOwn(long bytes) {
      return Math.max(0, bytes - ClientLimits.OWN_BYTES);
    }
  }
}
