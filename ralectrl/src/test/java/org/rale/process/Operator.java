package org.rale.process;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.time.Duration;
import java.util.List;
import java.util.Set;

/** Who changes the cluster while it is used: members go and come, leadership is handed over. */
final class Operator {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final int TIMEOUT_MS = 10_000;

  /** The answers that an operator may get while things are in disorder. */
  private static final Set<String> EXPECTED =
      Set.of(
          "NO_LEADER",
          "TIMEOUT",
          "UNKNOWN_OUTCOME",
          "MEMBERSHIP_REFUSED",
          "NODE_UNREACHABLE",
          "NOT_MEMBER",
          "SHUTTING_DOWN",
          "OVERLOADED");

  private final Stage stage;

  Operator(Stage stage) {
    this.stage = stage;
  }

  /** Hands leadership to a node; returns what was answered, in a word. */
  String transfer(Daemon by, Daemon to) {
    return ask(by, "{\"command\":\"TRANSFER\",\"node_id\":%d,\"timeout_ms\":%d}", to.id);
  }

  String remove(Daemon by, Daemon node) {
    return ask(by, "{\"command\":\"REMOVE\",\"node_id\":%d,\"timeout_ms\":%d}", node.id);
  }

  private static String ask(Daemon by, String request, int id) {
    JsonNode reply;
    try {
      Duration patience = Duration.ofMillis(2 * TIMEOUT_MS);
      reply = JSON.readTree(by.ask(request.formatted(id, TIMEOUT_MS), patience));
    } catch (IOException e) {
      return "no answer";
    }
    if (reply.path("status").asText().equals("ok")) {
      return "ok";
    }
    String code = reply.path("code").asText();
    if (!EXPECTED.contains(code)) {
      throw new AssertionError(request.formatted(id, TIMEOUT_MS) + " is answered with " + reply);
    }
    return code;
  }

  /** Adds the nodes that are no members, until all are. */
  void addAll() {
    for (Daemon node : stage.cluster.nodes) {
      Until.holds("node " + node.id + " is a member", () -> isAdded(node));
    }
  }

  private boolean isAdded(Daemon node) throws IOException {
    Daemon leader = stage.leader().orElseThrow();
    String reply = leader.ask("ADD " + node.words());
    return reply.equals("OK: node " + node.id + " added")
        || reply.equals("OK: node " + node.id + " is already a member");
  }

  /** Removes a node, empties its disk, and adds it again. */
  void replace(Daemon node) throws IOException, InterruptedException {
    Until.holds(
        "node " + node.id + " is no member",
        () -> {
          Daemon leader = stage.leader().orElseThrow();
          String reply = leader.ask("REMOVE " + node.id);
          return reply.startsWith("OK: ")
              || reply.startsWith("ERROR: node " + node.id + " is not a member");
        });
    stage.kill(List.of(node));
    Files.delete(node.clusterDb());
    stage.heal();
    addAll();
  }
}
