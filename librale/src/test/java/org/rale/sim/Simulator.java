package org.rale.sim;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.atomic.AtomicLong;

/** What {@code scripts/sim} starts: many seeds on several threads, each run on one of them. */
final class Simulator {
  private static final long PROGRESS_NANOS = 10_000_000_000L;

  /** So many failures are printed; more say nothing new. */
  private static final int MOST_FAILURES = 5;

  private final long from;
  private final long seeds;
  private final long deadline;
  private final AtomicLong next;
  private final Coverage coverage = new Coverage();
  private final List<Long> failed = new ArrayList<>();
  private final long begun = System.nanoTime();
  private long done;
  private long writes;

  private Simulator(long from, long seeds, long minutes) {
    this.from = from;
    this.seeds = seeds;
    this.deadline = minutes == 0 ? Long.MAX_VALUE : minutes * 60_000_000_000L;
    this.next = new AtomicLong(from);
  }

  /**
   * @param args {@code one SEED}, {@code shrink SEED}, or {@code many FROM SEEDS MINUTES JOBS},
   *     where 0 minutes are as long as it takes. {@code scripts/sim} checks what people give
   */
  public static void main(String[] args) throws InterruptedException {
    long first = Long.parseLong(args[1]);
    boolean held =
        switch (args[0]) {
          case "one" -> one(first);
          case "shrink" -> shrink(first);
          default ->
              new Simulator(first, Long.parseLong(args[2]), Long.parseLong(args[3]))
                  .many(Integer.parseInt(args[4]));
        };
    System.exit(held ? 0 : 1);
  }

  private static boolean shrink(long seed) {
    String report = Shrinker.shrink(seed);
    System.out.println(report == null ? "seed " + seed + " holds: nothing to shrink" : report);
    return report == null;
  }

  private static boolean one(long seed) {
    try {
      Simulation.Result result = Simulation.run(seed, true, Limits.NONE);
      System.out.println(result.coverage().table());
      System.out.printf(
          Locale.ROOT,
          "seed %d holds: %d events, %d entries applied, %d writes done, trace %016x%n",
          seed,
          result.events(),
          result.applied(),
          result.writes(),
          result.hash());
      return true;
    } catch (AssertionError e) {
      System.out.println(e.getMessage());
      return false;
    }
  }

  private boolean many(int jobs) throws InterruptedException {
    List<Thread> threads = new ArrayList<>();
    for (int i = 0; i < jobs; i++) {
      Thread thread = new Thread(this::work, "sim-" + i);
      thread.start();
      threads.add(thread);
    }
    for (Thread thread : threads) {
      while (thread.isAlive()) {
        thread.join(PROGRESS_NANOS / 1_000_000);
        progress();
      }
    }
    return tell();
  }

  private void work() {
    for (long seed = next.getAndIncrement();
        seed < from + seeds && System.nanoTime() - begun < deadline && !enough();
        seed = next.getAndIncrement()) {
      try {
        passed(Simulation.run(seed));
      } catch (Throwable e) {
        // Also what is no judge's sentence, an error of this program: it must not end in silence.
        failed(seed, e);
      }
    }
  }

  private synchronized boolean enough() {
    return failed.size() >= MOST_FAILURES;
  }

  private synchronized void passed(Simulation.Result result) {
    done++;
    writes += result.writes();
    coverage.add(result.coverage());
  }

  private synchronized void failed(long seed, Throwable e) {
    done++;
    failed.add(seed);
    System.out.println(
        e instanceof AssertionError
            ? e.getMessage()
            : "seed " + seed + ": " + e + "\nagain: scripts/sim --seed " + seed);
    if (!(e.getCause() instanceof SimFailure)) {
      e.printStackTrace(System.out);
    }
  }

  private synchronized void progress() {
    double seconds = (System.nanoTime() - begun) / 1e9;
    System.out.printf(
        Locale.ROOT,
        "sim: %d seeds%s, %.1f seeds/s, %d failed%n",
        done,
        deadline == Long.MAX_VALUE ? " of " + seeds : "",
        done / seconds,
        failed.size());
  }

  private synchronized boolean tell() {
    System.out.println(coverage.table());
    List<String> missing = failed.isEmpty() ? coverage.missing(done) : List.of();
    missing.forEach(System.out::println);
    System.out.printf(
        Locale.ROOT, "sim: %d seeds from %d on, %d writes done; ", done, from, writes);
    System.out.println(
        failed.isEmpty() ? "all held" : "these failed: " + failed + ", see above for each");
    return failed.isEmpty() && missing.isEmpty() && done > 0;
  }
}
