package org.rale.process;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;

/** How long writes took, one after the other, while something else went on. */
record Probe(List<Double> millis) {

  /** What goes on meanwhile. */
  @FunctionalInterface
  interface Work {
    void run() throws Exception;
  }

  static Probe during(Daemon node, Work work) throws Exception {
    FutureTask<Void> task =
        new FutureTask<>(
            () -> {
              work.run();
              return null;
            });
    Thread thread = new Thread(task, "work");
    thread.start();
    List<Double> millis = new ArrayList<>();
    try (Client client = node.connect()) {
      while (!task.isDone()) {
        long start = System.nanoTime();
        String reply = client.ask("PUT probe x");
        if (!reply.startsWith("OK: ")) {
          throw new AssertionError(reply);
        }
        millis.add((System.nanoTime() - start) / 1e6);
      }
    }
    try {
      task.get();
    } catch (ExecutionException e) {
      throw new AssertionError("what went on meanwhile failed", e.getCause());
    }
    Collections.sort(millis);
    return new Probe(millis);
  }

  private double quantile(double share) {
    return millis.get((int) Math.min(millis.size() - 1, share * millis.size()));
  }

  @Override
  public String toString() {
    return String.format(
        Locale.ROOT,
        "%.2f ms, %.2f ms, %.1f ms of %d",
        quantile(0.5),
        quantile(0.99),
        quantile(1),
        millis.size());
  }
}
