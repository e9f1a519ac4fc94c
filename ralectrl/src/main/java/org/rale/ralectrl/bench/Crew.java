package org.rale.ralectrl.bench;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;

/** The threads of the lanes, one each. A fault in one of them is thrown where they are awaited. */
final class Crew implements AutoCloseable {
  private final ExecutorService threads;
  private final List<Future<?>> lanes;

  Crew(List<Lane> lanes) {
    threads = Executors.newFixedThreadPool(lanes.size());
    this.lanes = lanes.stream().<Future<?>>map(threads::submit).toList();
    threads.shutdown();
  }

  /** Waits so long, or until all lanes have ended; whether they have. */
  boolean isDoneWithin(Duration time) {
    boolean done = isTerminatedWithin(time);
    for (Future<?> lane : lanes) {
      if (lane.isDone()) {
        rethrow(lane);
      }
    }
    return done;
  }

  /** The lanes themselves have a limit of time. */
  void awaitDone() {
    boolean done = false;
    while (!done) {
      done = isDoneWithin(Duration.ofSeconds(1));
    }
  }

  private boolean isTerminatedWithin(Duration time) {
    try {
      return threads.awaitTermination(time.toNanos(), TimeUnit.NANOSECONDS);
    } catch (InterruptedException e) {
      throw new IllegalStateException("nobody interrupts this thread", e);
    }
  }

  private static void rethrow(Future<?> lane) {
    try {
      lane.get();
    } catch (ExecutionException e) {
      throw new IllegalStateException("a lane failed", e.getCause());
    } catch (InterruptedException e) {
      throw new IllegalStateException("nobody interrupts this thread", e);
    }
  }

  @Override
  public void close() {
    threads.shutdownNow();
  }
}
