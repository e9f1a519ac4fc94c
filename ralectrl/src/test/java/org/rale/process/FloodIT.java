package org.rale.process;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Many clients send long values to every node, more than the nodes have memory for. */
@Timeout(value = 240, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class FloodIT {
  private static final int CONNECTIONS_A_NODE = 10;
  private static final int PIPELINED = 6;
  private static final int VALUE_BYTES = 600 << 10;
  private static final int SMALL_PUTS = 4;

  /** Of each node. Without bounds it was full in seconds, and the node at its end. */
  private static final int HEAP_MB = 288;

  /** The heap, as much for network buffers, and the virtual machine itself. */
  private static final int MEMORY_MB = 2 * HEAP_MB + 200;

  private static final String OVERLOADED = "at once";

  @TempDir Path home;

  private final Map<String, AtomicInteger> replies = new ConcurrentHashMap<>();
  private volatile boolean over;

  /** Sends without waiting for each answer; goes on until told to end, also where it is refused. */
  private void flood(Daemon node, int number) {
    byte[] line =
        ("PUT flood" + number % 4 + " " + "x".repeat(VALUE_BYTES) + "\n")
            .getBytes(StandardCharsets.US_ASCII);
    while (!over) {
      try (Client client = node.connect()) {
        while (!over) {
          for (int i = 0; i < PIPELINED; i++) {
            client.sendRaw(line);
          }
          for (int i = 0; i < PIPELINED; i++) {
            String reply = client.reply();
            count(
                reply.startsWith("OK: ") ? "OK" : reply.contains(OVERLOADED) ? OVERLOADED : reply);
          }
        }
      } catch (IOException e) {
        // It was told that there is no memory for its line, and closed: it comes again.
        Thread.onSpinWait();
      }
    }
  }

  private void count(String what) {
    replies.computeIfAbsent(what, any -> new AtomicInteger()).incrementAndGet();
  }

  private int counted(String what) {
    return replies.getOrDefault(what, new AtomicInteger()).get();
  }

  private static long peakMb(Daemon node) throws IOException {
    for (String line : Files.readAllLines(Path.of("/proc/" + node.pid() + "/status"))) {
      if (line.startsWith("VmHWM:")) {
        return Long.parseLong(line.replaceAll("[^0-9]", "")) / 1024;
      }
    }
    throw new AssertionError("no VmHWM");
  }

  private List<Thread> startFlood(Cluster cluster) {
    List<Thread> threads = new ArrayList<>();
    for (Daemon node : cluster.nodes) {
      for (int i = 0; i < CONNECTIONS_A_NODE; i++) {
        int number = i;
        Thread thread = new Thread(() -> flood(node, number));
        thread.start();
        threads.add(thread);
      }
    }
    return threads;
  }

  private static void putSmall(Cluster cluster) throws IOException {
    for (int i = 0; i < SMALL_PUTS; i++) {
      for (Daemon node : cluster.nodes) {
        assertThat(
                node.ask(
                    "{\"command\":\"PUT\",\"key\":\"small\",\"value\":\"%d\",\"timeout_ms\":30000}"
                        .formatted(i)))
            .contains("\"status\":\"ok\"");
      }
    }
  }

  @Test
  @DisplayName(
      "S-16 a flood of long values: small writes go on, no election, and the memory is bounded")
  void flood() throws Exception {
    try (Cluster cluster = Cluster.of(home)) {
      for (Daemon node : cluster.nodes) {
        // That a starved process misses heartbeats is not what is looked for.
        node.set("election_timeout_min", "2000").set("election_timeout_max", "4000");
        node.heap(HEAP_MB);
      }
      cluster.form().whole();
      String term = cluster.leader().status().get("term");

      List<Thread> threads = startFlood(cluster);
      try {
        putSmall(cluster);
        Until.holds(
            "some long values are written, others refused",
            () -> counted("OK") > 0 && counted(OVERLOADED) > 0);
      } finally {
        over = true;
      }
      for (Thread thread : threads) {
        thread.join();
      }

      for (Daemon node : cluster.nodes) {
        assertThat(node.isRunning()).isTrue();
        assertThat(node.status()).containsEntry("term", term);
        assertThat(peakMb(node)).isLessThan(MEMORY_MB);
      }
    }
  }
}
