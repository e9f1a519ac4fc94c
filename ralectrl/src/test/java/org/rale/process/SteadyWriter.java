package org.rale.process;

import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.locks.LockSupport;

/**
 * A client of one node that writes without an end, one small write at a time with a short rest, and
 * tries again at once where a write fails or the node does not answer.
 */
final class SteadyWriter implements AutoCloseable {
  /** Between two writes or tries; three such clients are a light load. */
  private static final long REST_NANOS = 5_000_000;

  private static final int TIMEOUT_MS = 1_000;
  private static final Duration PATIENCE = Duration.ofMillis(2 * TIMEOUT_MS);
  private static final int KEYS = 8;

  final Daemon node;
  final Acks acks = new Acks();
  private final Acks all;
  private final Thread thread = new Thread(this::run, "steady-writer");
  private volatile boolean stopping;
  private long writes;

  /**
   * @param all gets what is acknowledged, too
   */
  SteadyWriter(Daemon node, Acks all) {
    this.node = node;
    this.all = all;
    thread.setDaemon(true);
    thread.start();
  }

  private void run() {
    while (!stopping) {
      try (Client client = node.connect(PATIENCE)) {
        while (!stopping) {
          write(client);
          LockSupport.parkNanos(REST_NANOS);
        }
      } catch (IOException e) {
        // It stands still, ends, or does not run.
        LockSupport.parkNanos(REST_NANOS);
      }
    }
  }

  private void write(Client client) throws IOException {
    writes++;
    long sent = System.nanoTime();
    String reply =
        client.ask(
            "{\"command\":\"PUT\",\"key\":\"n%d-%d\",\"value\":\"%d\",\"timeout_ms\":%d}"
                .formatted(node.id, writes % KEYS, writes, TIMEOUT_MS));
    long answered = System.nanoTime();
    if (reply.startsWith("{\"status\":\"ok\"")) {
      acks.add(sent, answered);
      all.add(sent, answered);
    }
  }

  @Override
  public void close() {
    stopping = true;
    try {
      thread.join();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
