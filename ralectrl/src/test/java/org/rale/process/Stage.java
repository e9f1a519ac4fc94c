package org.rale.process;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/** A cluster under load, what is wrong with it right now, and what is told of that. */
final class Stage {
  /** Within this time of healing writes are acknowledged again. */
  static final Duration HEALED = Duration.ofSeconds(10);

  /** A node that is asked what it is doing may be the one that stands still. */
  private static final Duration BRIEF = Duration.ofMillis(500);

  final Cluster cluster;
  final Net net = new Net();
  final Recorder recorder;
  private final Set<Daemon> stopped = new LinkedHashSet<>();
  private final Set<Daemon> killed = new LinkedHashSet<>();
  private final Map<String, Integer> faults = new TreeMap<>();

  Stage(Cluster cluster, Recorder recorder) {
    this.cluster = cluster;
    this.recorder = recorder;
  }

  List<Daemon> others(Daemon node) {
    return cluster.nodes.stream().filter(other -> other != node).toList();
  }

  void say(String line) {
    System.out.printf(Locale.ROOT, "chaos: %8.3f s  %s%n", recorder.now() / 1e6, line);
  }

  /** Tells of a fault in one line, and counts it. */
  void fault(String kind, String line) {
    faults.merge(kind, 1, Integer::sum);
    recorder.trouble(line);
    say(line);
  }

  Map<String, Integer> faults() {
    return faults;
  }

  /** The node of the highest term among those that say that they lead, if any does. */
  Optional<Daemon> leader(List<Daemon> among) {
    Daemon leader = null;
    long highest = -1;
    for (Daemon node : among) {
      if (killed.contains(node) || stopped.contains(node)) {
        continue;
      }
      try {
        Map<String, String> status = node.status(BRIEF);
        long term = Long.parseLong(status.get("term"));
        if (status.get("role").equals("leader") && term > highest) {
          leader = node;
          highest = term;
        }
      } catch (IOException e) {
        // It does not say that it leads.
      }
    }
    return Optional.ofNullable(leader);
  }

  Optional<Daemon> leader() {
    return leader(cluster.nodes);
  }

  /** All at once. */
  void kill(List<Daemon> nodes) throws IOException, InterruptedException {
    List<Daemon> alive = nodes.stream().filter(node -> !killed.contains(node)).toList();
    for (Daemon node : alive) {
      node.signal("KILL");
      killed.add(node);
      stopped.remove(node);
    }
    for (Daemon node : alive) {
      node.exitCode();
    }
  }

  void stop(Daemon node) throws IOException, InterruptedException {
    if (!killed.contains(node)) {
      node.signal("STOP");
      stopped.add(node);
    }
  }

  /** Ends with 0, and starts again. */
  void restart(Daemon node) throws IOException, InterruptedException {
    node.signal("TERM");
    int code = node.exitCode();
    if (code != 0) {
      throw new AssertionError("node " + node.id + " was asked to end and exits with " + code);
    }
    node.start();
  }

  /** Every node that was not killed still runs. */
  void requireRunning() {
    for (Daemon node : cluster.nodes) {
      if (!killed.contains(node) && !node.isRunning()) {
        throw new AssertionError(
            "node " + node.id + " ended by itself, with " + node.process().exitValue());
      }
    }
  }

  /** Nothing is wrong any more; the links are free, and all processes run. */
  void heal() throws IOException, InterruptedException {
    net.heal();
    for (Daemon node : new ArrayList<>(stopped)) {
      node.signal("CONT");
      stopped.remove(node);
    }
    requireRunning();
    cluster.startAll();
    killed.clear();
  }

  /** Heals, demands writes in time, and waits until all nodes are heard and have caught up. */
  void healAndGoOn() throws IOException, InterruptedException {
    heal();
    goOn();
  }

  void goOn() throws IOException, InterruptedException {
    long healed = recorder.now();
    requireWrites(healed);
    double secondsToWrite = (recorder.now() - healed) / 1e6;
    cluster.whole();
    long committed = Long.parseLong(cluster.leader().status().get("commit_index"));
    for (Daemon node : cluster.nodes) {
      requireCaughtUp(node, committed);
    }
    say(
        String.format(
            Locale.ROOT,
            "healed: written again after %.3f s, whole after %.3f s",
            secondsToWrite,
            (recorder.now() - healed) / 1e6));
    requireRunning();
  }

  /** Waits until the node is in order, and has applied what was committed. */
  void requireCaughtUp(Daemon node, long committed) {
    Until.holds(
        "node " + node.id + " has caught up",
        () -> {
          Map<String, String> status = node.status();
          return status.get("state").equals("ok")
              && Long.parseLong(status.get("last_applied")) >= committed;
        });
  }

  /** A change that begins after that time is acknowledged within ten seconds. */
  void requireWrites(long after) throws InterruptedException {
    if (!recorder.isWrittenAfter(after, HEALED)) {
      throw new AssertionError(
          "no write within %d s of %.3f s".formatted(HEALED.toSeconds(), after / 1e6));
    }
  }
}
