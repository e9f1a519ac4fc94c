package org.rale.process;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;

/**
 * scripts/bench/curves: what an operation costs as the number of keys, of connections, of bytes and
 * of nodes grows, over time, and beside those that misbehave. Launcher and configuration are as
 * shipped.
 */
final class CurvesBench {
  private static final List<String> PARTS =
      List.of("keys", "connections", "sizes", "nodes", "disturbed", "long");

  private static final int VALUE_BYTES = 256;
  private static final int KEYS = 100_000;
  private static final int WARM_UP_SECONDS = 15;
  private static final int WARM_UP_KEYS = 1_000;
  private static final int OUTSTANDING = 64;
  private static final int[] KEY_STEPS = {1_000, 10_000, 100_000, 1_000_000, 5_000_000};
  private static final int[] CONNECTION_STEPS = {16, 64, 256, 1_000, 2_000, 5_000};

  /** Else a node refuses them from 1,000 on. */
  private static final String MAX_CONNECTIONS = "6000";

  private static final int[] SIZE_STEPS = {16, 256, 4 << 10, 64 << 10, 256 << 10, 1 << 20};
  private static final int[] NODE_STEPS = {1, 3, 5, 7};

  /** Keys of all sizes together take no more. */
  private static final int SIZES_BYTES = 100 << 20;

  private static final int SAMPLES = 30;

  /** The misbehaving client that asks and does not read: so many lines of GET. */
  private static final int UNREAD = 20_000;

  /** What a flood lasts beyond the measurement beside it, at least; it is ended then. */
  private static final int SLACK_SECONDS = 30;

  private final Path home;
  private final BenchCall call;
  private final int seconds;
  private final int mostKeys;
  private final int longSeconds;
  private final List<Curve> curves = new ArrayList<>();
  private int clusters;

  private CurvesBench(Path home, int seconds, int mostKeys, int longSeconds) {
    this.home = home;
    this.call = new BenchCall(home);
    this.seconds = seconds;
    this.mostKeys = mostKeys;
    this.longSeconds = longSeconds;
  }

  /**
   * @param args the part, or all; seconds of each measurement; the largest number of keys; seconds
   *     of the long run; where to write the picture, or nothing
   */
  public static void main(String[] args) throws Exception {
    Path home = Files.createTempDirectory("rale");
    CurvesBench bench =
        new CurvesBench(
            home, Integer.parseInt(args[1]), Integer.parseInt(args[2]), Integer.parseInt(args[3]));
    Runtime.getRuntime().addShutdownHook(new Thread(bench::clean, "curves-clean"));
    try {
      for (String part : PARTS) {
        if (args[0].equals("all") || args[0].equals(part)) {
          bench.run(part);
        }
      }
    } catch (IOException e) {
      if (!bench.call.isEnding()) {
        throw e;
      }
      return;
    }
    bench.curves.forEach(curve -> System.out.println(curve.unit + ":\n\n" + curve.table()));
    if (!args[4].isEmpty()) {
      Files.writeString(Path.of(args[4]), CurvesPicture.of(bench.curves));
    }
  }

  /** At the end, at Ctrl-C and after a failure: no process and no file stays. */
  private void clean() {
    call.end();
    List<ProcessHandle> left = ProcessHandle.current().descendants().toList();
    while (!left.isEmpty()) {
      left.forEach(ProcessHandle::destroyForcibly);
      left.forEach(each -> each.onExit().join());
      left = ProcessHandle.current().descendants().toList();
    }
    try {
      delete(home);
    } catch (IOException e) {
      say(home + " could not be deleted: " + e.getMessage());
    }
  }

