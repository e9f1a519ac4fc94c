package org.rale.process;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.rale.clusterdb.RewriteLimits;

/** Of three nodes: a start of all at once, and one that comes back without its disk. */
final class ThreeNodesScale {
  private static final int PROBE_MS = 5;

  private static final int KEYS_AT_ONCE = 10_000;
  private static final double NEARLY_DUE = 0.9;

  private final Scale scale;

  ThreeNodesScale(Scale scale) {
    this.scale = scale;
  }

  void run() throws Exception {
    try (Cluster cluster = Cluster.of(scale.home.resolve("three"))) {
      for (Daemon node : cluster.nodes) {
        node.asShipped();
      }
      cluster.form();
      Daemon leader = leader(cluster);
      scale.fill("three nodes: filled in", leader);
      lengthenLogs(cluster, leader);
      cluster.nodes.forEach(Daemon::close);
      long start = System.nanoTime();
      for (Daemon node : cluster.nodes) {
        node.launch();
      }
      writes(cluster, start);
      double seconds = Scale.since(start);
      Scale.say("three nodes started at once: first write after", "%.2f s", seconds);
      scale.goal("seconds until three nodes serve", seconds, 6);
      for (Daemon node : cluster.nodes) {
        node.awaitReady();
      }
      comesBackEmpty(cluster);
    }
  }

  /**
   * Writes over keys until all logs are nearly as long as they get: they are what a start takes.
   */
  private void lengthenLogs(Cluster cluster, Daemon leader) throws IOException {
    int from = 0;
    while (!areNearlyDue(cluster) && from < scale.keys) {
      int to = Math.min(scale.keys, from + KEYS_AT_ONCE);
      try (Client client = leader.connect(Scale.PATIENCE)) {
        new Load(scale.valueBytes).put(client, from, to);
      }
      from = to;
    }
    for (Daemon node : cluster.nodes) {
      Scale.say(
          "log of node " + node.id + " when they are killed",
          "%.0f %% of what it gets, file of %d MB",
          100 * logShare(node),
          Files.size(node.clusterDb()) / 1_000_000);
      scale.goal("log of node " + node.id + " not long", isNearlyDue(node) ? 0 : 1, 0);
    }
  }

  private static boolean areNearlyDue(Cluster cluster) throws IOException {
    for (Daemon node : cluster.nodes) {
      if (!isNearlyDue(node)) {
        return false;
      }
    }
    return true;
  }

  /** Neither short nor so long that the file is being rewritten. */
  private static boolean isNearlyDue(Daemon node) throws IOException {
    double share = logShare(node);
    Path rewritten = node.clusterDb().resolveSibling("cluster.db.new");
    return share >= NEARLY_DUE && share < 1 && !Files.exists(rewritten);
  }

  /** How long the log is, as a share of what is rewritten. */
  private static double logShare(Daemon node) throws IOException {
    long live = Long.parseLong(node.status(Scale.PATIENCE).get("live_bytes"));
    RewriteLimits limits = RewriteLimits.DEFAULT;
    long due = Math.min(limits.minBytes() + live * limits.sharePercent() / 100, limits.maxBytes());
    return (Files.size(node.clusterDb()) - live) / (double) due;
  }

  private static Daemon leader(Cluster cluster) throws IOException {
    Daemon any = cluster.node(1);
    Until.holds(
        "a leader", () -> Integer.parseInt(any.status(Scale.PATIENCE).get("leader_id")) > 0);
    return cluster.node(Integer.parseInt(any.status(Scale.PATIENCE).get("leader_id")));
  }

  private static void writes(Cluster cluster, long start) throws Exception {
    while (Scale.since(start) < Scale.PATIENCE.toSeconds()) {
      for (Daemon node : cluster.nodes) {
        try {
          if (node.ask("PUT probe x", Scale.PATIENCE).startsWith("OK: ")) {
            return;
          }
        } catch (IOException e) {
          // Nobody listens yet.
        }
      }
      Thread.sleep(PROBE_MS);
    }
    throw new AssertionError("no write in " + Scale.PATIENCE);
  }

  /** A follower loses its disk, is removed, and added again while a client goes on writing. */
  private void comesBackEmpty(Cluster cluster) throws Exception {
    Daemon leader = leader(cluster);
    Daemon node =
        cluster.nodes.stream().filter(each -> each.id != leader.id).findFirst().orElseThrow();
    node.kill9();
    leader.ask("REMOVE " + node.id, Scale.PATIENCE);
    Files.delete(node.clusterDb());
    node.start();
    String term = leader.status(Scale.PATIENCE).get("term");
    Probe quiet = Probe.during(leader, () -> Thread.sleep(5_000));
    long start = System.nanoTime();
    Probe busy = Probe.during(leader, () -> ask(leader, node.addRequest(Scale.PATIENCE)));
    double seconds = Scale.since(start);
    Scale.say("a node that lost its disk is a voter after", "%.2f s", seconds);
    scale.goal("seconds until a node is a voter again", seconds, 10);
    Scale.say("PUT one by one before it: median, 99 %, longest", "%s", quiet);
    Scale.say("PUT one by one meanwhile: median, 99 %, longest", "%s", busy);
    boolean led = leader.says("role", "leader") && leader.says("term", term);
    Scale.say("an election meanwhile", "%s", led ? "none" : "yes");
    scale.goal("elections meanwhile", led ? 0 : 1, 0);
  }

  private static void ask(Daemon node, String request) throws IOException {
    String reply = node.ask(request, Scale.PATIENCE);
    if (!reply.startsWith("{\"status\":\"ok\",")) {
      throw new AssertionError(reply);
    }
  }
}
