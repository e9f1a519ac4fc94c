package org.rale.process;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** The nodes of one cluster; three where nothing else is said. */
final class Cluster implements AutoCloseable {
  final List<Daemon> nodes;

  private Cluster(List<Daemon> nodes) {
    this.nodes = nodes;
  }

  /** Three nodes that are not running and in no cluster. */
  static Cluster of(Path home) throws IOException {
    return of(home, Collections.nCopies(3, Host.LOOPBACK));
  }

  /** A node on each host, with ids from 1 on; not running and in no cluster. */
  static Cluster of(Path home, List<Host> hosts) throws IOException {
    List<Daemon> nodes = new ArrayList<>();
    for (Host host : hosts) {
      nodes.add(new Daemon(home, nodes.size() + 1, host));
    }
    return new Cluster(nodes);
  }

  /** A cluster that node 1 founded and the others were added to. */
  static Cluster formed(Path home) throws IOException {
    return of(home).form();
  }

  /** Starts all, lets node 1 found a cluster, and adds the others. */
  Cluster form() throws IOException {
    startAll();
    for (Daemon node : nodes) {
      String reply = node(1).ask(node.addRequest(Until.PATIENCE));
      if (!reply.startsWith("{\"status\":\"ok\",")) {
        throw new AssertionError(reply);
      }
    }
    return this;
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

  /** All run, vote and are heard by their leader. */
  Cluster whole() throws IOException {
    startAll();
    String all = "" + nodes.size();
    Until.holds(
        all + " voters online",
        () -> {
          Daemon leader = leader();
          return leader.says("voters", all) && leader.says("voters_online", all);
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
