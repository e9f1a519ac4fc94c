package org.rale.ralectrl.bench;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;

/**
 * The threads that drive the lanes: one for each processor, and no more than there are lanes. More
 * would only take turns, thousands of them with most of the time. A fault in one of them is thrown
 * where they are awaited.
 */
final class Crew implements AutoCloseable {
  /** Connections that are opened anew at a time. */
  private static final int OPENERS = 4;

  private final ExecutorService threads;
  private final ExecutorService openers;
  private final List<Future<?>> drivers;

  /**
   * @param lanes connected
   */
  Crew(List<Lane> lanes) throws IOException {
    int count = Math.min(lanes.size(), Runtime.getRuntime().availableProcessors());
    threads = Executors.newFixedThreadPool(count);
    openers = Executors.newFixedThreadPool(OPENERS);
    drivers = new ArrayList<>();
    for (int number = 0; number < count; number++) {
      List<Lane> part = new ArrayList<>();
      for (int lane = number; lane < lanes.size(); lane += count) {
        part.add(lanes.get(lane));
      }
      drivers.add(threads.submit(new Driver(part, openers)));
    }
    threads.shutdown();
  }

  /** Waits so long, or until all lanes have ended; whether they have. */
  boolean isDoneWithin(Duration time) {
    boolean done = isTerminatedWithin(time);
    for (Future<?> driver : drivers) {
      if (driver.isDone()) {
        rethrow(driver);
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

  private static void rethrow(Future<?> driver) {
    try {
      driver.get();
    } catch (ExecutionException e) {
      throw new IllegalStateException("a lane failed", e.getCause());
    } catch (InterruptedException e) {
      throw new IllegalStateException("nobody interrupts this thread", e);
    }
  }

  @Override
  public void close() {
    threads.shutdownNow();
    openers.shutdownNow();
  }
}
