package org.rale.process;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.rale.process.Failover.Outage;
import org.rale.process.FailoverTable.Goal;

/**
 * scripts/bench/failover: for how long nobody can write when a leader goes, and that none goes
 * without a reason. Launcher and configuration are as shipped.
 */
final class FailoverBench {
  private static final int FAR_ROUNDS = 5;
  private static final int KEYS = 1_000_000;
  private static final int CHUNK = 50_000;
  private static final int VALUE_BYTES = 256;
  private static final Goal LOST_LEADER = new Goal(400, 900);
  private static final Goal FAR_LEADER = new Goal(0, 2_000);
  private static final Goal BACK = new Goal(0, 1_000);
  private static final Goal HANDED_OVER = new Goal(0, 50);

  private final Path home;
  private final int rounds;
  private final Duration load;
  private final Duration weather;
  private final FailoverTable table = new FailoverTable();

  private FailoverBench(Path home, int rounds, Duration load, Duration weather) {
    this.home = home;
    this.rounds = rounds;
    this.load = load;
    this.weather = weather;
  }

  /**
   * @param args the case, or all; rounds; seconds of full load; seconds of each weather
   */
  public static void main(String[] args) throws Exception {
    Path home = Files.createTempDirectory("rale");
    Duration load = Duration.ofSeconds(Long.parseLong(args[2]));
    Duration weather = Duration.ofSeconds(Long.parseLong(args[3]));
    System.out.printf(
        "%d processors, Java %d, directory %s%n",
        Runtime.getRuntime().availableProcessors(), Runtime.version().feature(), home);
    FailoverBench bench = new FailoverBench(home, Integer.parseInt(args[1]), load, weather);
    bench.run(args[0]);
    List<String> missed = bench.table.print();
    if (!missed.isEmpty()) {
      System.out.printf("%nMissed: %s%nLogs are in %s%n", String.join("; ", missed), home);
      System.exit(1);
    }
    delete(home);
  }

  private static void delete(Path home) throws IOException {
    try (Stream<Path> files = Files.walk(home)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(file);
      }
    }
  }

  private void run(String name) throws Exception {
    boolean all = name.equals("all");
    if (all || List.of("kill", "stop", "leave", "transfer", "return").contains(name)) {
      leaders(name);
    }
    if (all || name.equals("load")) {
      load();
    }
    if (all || name.equals("loss")) {
      loss();
    }
    if (all || name.equals("delay")) {
      delay();
    }
  }

  private Cluster cluster(String name) throws IOException {
    Cluster cluster = Cluster.of(home.resolve(name));
    for (Daemon node : cluster.nodes) {
      node.asShipped();
    }
    // A node that stands still would outlive an interrupted run.
    Runtime.getRuntime().addShutdownHook(new Thread(cluster::close));
    return cluster;
  }

  private void leaders(String name) throws Exception {
    boolean all = name.equals("all");
    try (Cluster cluster = cluster("plain").form();
        Failover failover = new Failover(cluster)) {
      table.outages("nothing is done: longest pause", failover.quiet(rounds), Goal.NONE);
      if (all || name.equals("kill")) {
        table.outages("kill: next write after", failover.kill(rounds), LOST_LEADER);
      }
      if (all || name.equals("stop")) {
        table.outages("stop: next write after", failover.stop(rounds), LOST_LEADER);
      }
      if (all || name.equals("leave")) {
        table.outages("leave: longest pause", failover.leave(rounds), HANDED_OVER);
      }
      if (all || name.equals("transfer")) {
        table.outages("transfer: longest pause", failover.transfer(rounds), HANDED_OVER);
      }
      if (all || name.equals("return")) {
        table.atTheNode("return: the survivor's next write after", failover.comeBack(rounds), BACK);
      }
    }
  }

  private void load() throws Exception {
    try (Cluster cluster = cluster("load").form()) {
      Elections before = Elections.of(cluster);
      Snapshots snapshots = new Snapshots(cluster);
      long end = System.nanoTime() + load.toNanos();
      double longest = 0;
      long puts = 0;
      while (System.nanoTime() < end) {
        try (Client client = cluster.leader().connect()) {
          while (System.nanoTime() < end) {
            int from = (int) (puts % KEYS);
            longest = Math.max(longest, new Load(VALUE_BYTES).put(client, from, from + CHUNK));
            puts += CHUNK;
            snapshots.look();
          }
        } catch (IOException e) {
          System.out.printf("load: %s%n", e.getMessage());
        }
      }
      System.out.printf(
          Locale.ROOT,
          "load: %d PUT, %.0f/s, %.0f ms at most without a reply, %d snapshots%n",
          puts,
          (double) puts / load.toSeconds(),
          longest,
          snapshots.count);
      Elections elections = Elections.of(cluster).since(before);
      table.elections("load, " + load.toSeconds() + " s: new leaders, terms", elections);
      if (snapshots.count == 0) {
        table.failed("load: too short for a snapshot");
      }
    }
  }

  /** How many snapshots the nodes made while this looked. */
  private static final class Snapshots {
    private final Cluster cluster;
    private final Map<Integer, String> last = new HashMap<>();
    private int count;

    private Snapshots(Cluster cluster) throws IOException {
      this.cluster = cluster;
      look();
      count = 0;
    }

    private void look() throws IOException {
      for (Daemon node : cluster.nodes) {
        String index = node.status().get("snapshot_index");
        if (!index.equals(last.put(node.id, index))) {
          count++;
        }
      }
    }
  }

  private void loss() throws Exception {
    try (Cluster cluster = cluster("loss");
        Relay relay = Relay.before(cluster.nodes)) {
      cluster.form();
      relay.weather(Weather.LOSSY);
      idle("loss", cluster);
      try (Failover failover = new Failover(cluster)) {
        written("loss", cluster, failover);
      }
      System.out.println("loss: " + relay.traffic());
    }
  }

  private void delay() throws Exception {
    try (Cluster cluster = cluster("delay");
        Relay relay = Relay.before(cluster.nodes)) {
      cluster.form();
      relay.weather(Weather.FAR);
      idle("delay", cluster);
      try (Failover failover = new Failover(cluster)) {
        written("delay", cluster, failover);
        int count = Math.min(rounds, FAR_ROUNDS);
        table.outages("delay, kill: next write after", failover.kill(count), FAR_LEADER);
      }
    }
  }

  /** Entries tell followers of their leader as heartbeats do: without them it is harder. */
  private void idle(String name, Cluster cluster) throws Exception {
    Elections before = Elections.of(cluster);
    TimeUnit.MILLISECONDS.sleep(weather.toMillis() / 2);
    Elections elections = Elections.of(cluster).since(before);
    table.elections(words(name + ", nobody writes"), elections);
  }

  private void written(String name, Cluster cluster, Failover failover) throws Exception {
    Elections before = Elections.of(cluster);
    Outage outage = failover.during(weather.dividedBy(2));
    Elections elections = Elections.of(cluster).since(before);
    table.elections(words(name + ", light load"), elections);
    table.outages(name + ", light load: longest pause", List.of(outage), Goal.NONE);
  }

  private String words(String name) {
    return name + ", " + weather.toSeconds() / 2 + " s: new leaders, terms";
  }
}
