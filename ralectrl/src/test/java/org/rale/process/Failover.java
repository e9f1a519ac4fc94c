package org.rale.process;

import java.io.IOException;
import java.time.Duration;
import java.time.LocalTime;
import java.time.ZoneId;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * A cluster with a client at each node that writes, whose leader is taken away round by round. Each
 * round begins when all is well.
 */
final class Failover implements AutoCloseable {
  /** For how long the clients are watched when nothing is done, or when it was. */
  private static final long WATCHED_MS = 1_000;

  private final Cluster cluster;
  private final Acks acks = new Acks();
  private final List<SteadyWriter> writers = new ArrayList<>();
  private final Signals signals = new Signals();

  /**
   * For how long there were no writes.
   *
   * @param anyMs at none of the nodes
   * @param eachMs at the one of the nodes that was worst off; a leader that was taken away does not
   *     count
   */
  record Outage(double anyMs, double eachMs) {}

  /** What is done to a leader. */
  private interface Round {
    Outage run(Daemon leader) throws Exception;
  }

  /** From the acknowledgements of one client, or of all, to milliseconds. */
  private interface Measure {
    double of(Acks acks) throws Exception;
  }

  /**
   * @param cluster whose nodes run
   */
  Failover(Cluster cluster) throws IOException {
    this.cluster = cluster;
    for (Daemon node : cluster.nodes) {
      writers.add(new SteadyWriter(node, acks));
    }
  }

  /** Nothing is done: the longest pauses. */
  List<Outage> quiet(int count) throws Exception {
    return rounds("quiet", count, leader -> watched(cluster.nodes, () -> {}));
  }

  /** From kill -9 of the leader to the next write. */
  List<Outage> kill(int count) throws Exception {
    return rounds(
        "kill",
        count,
        leader -> {
          Outage outage = nextWrite("KILL", leader);
          leader.exitCode();
          leader.start();
          return outage;
        });
  }

  /** From SIGSTOP of the leader to the next write. */
  List<Outage> stop(int count) throws Exception {
    return rounds(
        "stop",
        count,
        leader -> {
          Outage outage = nextWrite("STOP", leader);
          signals.send("CONT", leader);
          return outage;
        });
  }

  /** The leader ends as asked: the longest pause. */
  List<Outage> leave(int count) throws Exception {
    return rounds(
        "leave",
        count,
        leader -> {
          Outage outage =
              watched(
                  others(leader),
                  () -> {
                    signals.send("TERM", leader);
                    int code = leader.exitCode();
                    if (code != 0) {
                      throw new AssertionError("node " + leader.id + " exits with " + code);
                    }
                  });
          leader.start();
          return outage;
        });
  }

  /** The leader hands over: the longest pause. */
  List<Outage> transfer(int count) throws Exception {
    return rounds(
        "transfer",
        count,
        leader ->
            watched(
                cluster.nodes,
                () -> {
                  String reply = leader.ask("TRANSFER");
                  if (!reply.startsWith("OK: ")) {
                    throw new AssertionError(reply);
                  }
                }));
  }

  /**
   * Two of three end by kill -9, and one of them starts again, which makes a majority: from the
   * moment when it says that it is ready to the next write at the survivor, and at any of the two.
   * A survivor that leads or acknowledges a write while it is alone is an error.
   */
  List<Outage> comeBack(int count) throws Exception {
    return rounds(
        "return",
        count,
        leader -> {
          List<Daemon> others = others(leader);
          Daemon survivor = others.get(0);
          Daemon gone = others.get(1);
          long led = Elections.leadershipsOf(survivor);
          signals.send("KILL", gone);
          signals.send("KILL", leader);
          leader.exitCode();
          gone.exitCode();
          long alone = System.nanoTime();
          Until.holds("the survivor knows it", () -> survivor.says("state", "no_leader"));
          TimeUnit.MILLISECONDS.sleep(WATCHED_MS);
          if (Elections.leadershipsOf(survivor) != led || acks.anySentAfter(alone)) {
            throw new AssertionError("node " + survivor.id + " led alone, or took a write");
          }
          Daemon first = leader.id < gone.id ? leader : gone;
          first.start();
          long ready = System.nanoTime();
          return outage(
              List.of(survivor),
              each -> (each.firstSentAfter(ready, Until.PATIENCE) - ready) / 1e6);
        });
  }

  private List<Outage> rounds(String name, int count, Round round) throws Exception {
    List<Outage> all = new ArrayList<>();
    for (int i = 1; i <= count; i++) {
      settle();
      Daemon leader = cluster.leader();
      forget();
      LocalTime began = LocalTime.now(ZoneId.systemDefault()).truncatedTo(ChronoUnit.MILLIS);
      Outage outage = round.run(leader);
      all.add(outage);
      System.out.printf(
          Locale.ROOT,
          "%s %d: %s, node %d leads: %.1f ms, at each node %.1f ms%n",
          name,
          i,
          began,
          leader.id,
          outage.anyMs(),
          outage.eachMs());
    }
    settle();
    return all;
  }

  /** All nodes are there, have caught up, and all clients write. */
  private void settle() throws Exception {
    cluster.whole();
    long committed = Long.parseLong(cluster.leader().status().get("commit_index"));
    for (Daemon node : cluster.nodes) {
      Until.holds("node " + node.id + " has caught up", () -> isWell(node, committed));
    }
    TimeUnit.MILLISECONDS.sleep(WATCHED_MS);
    long now = System.nanoTime();
    outage(cluster.nodes, each -> each.firstSentAfter(now, Until.PATIENCE));
  }

  private static boolean isWell(Daemon node, long committed) throws IOException {
    Map<String, String> status = node.status();
    return status.get("state").equals("ok")
        && Long.parseLong(status.get("last_applied")) >= committed;
  }

  private List<Daemon> others(Daemon leader) {
    return cluster.nodes.stream().filter(node -> node != leader).toList();
  }

  private void forget() {
    acks.forget();
    writers.forEach(writer -> writer.acks.forget());
  }

  /** Of all clients, and of those at these nodes. */
  private Outage outage(List<Daemon> nodes, Measure measure) throws Exception {
    double any = measure.of(acks);
    double each = any;
    for (SteadyWriter writer : writers) {
      if (nodes.contains(writer.node)) {
        each = Math.max(each, measure.of(writer.acks));
      }
    }
    return new Outage(any, each);
  }

  private Outage nextWrite(String signal, Daemon leader) throws Exception {
    long before = System.nanoTime();
    signals.send(signal, leader);
    long after = System.nanoTime();
    return outage(
        others(leader), each -> (each.nextAfter(before, after, Until.PATIENCE) - before) / 1e6);
  }

  /** The longest pauses while something is done, and for a while after it. */
  private Outage watched(List<Daemon> nodes, Probe.Work work) throws Exception {
    long from = System.nanoTime();
    work.run();
    TimeUnit.MILLISECONDS.sleep(WATCHED_MS);
    long to = System.nanoTime();
    return outage(
        nodes,
        each -> {
          each.firstSentAfter(to, Until.PATIENCE);
          return each.longestPauseMs(from, to);
        });
  }

  /** The longest pauses in so long a time in which nothing is done. */
  Outage during(Duration time) throws Exception {
    forget();
    return watched(cluster.nodes, () -> TimeUnit.MILLISECONDS.sleep(time.toMillis()));
  }

  @Override
  public void close() {
    signals.close();
    writers.forEach(SteadyWriter::close);
  }
}
