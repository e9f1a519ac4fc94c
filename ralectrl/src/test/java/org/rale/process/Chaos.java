package org.rale.process;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import org.rale.history.Op;

/**
 * A run of scripts/chaos: daemons under a recorded load, faults by name and then by chance, and in
 * the end the judgement of all that clients were told.
 */
final class Chaos {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final Pattern ELECTED = Pattern.compile(" leads term (\\d+) from index ");
  private static final int CALLERS = 8;
  private static final int LONGEST_HOLD_MS = 5000;
  private static final Duration LOOK = Duration.ofSeconds(5);

  private final Cluster cluster;
  private final boolean withNet;
  private final Random random;
  private final Keys keys = new Keys();
  private final Recorder recorder = new Recorder();
  private final Stage stage;
  private final Operator operator;
  private final Scenarios scenarios;
  private final List<Caller> callers = new ArrayList<>();
  private final List<Thread> threads = new ArrayList<>();

  /**
   * @param cluster whose nodes run
   * @param withNet whether links can be cut
   */
  Chaos(Cluster cluster, boolean withNet, long seed) {
    this.cluster = cluster;
    this.withNet = withNet;
    this.random = new Random(seed);
    this.stage = new Stage(cluster, recorder);
    this.operator = new Operator(stage);
    this.scenarios = new Scenarios(stage);
    for (int i = 0; i < CALLERS; i++) {
      Random own = new Random(random.nextLong());
      Caller caller = new Caller(i, cluster.nodes, keys, recorder, own);
      callers.add(caller);
      Thread thread = new Thread(caller, "caller-" + i);
      thread.setDaemon(true);
      threads.add(thread);
    }
  }

  /**
   * @param scenario the only one, or "all" for each of them and then faults by chance
   * @return what did not hold
   */
  List<String> run(String scenario, Duration time) throws Exception {
    long end = System.nanoTime() + time.toNanos();
    List<String> faults = new ArrayList<>();
    threads.forEach(Thread::start);
    try {
      stage.requireWrites(0);
      for (Map.Entry<String, Scenarios.Scenario> named : scenarios.byName().entrySet()) {
        boolean isMeant = scenario.equals("all") || scenario.equals(named.getKey());
        if (isMeant && (withNet || !named.getValue().needsNet())) {
          named.getValue().step().run();
        }
      }
      for (int round = 1; scenario.equals("all") && System.nanoTime() < end; round++) {
        round("round " + round + ": ");
        requireNoFault();
      }
    } catch (AssertionError | RuntimeException | IOException e) {
      faults.add(sentence(e));
    }
    finish(faults);
    return faults;
  }

  private static String sentence(Throwable e) {
    Throwable cause = e.getCause();
    return e.getMessage() + (cause == null ? "" : " (" + cause + ")");
  }

  private void requireNoFault() {
    for (Caller caller : callers) {
      if (caller.fault() != null) {
        throw new AssertionError("a client met what it should not", caller.fault());
      }
    }
    for (Daemon node : cluster.nodes) {
      if (node.log().contains(" differs from the leader's at index ")) {
        throw new AssertionError("the table of node " + node.id + " differs, its log says");
      }
    }
  }

  private void round(String name) throws Exception {
    Daemon one = cluster.nodes.get(random.nextInt(cluster.nodes.size()));
    Daemon other = cluster.nodes.get(random.nextInt(cluster.nodes.size()));
    int holdMs = 200 + random.nextInt(LONGEST_HOLD_MS);
    switch (random.nextInt(12)) {
      case 0 -> scenarios.rollingRestart(name);
      case 1 -> {
        stage.fault("transfer", name + "transfer to node " + one.id + ", asked at " + other.id);
        stage.say("the answer: " + operator.transfer(other, one));
        stage.goOn();
      }
      case 2 -> {
        stage.fault("replace", name + "replace node " + one.id);
        operator.replace(one);
        stage.goOn();
      }
      case 3 -> churn(name, one, other, holdMs, false);
      case 4 -> churn(name, one, other, holdMs, true);
      default -> {
        draw().strike(stage, name);
        TimeUnit.MILLISECONDS.sleep(holdMs);
        if (random.nextInt(3) == 0) {
          draw().strike(stage, name + "and ");
          TimeUnit.MILLISECONDS.sleep(holdMs);
        }
        stage.healAndGoOn();
      }
    }
  }

  private Disturbance draw() {
    return Disturbance.draw(cluster.nodes, withNet, random);
  }