  private static void delete(Path directory) throws IOException {
    try (Stream<Path> files = Files.walk(directory)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.deleteIfExists(file);
      }
    }
  }

  private void run(String part) throws Exception {
    switch (part) {
      case "keys" -> keys();
      case "connections" -> connections();
      case "sizes" -> sizes();
      case "nodes" -> nodes();
      case "disturbed" -> disturbed();
      default -> longRun();
    }
  }

  private static void say(String what) {
    System.err.println("curves: " + what);
  }

  private Curve curve(String title, String unit) {
    Curve curve = new Curve(title, unit);
    curves.add(curve);
    return curve;
  }

  private interface Work {
    void on(Cluster cluster) throws Exception;
  }

  private interface SetUp {
    void of(Daemon node) throws IOException;
  }

  private void with(int nodes, Work work) throws Exception {
    with(nodes, node -> {}, work);
  }

  /** A new cluster, which is gone afterwards, with its files. */
  private void with(int nodes, SetUp setUp, Work work) throws Exception {
    Path place = home.resolve("c" + ++clusters);
    try (Cluster cluster = Cluster.of(place, Collections.nCopies(nodes, Host.LOOPBACK))) {
      for (Daemon node : cluster.nodes) {
        setUp.of(node.asShipped());
      }
      cluster.form().whole();
      warmUp(cluster);
      work.on(cluster);
    }
    delete(place);
  }

  /** So that the first figure is not that of a compiler that has just begun. */
  private void warmUp(Cluster cluster) throws IOException, InterruptedException {
    say("warming up");
    Shape shape = new Shape(WARM_UP_KEYS, VALUE_BYTES, OUTSTANDING, 16);
    call.ask(bench(cluster.leader(), "mix", shape, WARM_UP_SECONDS));
  }

  /** The options of BENCH that differ between two measurements. */
  private record Shape(int keys, int valueBytes, int outstanding, int connections) {}

  private BenchCall.Speed measure(Daemon node, String operation, Shape shape)
      throws IOException, InterruptedException {
    say(operation + ", " + shape);
    JsonNode reply = call.ask(bench(node, operation, shape, seconds));
    BenchCall.Speed speed = BenchCall.Speed.of(reply);
    if (speed.errors() > 0) {
      say(speed.errors() + " errors: " + reply.get("errors_by_kind"));
    }
    return speed;
  }

  private List<String> bench(Daemon node, String operation, Shape shape, int howLong) {
    return BenchCall.bench(
        node,
        operation,
        "--keys",
        shape.keys,
        "--value-size",
        shape.valueBytes,
        "--outstanding",
        shape.outstanding,
        "--connections",
        shape.connections,
        "--warm-up",
        Math.max(1, seconds / 2),
        "--seconds",
        howLong,
        "--timeout",
        "60");
  }

  private void fill(Cluster cluster, int keys) throws IOException, InterruptedException {
    say("filling " + keys + " keys");
    Shape shape = new Shape(keys, VALUE_BYTES, 1, 1);
    call.ask(bench(cluster.leader(), "get", shape, 1));
  }

  private void keys() throws Exception {
    Curve curve = curve("keys in the table", "operations/s, 64 outstanding over one connection");
    with(
        3,
        cluster -> {
          for (int keys : KEY_STEPS) {
            if (keys <= mostKeys) {
              fill(cluster, keys);
              Shape shape = new Shape(keys, VALUE_BYTES, OUTSTANDING, 1);
              curve.step(count(keys));
              for (String operation : List.of("put", "get", "local", "mix")) {
                curve.add(operation, measure(cluster.leader(), operation, shape).rate());
              }
            }
          }
        });
  }

  private void connections() throws Exception {
    Curve rates = curve("connections with one request each", "operations/s");
    Curve latencies = curve("connections with one request each", "99 %, ms");
    with(
        3,
        node -> node.set("max_connections", MAX_CONNECTIONS),
        cluster -> {
          fill(cluster, KEYS);
          for (int connections : CONNECTION_STEPS) {
            Shape shape = new Shape(KEYS, VALUE_BYTES, connections, connections);
            rates.step(count(connections));
            latencies.step(count(connections));
            for (String operation : List.of("put", "get")) {
              BenchCall.Speed speed = measure(cluster.leader(), operation, shape);
              rates.add(operation, speed.rate());
              latencies.add(operation, speed.p99());
            }
          }
        });
  }

  private void sizes() throws Exception {
    Curve rates = curve("bytes of a value", "PUT/s, 16 outstanding");
    Curve bytes = curve("bytes of a value", "MB/s, 16 outstanding");
    with(
        3,
        cluster -> {
          for (int size : SIZE_STEPS) {
            int keys = Math.min(10_000, SIZES_BYTES / size);
            BenchCall.Speed speed = measure(cluster.leader(), "put", new Shape(keys, size, 16, 1));
            rates.step(count(size));
            bytes.step(count(size));
            rates.add("put", speed.rate());
            bytes.add("put", speed.rate() * size / 1e6);
          }
        });
  }

  private void nodes() throws Exception {
    Curve curve = curve("nodes, all on this machine", "operations/s, 64 outstanding");
    for (int nodes : NODE_STEPS) {
      with(
          nodes,
          cluster -> {
            fill(cluster, KEYS);
            Shape shape = new Shape(KEYS, VALUE_BYTES, OUTSTANDING, 1);
            curve.step("" + nodes);
            for (String operation : List.of("put", "get")) {
              curve.add(operation, measure(cluster.leader(), operation, shape).rate());
            }
          });
    }
  }

  /** What a client with 16 requests under way notices of others. */
  private void disturbed() throws Exception {
    Curve latencies = curve("beside others", "PUT, ms, 16 outstanding");
    with(
        3,
        cluster -> {
          fill(cluster, KEYS);
          Shape shape = new Shape(KEYS, VALUE_BYTES, 16, 1);
          Daemon leader = cluster.leader();
          beside(latencies, "nobody", measure(leader, "put", shape));
          Daemon follower = cluster.follower();
          follower.signal("STOP");
          beside(latencies, "stopped node", measure(leader, "put", shape));
          follower.signal("CONT");
          cluster.whole();
          leader = cluster.leader();
          try (Client client = leader.connect()) {
            unread(client);
            beside(latencies, "no reader", measure(leader, "put", shape));
          }
          Shape flood = new Shape(KEYS, VALUE_BYTES, 4_096, 4);
          Process flooder =
              new ProcessBuilder(bench(leader, "put", flood, 10 * seconds + SLACK_SECONDS))
                  .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                  .redirectError(ProcessBuilder.Redirect.DISCARD)
                  .start();
          beside(latencies, "a flood", measure(leader, "put", shape));
          flooder.destroy();
          flooder.waitFor();
        });
  }

  private static void beside(Curve latencies, String whom, BenchCall.Speed speed) {
    latencies.step(whom);
    latencies.add("median", speed.p50());
    latencies.add("99 %", speed.p99());
  }

  /** Asks for more than its connection holds, and never reads a reply. */
  private static void unread(Client client) throws IOException {
    StringBuilder lines = new StringBuilder();
    for (int i = 0; i < UNREAD; i++) {
      lines.append(String.format(Locale.ROOT, "GET bench/%09d%n", i));
    }
    Thread writer =
        new Thread(
            () -> {
              try {
                client.sendRaw(lines.toString().getBytes(StandardCharsets.US_ASCII));
              } catch (IOException e) {
                say("the client that does not read was cut off: " + e.getMessage());
              }
            },
            "curves-unread");
    writer.setDaemon(true);
    writer.start();
  }

  /** Rate, memory and file while one client writes for a long time. */
  private void longRun() throws Exception {
    Curve rates = curve("minutes of writing", "PUT/s, 256 outstanding, 100,000 keys");
    Curve sizes = curve("minutes of writing", "MB, the largest of three nodes");
    with(
        3,
        cluster -> {
          Shape shape = new Shape(KEYS, VALUE_BYTES, 256, 1);
          Process writer =
              new ProcessBuilder(bench(cluster.leader(), "put", shape, longSeconds))
                  .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                  .redirectError(ProcessBuilder.Redirect.DISCARD)
                  .start();
          say("writing for " + longSeconds + " s");
          long start = System.nanoTime();
          long before = start;
          long written = 0;
          for (int sample = 1; sample <= SAMPLES; sample++) {
            LockSupport.parkNanos(
                start + longSeconds * 1_000_000_000L / SAMPLES * sample - System.nanoTime());
            long now = System.nanoTime();
            long applied = Long.parseLong(cluster.leader().status().get("last_applied"));
            String minute = String.format(Locale.ROOT, "%.1f", (now - start) / 60e9);
            rates.step(minute);
            rates.add("put", (applied - written) * 1e9 / (now - before));
            sizes.step(minute);
            sizes.add("memory", largest(cluster, Daemon::residentMb));
            sizes.add("cluster.db", largest(cluster, CurvesBench::fileMb));
            before = now;
            written = applied;
          }
          if (writer.waitFor() != 0) {
            throw new IOException("the writer ended with " + writer.exitValue());
          }
        });
  }

  private interface Size {
    long of(Daemon node) throws IOException;
  }

  private static double largest(Cluster cluster, Size size) throws IOException {
    long largest = 0;
    for (Daemon node : cluster.nodes) {
      largest = Math.max(largest, size.of(node));
    }
    return largest;
  }

  private static long fileMb(Daemon node) throws IOException {
    return Files.size(node.clusterDb()) / 1_000_000;
  }

  private static String count(int number) {
    if (number >= 1 << 20 && number % (1 << 20) == 0) {
      return (number >> 20) + "Mi";
    }
    if (number >= 1_000_000) {
      return number / 1_000_000 + "M";
    }
    if (number >= 1 << 10 && number % (1 << 10) == 0) {
      return (number >> 10) + "Ki";
    }
    return number >= 1_000 && number % 1_000 == 0 ? number / 1_000 + "k" : "" + number;
  }
}
