package org.rale;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.rale.bytes.Bytes;
import org.rale.clusterdb.RewriteLimits;
import org.rale.dstore.Origin;
import org.rale.dstore.StoreCommand;
import org.rale.request.Request;
import org.rale.request.Response;

/** The library's face, with real files and threads, and a network of method calls. */
final class RaleTest {
  private static final long PATIENCE_MS = 20_000;

  @TempDir Path directory;

  private final MemoryNetwork network = new MemoryNetwork();
  private final Map<Integer, Rale> nodes = new TreeMap<>();
  private final Map<Integer, Thread> threads = new TreeMap<>();

  private Rale start(int id) throws Exception {
    return start(id, 300);
  }

  private Rale start(int id, int electionTimeoutMaxMs) throws Exception {
    RaleConfig config =
        new RaleConfig(
            id,
            "node" + id,
            "127.0.0.1",
            7400 + id,
            7500 + id,
            1,
            directory.resolve("node" + id),
            0,
            1 << 20,
            RewriteLimits.DEFAULT,
            150,
            electionTimeoutMaxMs,
            50,
            5000,
            List.of());
    Rale node = Rale.init(config, network.transport(id));
    nodes.put(id, node);
    Thread thread =
        new Thread(
            () -> {
              try {
                node.run();
              } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
              }
            },
            "rale-" + id);
    threads.put(id, thread);
    thread.start();
    return node;
  }

  private Rale startAlone(int id) throws Exception {
    Rale node = start(id);
    assertThat(node.processCommand("ADD 1 node1 127.0.0.1 7401 7501"))
        .isEqualTo("OK: node 1 added");
    return node;
  }

  private Rale startThree() throws Exception {
    Rale first = startAlone(1);
    start(2);
    start(3);
    assertThat(first.processCommand("ADD 2 node2 127.0.0.1 7402 7502"))
        .isEqualTo("OK: node 2 added");
    assertThat(first.processCommand("ADD 3 node3 127.0.0.1 7403 7503"))
        .isEqualTo("OK: node 3 added");
    return first;
  }

  private void crash(int id) throws Exception {
    nodes.remove(id).close();
    threads.remove(id).join();
  }

  @AfterEach
  void stop() throws Exception {
    for (int id : List.copyOf(nodes.keySet())) {
      crash(id);
    }
  }

  /** Repeats the command until it gets the reply, on whichever node still answers. */
  private void eventually(int id, String command, String reply) throws Exception {
    long until = System.nanoTime() + PATIENCE_MS * 1_000_000;
    String last = "";
    while (System.nanoTime() < until) {
      last = nodes.get(id).processCommand(command);
      if (last.equals(reply)) {
        return;
      }
    }
    assertThat(last).isEqualTo(reply);
  }

  @Test
  void a_node_in_no_cluster_says_so() throws Exception {
    Rale node = start(1);

    assertThat(node.processCommand("PING")).isEqualTo("OK: PONG");
    assertThat(node.processCommand("PUT k v")).startsWith("ERROR: node 1 is in no cluster");
    assertThat(node.getStatus()).startsWith("STATUS: node_id=1, role=follower, cluster_size=0");
    assertThat(node.state().leaderId()).isEqualTo(-1);
  }

  @Test
  void founds_a_cluster_writes_and_has_it_all_after_a_restart() throws Exception {
    Rale node = startAlone(1);
    assertThat(node.processCommand("PUT k hello world")).isEqualTo("OK: hello world");
    assertThat(node.processCommand("GET k")).isEqualTo("OK: hello world");
    assertThat(node.processCommand("DELETE k")).isEqualTo("OK: deleted 1");
    assertThat(node.processCommand("PUT k2 v2")).isEqualTo("OK: v2");

    crash(1);
    Rale again = start(1);

    assertThat(again.processCommand("GET k2")).isEqualTo("OK: v2");
    assertThat(again.processCommand("GET k")).isEqualTo("ERROR: key not found: k");
  }

  @Test
  void three_nodes_replicate_and_outlive_their_leader() throws Exception {
    startThree();
    assertThat(nodes.get(2).processCommand("PUT a 1")).isEqualTo("OK: 1");
    assertThat(nodes.get(3).processCommand("GET a")).isEqualTo("OK: 1");

    int leader = nodes.get(1).state().leaderId();
    crash(leader);
    int other = leader == 1 ? 2 : 1;
    eventually(other, "PUT b 2", "OK: 2");
    start(leader);
    eventually(leader, "GET b", "OK: 2");
  }

  @Test
  void leadership_is_handed_over_and_members_are_taken_out() throws Exception {
    startThree();
    eventually(2, "TRANSFER 3", "OK: leader is node 3");
    eventually(2, "REMOVE 3", "OK: node 3 removed");
    assertThat(nodes.get(2).processCommand("PUT x y")).isEqualTo("OK: y");
    assertThat(nodes.get(1).processCommand("GET x")).isEqualTo("OK: y");
    eventually(1, "ADD 3 node3 127.0.0.1 7403 7503", "OK: node 3 added");
    assertThat(nodes.get(3).processCommand("GET x")).isEqualTo("OK: y");
  }

  @Test
  void leadership_asked_of_a_follower_is_handed_over_once() throws Exception {
    startThree();
    int leader = nodes.get(1).state().leaderId();
    long term = nodes.get(1).state().currentTerm();
    int follower = leader == 1 ? 2 : 1;
    String reply = nodes.get(follower).processCommand("TRANSFER");
    assertThat(reply).startsWith("OK: leader is node ").doesNotEndWith("node " + leader);
    assertThat(nodes.get(follower).state().currentTerm()).isEqualTo(term + 1);
  }

  @Test
  @DisplayName(
      "S-06 a member whose disk was emptied founds no second cluster, and is no member as before")
  void S_06_an_emptied_member() throws Exception {
    startThree();
    eventually(1, "TRANSFER 1", "OK: leader is node 1");
    crash(3);
    try (var files = Files.newDirectoryStream(directory.resolve("node3"))) {
      for (Path file : files) {
        Files.delete(file);
      }
    }
    start(3);
    assertThat(nodes.get(3).processCommand("ADD 3 node3 127.0.0.1 7403 7503"))
        .startsWith("ERROR: node 3 founds no cluster: it is known in another one");
    assertThat(nodes.get(1).processCommand("ADD 3 node3 127.0.0.1 7403 7503"))
        .startsWith("ERROR: node 3 is a member with another cluster.db");
    eventually(1, "REMOVE 3", "OK: node 3 removed");
    eventually(1, "ADD 3 node3 127.0.0.1 7403 7503", "OK: node 3 added");
  }

  @Test
  void finit_hands_leadership_over() throws Exception {
    startThree();
    int leader = nodes.get(1).state().leaderId();
    nodes.remove(leader).finit();
    threads.remove(leader).join();
    int other = leader == 1 ? 2 : 1;
    assertThat(nodes.get(other).processCommand("PUT after finit")).isEqualTo("OK: finit");
  }

  @Test
  @DisplayName("S-17 a program's own request with absurd sizes is refused and hurts nobody")
  void S_17_sizesOfTheFace() throws Exception {
    Rale node = startAlone(1);
    for (StoreCommand command :
        List.of(
            new StoreCommand.Put(Origin.NONE, Bytes.EMPTY, Bytes.utf8("v")),
            new StoreCommand.Delete(Origin.NONE, Bytes.wrap(new byte[1025])),
            new StoreCommand.Put(
                Origin.NONE, Bytes.utf8("k"), Bytes.wrap(new byte[(1 << 20) + 1])))) {
      CompletableFuture<Response> reply = new CompletableFuture<>();
      node.submit(new Request.Change(command), 1000, reply::complete);
      assertThat(reply).isCompletedWithValueMatching(Response.Failed.class::isInstance);
    }
    assertThat(node.processCommand("PUT k v")).isEqualTo("OK: v");
  }

  @Test
  void finit_that_is_hurried_waits_for_no_request() throws Exception {
    int electionTimeoutMaxMs = 3000;
    Rale node = start(1, electionTimeoutMaxMs);
    assertThat(node.processCommand("ADD 1 node1 127.0.0.1 7401 7501"))
        .isEqualTo("OK: node 1 added");
    CompletableFuture<Response> answer = new CompletableFuture<>();
    node.submit(new Request.Add(9, "absent", "127.0.0.1", 7409, 7509), 3_600_000, answer::complete);
    node.hurry();

    long before = System.nanoTime();
    node.finit();

    assertThat(System.nanoTime() - before).isLessThan(4L * electionTimeoutMaxMs * 1_000_000);
    assertThat(answer.join()).isInstanceOf(Response.Failed.class);
  }
}
