package org.rale.ralectrl.lock;

import java.io.IOException;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.rale.ralectrl.output.ExitCode;
import org.rale.ralectrl.output.Failure;
import org.rale.request.ErrorCode;

/**
 * The time in which the lock is held: renews the lease until nothing of the command is left, or
 * ends the command before the lease can end.
 */
final class Holding implements AutoCloseable {
  /** Between two looks for what the command's first process left behind. */
  private static final long LOOK_NANOS = 100_000_000;

  private final LockStore store;
  private final long lease;
  private final Keeper keeper;
  private final BlockingQueue<Event> events;
  private final Consumer<String> warnings;
  private final ThreadPoolExecutor asker;

  /** Why the last KEEPALIVE came to nothing; null: it did not. */
  private @Nullable Failure trouble;

  /** Its thread runs from here on: there may be none to be had later. */
  Holding(
      LockStore store,
      long lease,
      Keeper keeper,
      BlockingQueue<Event> events,
      Consumer<String> warnings) {
    this.store = store;
    this.lease = lease;
    this.keeper = keeper;
    this.events = events;
    this.warnings = warnings;
    this.asker =
        new ThreadPoolExecutor(
            1,
            1,
            0,
            TimeUnit.SECONDS,
            new LinkedBlockingQueue<>(),
            task -> {
              Thread thread = new Thread(task, "ralectrl-keepalive");
              thread.setDaemon(true);
              return thread;
            });
    asker.prestartAllCoreThreads();
  }

  @Override
  public void close() {
    asker.shutdownNow();
  }

  /** Returns how the program ends, when nothing of the command is left. */
  int hold(ProcessGroup command) throws IOException {
    while (!command.isGone()) {
      Keeper.Step step = keeper.next(System.nanoTime());
      switch (step.act()) {
        case RENEW -> asker.execute(this::renew);
        case TERM -> command.send("TERM");
        case KILL -> {
          boolean killed = command.kill();
          return lost(killed ? "killed" : "sent KILL, which has not ended all of it");
        }
        case WAIT -> await(step.atNanos(), command);
      }
    }
    boolean told = keeper.isTerminating();
    for (Event event = events.poll(); event != null; event = events.poll()) {
      take(event, command);
    }
    if (!keeper.isLost(System.nanoTime())) {
      return command.exitCode();
    }
    return lost(told ? "ended by TERM" : "not ended in time, and has ended by itself");
  }

  /** Said when it is over: whoever reads this may have stopped, and a write to him would wait. */
  private int lost(String what) {
    warnings.accept(
        "the lock was lost, and the command was %s: %s"
            .formatted(
                what, trouble == null ? "no answer to a KEEPALIVE came in time" : trouble.text()));
    return ExitCode.LOCK_LOST;
  }

  private void renew() {
    long sent = System.nanoTime();
    try {
      store.keepAlive(lease, keeper.patience());
      events.add(new Event.Renewed(sent));
    } catch (Failure e) {
      events.add(
          e.code() == ErrorCode.LEASE_NOT_FOUND ? new Event.LeaseGone(e) : new Event.NotRenewed(e));
    } catch (RuntimeException | Error e) {
      // Whatever it is: the main thread waits for a word, and tries again.
      events.add(
          new Event.NotRenewed(
              Failure.of(
                  ExitCode.LOCK_FAILED,
                  ErrorCode.INTERNAL,
                  "a KEEPALIVE could not be sent: " + e,
                  List.of(),
                  null)));
    }
  }

  /** Until then, or until something happens. */
  private void await(long atNanos, ProcessGroup command) throws IOException {
    long left = atNanos - System.nanoTime();
    Event event = poll(command.hasEnded() ? Math.min(left, LOOK_NANOS) : left);
    if (event != null) {
      take(event, command);
    }
  }

  private void take(Event event, ProcessGroup command) throws IOException {
    if (event instanceof Event.Signalled signalled) {
      command.send(signalled.name());
    } else if (event instanceof Event.Renewed renewed) {
      trouble = null;
      keeper.renewed(renewed.sentNanos());
    } else if (event instanceof Event.NotRenewed not) {
      trouble = not.failure();
      keeper.notRenewed(System.nanoTime());
    } else if (event instanceof Event.LeaseGone gone) {
      trouble = gone.failure();
      keeper.leaseGone();
    }
  }

  private @Nullable Event poll(long nanos) {
    try {
      return events.poll(nanos, TimeUnit.NANOSECONDS);
    } catch (InterruptedException e) {
      throw new IllegalStateException("nobody interrupts the main thread", e);
    }
  }
}
