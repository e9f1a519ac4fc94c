package org.rale.process;

import java.io.IOException;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.locks.LockSupport;

/**
 * One client that writes without an end, one small write at a time, to whichever node answers. It
 * stays at a node while that one acknowledges, and asks the next one at once when it does not. A
 * node that gives no answer of any kind is passed over for a while: with each turn of the search it
 * would cost the whole of the client's patience.
 */
final class SteadyWriter implements AutoCloseable {
  /** Between two writes, so that the load stays light. */
  private static final long REST_NANOS = 2_000_000;

  /** Between two tries. */
  private static final long PAUSE_NANOS = 1_000_000;

  private static final long PASSED_OVER_NANOS = 1_000_000_000L;
  private static final int KEYS = 8;

  /** The time that a node is given, of all that the client waits for it. */
  private static final double SHARE = 0.8;

  final Acks acks = new Acks();
  private final List<Daemon> nodes;
  private final Duration patience;
  private final long[] silentSince;
  private final Thread thread = new Thread(this::run, "steady-writer");
  private volatile boolean stopping;
  private int current;
  private long writes;

  /**
   * @param patience how long to wait for a node's answer
   */
  SteadyWriter(List<Daemon> nodes, Duration patience) {
    this.nodes = nodes;
    this.patience = patience;
    this.silentSince = new long[nodes.size()];
    Arrays.fill(silentSince, System.nanoTime() - PASSED_OVER_NANOS);
    thread.setDaemon(true);
    thread.start();
  }

  private void run() {
    while (!stopping) {
      try (Client client = nodes.get(current).connect(patience)) {
        while (!stopping && write(client)) {
          LockSupport.parkNanos(REST_NANOS);
        }
      } catch (SocketTimeoutException e) {
        silentSince[current] = System.nanoTime();
      } catch (IOException e) {
        // It ends, or does not run.
      }
      if (!stopping) {
        LockSupport.parkNanos(PAUSE_NANOS);
        current = next();
      }
    }
  }

  private boolean write(Client client) throws IOException {
    writes++;
    long sent = System.nanoTime();
    String reply =
        client.ask(
            "{\"command\":\"PUT\",\"key\":\"steady%d\",\"value\":\"%d\",\"timeout_ms\":%d}"
                .formatted(writes % KEYS, writes, (long) (patience.toMillis() * SHARE)));
    if (!reply.startsWith("{\"status\":\"ok\"")) {
      return false;
    }
    acks.add(sent, System.nanoTime());
    return true;
  }

  /** The next node in turn that was not silent of late; the next one where all were. */
  private int next() {
    long now = System.nanoTime();
    for (int i = 1; i <= nodes.size(); i++) {
      int candidate = (current + i) % nodes.size();
      if (now - silentSince[candidate] >= PASSED_OVER_NANOS) {
        return candidate;
      }
    }
    return (current + 1) % nodes.size();
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
