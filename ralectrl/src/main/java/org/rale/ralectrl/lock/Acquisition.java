package org.rale.ralectrl.lock;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.rale.bytes.Bytes;
import org.rale.ralectrl.client.Client;
import org.rale.ralectrl.client.Deadline;
import org.rale.ralectrl.lock.LockStore.State;
import org.rale.ralectrl.output.ExitCode;
import org.rale.ralectrl.output.Failure;
import org.rale.request.ErrorCode;

/**
 * Gets the lock: a lease, and then, in one step, the key that must not exist and hangs on the lease
 * from then on. Whatever is left of an attempt that failed or whose outcome is unknown hangs on a
 * lease that nobody keeps alive.
 */
final class Acquisition {
  /** Between two looks at a lock that somebody holds. */
  private static final Duration PAUSE = Duration.ofMillis(250);

  private final LockStore store;
  private final Bytes key;
  private final String name;
  private final Duration ttl;
  private final Function<Long, Bytes> holder;
  private final Pause pause;

  /** Waits, unless it is told to end. */
  interface Pause {
    /** Returns whether to go on. */
    boolean goesOn(Duration time);
  }

  /**
   * @param name of the lock, for messages
   * @param holder what the key shall have, which says who has the lock; that of each lease differs
   */
  Acquisition(
      LockStore store,
      String name,
      Bytes key,
      Duration ttl,
      Function<Long, Bytes> holder,
      Pause pause) {
    this.store = store;
    this.name = name;
    this.key = key;
    this.ttl = ttl;
    this.holder = holder;
    this.pause = pause;
  }

  /**
   * A lock that is ours.
   *
   * @param token the revision of the write that took it: of two holders the later one has the
   *     higher
   * @param sentNanos when the lease was asked for
   */
  record Held(long lease, long token, long sentNanos) {}

  /**
   * Tries once, and again for as long as the wait lasts; empty: it was told to end.
   *
   * @throws Failure with {@link ExitCode#LOCK_IS_HELD} where somebody else has it at the end
   */
  Optional<Held> acquire(Duration patience) throws Failure {
    Deadline end = Deadline.in(patience);
    while (true) {
      Failure why;
      try {
        State state = store.read(key);
        Held held = state.isFree() ? attempt() : null;
        if (held != null) {
          return Optional.of(held);
        }
        why = isHeld(state);
      } catch (Failure e) {
        if (!mayPass(e)) {
          throw e;
        }
        why = e;
      }
      if (!pause.goesOn(Duration.ZERO)) {
        return Optional.empty();
      }
      if (end.isOver()) {
        throw why;
      }
      if (!awaitChange(end)) {
        return Optional.empty();
      }
    }
  }

  /** Until the lock may be free, or at the latest at the end; returns whether to go on. */
  private boolean awaitChange(Deadline end) {
    return pause.goesOn(Duration.ofMillis(Math.min(PAUSE.toMillis(), end.leftMs())));
  }

  /** Takes a lock that was free a moment ago; null: somebody else was faster, or it shall end. */
  private @Nullable Held attempt() throws Failure {
    long sent = System.nanoTime();
    long lease = store.grant(ttl);
    Held held = null;
    try {
      if (!pause.goesOn(Duration.ZERO)) {
        return null;
      }
      Bytes own = holder.apply(lease);
      State state = take(own, lease);
      if (state.holder().equals(own)) {
        held = new Held(lease, state.revision(), isFresh(sent) ? sent : renewed(lease));
      }
      return held;
    } finally {
      if (held == null) {
        putAway(lease);
      }
    }
  }

  /** Not for tidiness alone: a TXN that is still on its way must find no lease. */
  private void putAway(long lease) {
    try {
      store.revoke(lease);
    } catch (Failure ignored) {
      // It ends by itself: nobody keeps it alive.
    }
  }

  /** The command begins with enough time left for a renewal in order. */
  boolean isFresh(long sentNanos) {
    return System.nanoTime() - sentNanos < ttl.toNanos() / 3;
  }

  /** Renews the lease now; returns when that was sent. */
  long renewed(long lease) throws Failure {
    long sent = System.nanoTime();
    store.keepAlive(lease, Keeper.patience(ttl));
    if (isFresh(sent)) {
      return sent;
    }
    throw Failure.of(
        ExitCode.UNAVAILABLE,
        ErrorCode.TIMEOUT,
        "the servers answer too slowly for a lock of %s".formatted(Client.seconds(ttl)),
        List.of(),
        "Give it a longer --ttl.");
  }

  /** How the lock is then. Where nobody knows whether the TXN was carried out, the key says it. */
  private State take(Bytes own, long lease) throws Failure {
    try {
      return store.take(key, own, lease);
    } catch (Failure e) {
      if (e.code() == ErrorCode.UNKNOWN_OUTCOME) {
        State state = store.read(key);
        if (!state.isFree()) {
          return state;
        }
      }
      throw e;
    }
  }

  private Failure isHeld(State state) {
    return Failure.of(
        ExitCode.LOCK_IS_HELD,
        ErrorCode.REVISION_MISMATCH,
        "the lock \"%s\" is held by somebody else".formatted(name),
        state.isFree() ? List.of() : List.of("Holder: " + state.holder().toText()),
        "Wait for it with --wait SECONDS.");
  }

  /** Whether it may be otherwise in a moment. */
  private static boolean mayPass(Failure e) {
    return switch (e.code()) {
      case NO_LEADER,
          TIMEOUT,
          UNKNOWN_OUTCOME,
          NODE_UNREACHABLE,
          NOT_MEMBER,
          OVERLOADED,
          SHUTTING_DOWN,
          STORE_FULL,
          LEASE_LIMIT,
          LEASE_NOT_FOUND ->
          true;
      default -> false;
    };
  }
}
