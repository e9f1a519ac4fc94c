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
 * A cluster with one client that writes, whose leader is taken away round by round. Each round
 * begins when all is well, and gives one time in milliseconds.
 */
final class Failover implements AutoCloseable {
  /** For how long the client is watched when nothing is done, or when it was. */
  private static final long WATCHED_MS = 1_000;

  private final Cluster cluster;
  private final SteadyWriter writer;
  private final Signals signals = new Signals();

  /** What is done to a leader. */
  private interface Round {
    double millis(Daemon leader) throws Exception;
  }

  /**
   * @param cluster whose nodes run
   * @param patience of the client with a node
   */
  Failover(Cluster cluster, Duration patience) throws IOException {
    this.cluster = cluster;
    this.writer = new SteadyWriter(cluster.nodes, patience);
  }

  /** Nothing is done: the longest pauses of the client. */
  List<Double> quiet(int count) throws Exception {
    return rounds("quiet", count, leader -> watched(() -> {}));
  }

  /** From kill -9 of the leader to the next write. */
  List<Double> kill(int count) throws Exception {
    return rounds(
        "kill",
        count,
        leader -> {
          double millis = nextWrite("KILL", leader);
          leader.exitCode();
          leader.start();
          return millis;
        });
  }

  /** From SIGSTOP of the leader to the next write. */
  List<Double> stop(int count) throws Exception {
    return rounds(
        "stop",
        count,
        leader -> {
          double millis = nextWrite("STOP", leader);
          signals.send("CONT", leader);
          return millis;
        });
  }

  /** The leader ends as asked: the longest pause of the client. */
  List<Double> leave(int count) throws Exception {
    return rounds(
        "leave",
        count,
        leader -> {
          double millis =
              watched(
                  () -> {
                    signals.send("TERM", leader);
                    int code = leader.exitCode();
                    if (code != 0) {
                      throw new AssertionError("node " + leader.id + " exits with " + code);
                    }
                  });
          leader.start();
          return millis;
        });
  }

  /** The leader hands over: the longest pause of the client. */
  List<Double> transfer(int count) throws Exception {
    return rounds(
        "transfer",
        count,
        leader ->
            watched(
                () -> {
                  String reply = leader.ask("TRANSFER");
                  if (!reply.startsWith("OK: ")) {
                    throw new AssertionError(reply);
                  }
                }));
  }

  private List<Double> rounds(String name, int count, Round round) throws Exception {
    List<Double> all = new ArrayList<>();
    for (int i = 1; i <= count; i++) {
      settle();
      Daemon leader = cluster.leader();
      writer.acks.forget();
      LocalTime began = LocalTime.now(ZoneId.systemDefault()).truncatedTo(ChronoUnit.MILLIS);
      double millis = round.millis(leader);
      all.add(millis);
      System.out.printf(
          Locale.ROOT, "%s %d: %s, node %d leads: %.1f ms%n", name, i, began, leader.id, millis);
    }
    settle();
    return all;
  }

  /** All nodes are there, have caught up, and the client writes. */
  private void settle() throws Exception {
    cluster.whole();
    long committed = Long.parseLong(cluster.leader().status().get("commit_index"));
    for (Daemon node : cluster.nodes) {
      Until.holds("node " + node.id + " has caught up", () -> isWell(node, committed));
    }
    TimeUnit.MILLISECONDS.sleep(WATCHED_MS);
    writer.acks.firstSentAfter(System.nanoTime(), Until.PATIENCE);
  }

  private static boolean isWell(Daemon node, long committed) throws IOException {
    Map<String, String> status = node.status();
    return status.get("state").equals("ok")
        && Long.parseLong(status.get("last_applied")) >= committed;
  }

  private double nextWrite(String signal, Daemon leader) throws Exception {
    long before = System.nanoTime();
    signals.send(signal, leader);
    long after = System.nanoTime();
    return (writer.acks.firstSentAfter(after, Until.PATIENCE) - before) / 1e6;
  }

  private double watched(Probe.Work work) throws Exception {
    long from = System.nanoTime();
    work.run();
    TimeUnit.MILLISECONDS.sleep(WATCHED_MS);
    long to = System.nanoTime();
    writer.acks.firstSentAfter(to, Until.PATIENCE);
    return writer.acks.longestPauseMs(from, to);
  }

  /** The client's longest pause in so long a time in which nothing is done. */
  double longestPause(Duration time) throws Exception {
    writer.acks.forget();
    long from = System.nanoTime();
    TimeUnit.MILLISECONDS.sleep(time.toMillis());
    long to = System.nanoTime();
    writer.acks.firstSentAfter(to, Until.PATIENCE);
    return writer.acks.longestPauseMs(from, to);
  }

  @Override
  public void close() {
    signals.close();
    writer.close();
  }
}