  /** A member goes and comes back, perhaps while something else is wrong. */
  private void churn(String name, Daemon node, Daemon by, int holdMs, boolean disturbed)
      throws Exception {
    if (disturbed) {
      draw().strike(stage, name);
    }
    stage.fault("churn", name + "remove node " + node.id + ", asked at node " + by.id);
    stage.say("the answer: " + operator.remove(by, node));
    TimeUnit.MILLISECONDS.sleep(holdMs);
    stage.heal();
    operator.addAll();
    stage.goOn();
  }

  /** Stops the load, reads every key, compares the nodes, and judges. */
  private void finish(List<String> faults) throws Exception {
    recorder.end();
    callers.forEach(Caller::stop);
    for (Thread thread : threads) {
      thread.join();
    }
    try {
      requireNoFault();
      stage.heal();
      cluster.whole();
      keys.all().forEach(this::look);
      requireEqualState();
      stage.requireRunning();
      recorder.judge(keys.all().size());
    } catch (AssertionError | RuntimeException | IOException e) {
      faults.add(sentence(e));
    }
  }

  /** Reads a key at a random node, until one can tell. */
  private void look(String key) {
    Until.holds(
        "GET " + key,
        () -> {
          Op op = new Op(CALLERS, Op.Kind.GET, key, null, 0, recorder.now());
          Daemon node = cluster.nodes.get(random.nextInt(cluster.nodes.size()));
          JsonNode reply =
              JSON.readTree(node.ask("{\"command\":\"GET\",\"key\":\"%s\"}".formatted(key), LOOK));
          boolean there = reply.path("status").asText().equals("ok");
          if (there) {
            op.value = reply.path("value").asText();
          } else if (!reply.path("code").asText().equals("KEY_NOT_FOUND")) {
            return false;
          }
          recorder.looked(op, there, reply.path("revision").asLong());
          return true;
        });
  }

  /** Nodes that applied the same have the same. */
  private void requireEqualState() {
    Map<String, Set<String>> hashes = new HashMap<>();
    Until.holds(
        "all nodes have applied the same index",
        () -> {
          Map<String, Set<String>> now = new TreeMap<>();
          for (Daemon node : cluster.nodes) {
            Map<String, String> status = node.status();
            now.computeIfAbsent(status.get("last_applied"), index -> new TreeSet<>())
                .add(status.get("state_hash"));
          }
          hashes.putAll(now);
          return now.size() == 1;
        });
    hashes.forEach(
        (index, different) -> {
          if (different.size() > 1) {
            throw new AssertionError("different tables at index " + index + ": " + different);
          }
        });
    System.out.println("chaos: state hash at last_applied: " + hashes);
  }

  void summary() {
    Set<String> terms = new TreeSet<>();
    for (Daemon node : cluster.nodes) {
      Matcher elected = ELECTED.matcher(node.log());
      while (elected.find()) {
        terms.add(elected.group(1));
      }
    }
    int total = stage.faults().values().stream().mapToInt(Integer::intValue).sum();
    System.out.println("chaos: " + total + " faults: " + stage.faults());
    System.out.println("chaos: " + recorder.counts() + "; " + keys.all().size() + " keys");
    System.out.println(
        "chaos: %d elections; longest %s"
            .formatted(terms.size(), recorder.longestUnavailability()));
  }

  void writeHistory(Path file) throws IOException {
    recorder.write(file);
  }

  /**
   * @param args directory, nodes, seed, minutes, scenario or "all", the prefix of the namespaces or
   *     "-" for loopback
   */
  public static void main(String[] args) throws Exception {
    Path home = Path.of(args[0]);
    int nodes = Integer.parseInt(args[1]);
    long seed = Long.parseLong(args[2]);
    Duration time = Duration.ofMinutes(Long.parseLong(args[3]));
    boolean withNet = !args[5].equals("-");
    List<Host> hosts =
        IntStream.rangeClosed(1, nodes)
            .mapToObj(id -> withNet ? Host.namespace(args[5] + id, "10.77.0." + id) : Host.LOOPBACK)
            .toList();
    Cluster cluster = Cluster.of(home, hosts);
    Runtime.getRuntime().addShutdownHook(new Thread(cluster::close));
    Chaos chaos = new Chaos(cluster.form(), withNet, seed);
    List<String> faults = chaos.run(args[4], time);
    chaos.summary();
    faults.forEach(fault -> System.out.println("FAULT: " + fault));
    if (!faults.isEmpty()) {
      chaos.writeHistory(home.resolve("history.txt"));
    }
    System.exit(faults.isEmpty() ? 0 : 1);
  }
}
