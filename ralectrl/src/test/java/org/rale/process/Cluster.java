package org.rale.process;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** Three nodes in one cluster. */
final class Cluster implements AutoCloseable {
  final List<Daemon> nodes;

  private Cluster(List<Daemon> nodes) {
    this.nodes = nodes;
  }

  /** Three nodes that are not running and in no cluster. */
  static Cluster of(Path home) throws IOException {
    List<Daemon> nodes = new ArrayList<>();
    for (int id = 1; id <= 3; id++) {
      nodes.add(new Daemon(home, id));
    }
    return new Cluster(nodes);
  }

  /** A cluster that node 1 founded and the others were added to. */
  static Cluster formed(Path home) throws IOException {
    Cluster cluster = of(home);
    cluster.startAll();
    for (Daemon node : cluster.nodes) {
      String reply = cluster.node(1).ask("ADD " + node.words());
      if (!reply.equals("OK: node " + node.id + " added")) {
        throw new AssertionError(reply);
      }
    }
    return cluster;
  }

  Daemon node(int id) {
    return nodes.get(id - 1);
  }

  /** Starts those that do not run, all at once. */
  void startAll() throws IOException {
    List<Daemon> down = nodes.stream().filter(node -> !node.isRunning()).toList();
    for (Daemon node : down) {
      node.launch();
    }
    for (Daemon node : down) {
      node.awaitReady();
    }
  }

  private Stream<Daemon> running() {
    return nodes.stream().filter(Daemon::isRunning);
  }

  /** The node that leads, once all members that run agree on it. */
  Daemon leader() {
    Daemon[] leader = new Daemon[1];
    Until.holds(
        "one leader, known to all that run",
        () -> {
          List<String> ids = new ArrayList<>();
          for (Daemon node : running().toList()) {
            Map<String, String> status = node.status();
            if (!status.get("cluster_size").equals("0")) {
              ids.add(status.get("leader_id"));
            }
          }
          if (ids.isEmpty() || ids.stream().distinct().count() != 1 || ids.get(0).equals("-1")) {
            return false;
          }
          leader[0] = node(Integer.parseInt(ids.get(0)));
          return leader[0].isRunning() && leader[0].says("role", "leader");
        });
    return leader[0];
  }

  /** A running node that does not lead. */
  Daemon follower() {
    Daemon leader = leader();
    return running().filter(node -> node != leader).findFirst().orElseThrow();
  }

  /** All three run, vote and are heard by their leader. */
  Cluster whole() throws IOException {
    startAll();
    Until.holds(
        "three voters online",
        () -> {
          Daemon leader = leader();
          return leader.says("voters", "3") && leader.says("voters_online", "3");
        });
    return this;
  }

  /** Writes, and waits until it is acknowledged. */
  void put(String key, String value) {
    Until.holds(
        "PUT " + key, () -> leader().ask("PUT " + key + " " + value).equals("OK: " + value));
  }

  @Override
  public void close() {
    for (Daemon node : nodes) {
      node.close();
    }
  }
}
