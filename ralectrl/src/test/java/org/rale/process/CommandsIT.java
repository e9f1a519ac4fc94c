package org.rale.process;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Each line of the text protocol and its JSON form, with the exact reply, asked at a follower. */
@Timeout(value = 180, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class CommandsIT {
  private static final ObjectMapper JSON = new ObjectMapper();

  @TempDir static Path home;
  private static Cluster cluster;
  private static Client client;

  @BeforeAll
  static void form() throws Exception {
    cluster = Cluster.formed(home).whole();
    client = cluster.follower().connect();
  }

  @AfterAll
  static void end() throws Exception {
    try (Cluster closing = cluster;
        Client connection = client) {
      assertThat(closing.nodes).hasSize(3);
      assertThat(connection.ask("PING")).isEqualTo("OK: PONG");
    }
  }

  private static String ask(String line) throws IOException {
    return client.ask(line);
  }

  private static JsonNode json(String line) throws IOException {
    return JSON.readTree(ask(line));
  }

  private static long revision(String key) throws IOException {
    return json("{\"command\":\"GET\",\"key\":\"" + key + "\"}").get("revision").longValue();
  }

  @Test
  void ping() throws Exception {
    assertThat(ask("PING")).isEqualTo("OK: PONG");
    assertThat(ask("  ping \r")).isEqualTo("OK: PONG");
    assertThat(ask("{\"command\":\"PING\",\"id\":[1]}"))
        .isEqualTo("{\"status\":\"ok\",\"id\":[1],\"message\":\"PONG\"}");
  }

  @Test
  void putAndGet() throws Exception {
    assertThat(ask("PUT put one")).isEqualTo("OK: one");
    assertThat(ask("PUT put  two  words ")).isEqualTo("OK:  two  words ");
    assertThat(ask("GET put")).isEqualTo("OK:  two  words ");
    assertThat(ask("PUT put=three")).isEqualTo("OK: three");
    assertThat(ask("get put")).isEqualTo("OK: three");
    assertThat(ask("PUT put ")).isEqualTo("OK: ");
    assertThat(ask("GET put")).isEqualTo("OK: ");
    assertThat(ask("GET nothing")).isEqualTo("ERROR: key not found: nothing");
    assertThat(ask("GET nothing LOCAL")).isEqualTo("ERROR: key not found: nothing");
    Until.holds("the own copy", () -> ask("GET put LOCAL").equals("OK: "));
  }

  @Test
  void putAndGetAsJson() throws Exception {
    String first = ask("{\"command\":\"PUT\",\"key\":\"json\",\"value\":\"a\\nb\",\"id\":7}");
    long created = JSON.readTree(first).get("revision").longValue();
    assertThat(first)
        .isEqualTo(
            "{\"status\":\"ok\",\"id\":7,\"key\":\"json\",\"revision\":%d,\"created_revision\":%d,\"version\":1}"
                .formatted(created, created));
    String second = ask("{\"command\":\"put\",\"key\":\"json\",\"value_base64\":\"/w==\"}");
    long changed = JSON.readTree(second).get("revision").longValue();
    assertThat(changed).isGreaterThan(created);
    assertThat(ask("{\"command\":\"GET\",\"key_base64\":\"anNvbg==\"}"))
        .isEqualTo(
            "{\"status\":\"ok\",\"key\":\"json\",\"value_base64\":\"/w==\",\"revision\":%d,\"created_revision\":%d,\"version\":2}"
                .formatted(changed, created));
    assertThat(ask("GET json"))
        .isEqualTo("ERROR: value of json is not one line of text: read it with the JSON form");
    assertThat(ask("{\"command\":\"GET\",\"key\":\"nothing\",\"id\":\"x\"}"))
        .isEqualTo(
            "{\"status\":\"error\",\"id\":\"x\",\"code\":\"KEY_NOT_FOUND\",\"message\":\"key not"
                + " found: nothing\"}");
  }

  @Test
  void cas() throws Exception {
    String created = ask("CAS cas 0 a");
    long revision = revision("cas");
    assertThat(created).isEqualTo("OK: " + revision);
    assertThat(ask("CAS cas 0 b"))
        .isEqualTo("ERROR: revision mismatch: key is at revision " + revision);
    assertThat(ask("{\"command\":\"CAS\",\"key\":\"cas\",\"revision\":0,\"value\":\"b\"}"))
        .isEqualTo(
            "{\"status\":\"error\",\"code\":\"REVISION_MISMATCH\",\"message\":\"revision mismatch: key is at revision %d\",\"revision\":%d}"
                .formatted(revision, revision));
    assertThat(ask("GET cas")).isEqualTo("OK: a");
    String changed = ask("CAS cas " + revision + " b c");
    assertThat(revision("cas")).isGreaterThan(revision);
    assertThat(changed).isEqualTo("OK: " + revision("cas"));
    assertThat(ask("GET cas")).isEqualTo("OK: b c");
  }

  @Test
  void delete() throws Exception {
    assertThat(ask("PUT gone x")).isEqualTo("OK: x");
    assertThat(ask("DELETE gone")).isEqualTo("OK: deleted 1");
    assertThat(ask("DELETE gone")).isEqualTo("OK: deleted 0");
    assertThat(ask("GET gone")).isEqualTo("ERROR: key not found: gone");
    JsonNode reply = json("{\"command\":\"DELETE\",\"key\":\"gone\"}");
    assertThat(reply.get("status").textValue()).isEqualTo("ok");
    assertThat(reply.get("deleted").intValue()).isZero();
  }

  @Test
  void keys() throws Exception {
    for (String key : List.of("list/b", "list/a", "list/c")) {
      assertThat(ask("PUT " + key + " x")).isEqualTo("OK: x");
    }
    assertThat(ask("KEYS list/"))
        .startsWith(
            "{\"keys\":[\"list/a\",\"list/b\",\"list/c\"],\"count\":3,\"truncated\":false,");
    assertThat(json("KEYS list/").get("revision").longValue())
        .isGreaterThanOrEqualTo(revision("list/c"));
    assertThat(ask("{\"command\":\"KEYS\",\"prefix\":\"list/\",\"limit\":2}"))
        .startsWith(
            "{\"status\":\"ok\",\"keys\":[\"list/a\",\"list/b\"],\"count\":2,\"truncated\":true,");
    assertThat(ask("KEYS")).startsWith("{\"keys\":[").contains("\"list/a\"");
    assertThat(ask("KEYS none/")).startsWith("{\"keys\":[],\"count\":0,\"truncated\":false,");
  }

  @Test
  void watch() throws Exception {
    assertThat(ask("PUT watch/a 1")).isEqualTo("OK: 1");
    JsonNode begin = json("{\"command\":\"WATCH\",\"prefix\":\"watch/\"}");
    assertThat(begin.get("events")).isEmpty();
    long from = begin.get("revision").longValue();
    assertThat(from).isGreaterThanOrEqualTo(revision("watch/a"));
    assertThat(ask("PUT watch/b 2")).isEqualTo("OK: 2");
    assertThat(ask("DELETE watch/a")).isEqualTo("OK: deleted 1");
    List<String> seen = new ArrayList<>();
    while (seen.size() < 2) {
      JsonNode reply = json("{\"command\":\"WATCH\",\"prefix\":\"watch/\",\"from\":" + from + "}");
      reply
          .get("events")
          .forEach(
              event ->
                  seen.add(event.get("event").textValue() + " " + event.get("key").textValue()));
      from = reply.get("revision").longValue();
    }
    assertThat(seen).containsExactly("PUT watch/b", "DELETE watch/a");
    assertThat(ask("WATCH watch/ FROM " + from + " 1")).startsWith("{\"events\":[],\"revision\":");
    assertThat(ask("WAIT watch/b")).isEqualTo("OK: 2");
    assertThat(ask("WAIT watch/b " + revision("watch/b") + " 500"))
        .startsWith("ERROR: key watch/b has not changed since revision ");
  }

  @Test
  void status() throws Exception {
    Daemon follower = cluster.follower();
    int leader = cluster.leader().id;
    assertThat(follower.ask("STATUS"))
        .matches(
            ("STATUS: node_id=%d, role=follower, cluster_size=3, leader_id=%d, term=\\d+,"
                 + " voted_for=-?\\d+, last_log_index=\\d+, last_log_term=\\d+, commit_index=\\d+,"
                 + " last_applied=\\d+, .*pid=%d")
                .formatted(follower.id, leader, follower.pid()));
    JsonNode json = JSON.readTree(follower.ask("{\"command\":\"STATUS\"}"));
    assertThat(json.get("status").textValue()).isEqualTo("ok");
    assertThat(json.get("node_id").intValue()).isEqualTo(follower.id);
    assertThat(json.get("role").textValue()).isEqualTo("follower");
    assertThat(json.get("state").textValue()).isEqualTo("ok");
  }

  @Test
  void list() throws Exception {
    Daemon leader = cluster.leader();
    StringBuilder nodes = new StringBuilder();
    for (Daemon node : cluster.nodes) {
      nodes.append(nodes.length() == 0 ? "" : ",");
      nodes.append(
          "{\"id\":%d,\"name\":\"node%d\",\"ip\":\"127.0.0.1\",\"rale_port\":%d,\"dstore_port\":%d,\"role\":\"%s\",\"state\":\"online\"}"
              .formatted(
                  node.id,
                  node.id,
                  node.ralePort,
                  node.dstorePort,
                  node == leader ? "leader" : "follower"));
    }
    String measured =
        ",\"path\":\"(udp|tcp)\"(,\"(rtt_ms|jitter_ms|loss)\":\\d+\\.\\d{3})*"
            + ",\"last_contact_ms\":\\d+,\"match_index\":\\d+,\"lag\":\\d+";
    String text = leader.ask("LIST");
    assertThat(text.split(measured, -1)).hasSize(cluster.nodes.size());
    assertThat(text.replaceAll(measured, "")).isEqualTo("{\"nodes\":[" + nodes + "]}");
    String incarnation = ",\"incarnation\":\"[0-9a-f]{16}\"";
    String json = leader.ask("{\"command\":\"LIST\"}");
    assertThat(json.split(incarnation, -1)).hasSize(1 + cluster.nodes.size());
    assertThat(json.replaceAll(incarnation, "").replaceAll(measured, ""))
        .isEqualTo("{\"status\":\"ok\",\"nodes\":[" + nodes + "]}");
  }

  @Test
  void theWayToEachFollowerIsMeasuredByBothSides() throws Exception {
    Daemon leader = cluster.leader();
    Daemon follower = cluster.follower();
    for (Daemon[] pair : new Daemon[][] {{leader, follower}, {follower, leader}}) {
      String peer = "peer_" + pair[1].id;
      Until.holds(
          "datagrams pass and are measured",
          () -> {
            Map<String, String> status = pair[0].status();
            return "udp".equals(status.get(peer + "_path"))
                && status.containsKey(peer + "_rtt_ms")
                && status.containsKey(peer + "_jitter_ms")
                && status.containsKey(peer + "_loss")
                && status.containsKey(peer + "_last_contact_ms");
          });
    }
    assertThat(follower.status()).doesNotContainKey("peer_" + leader.id + "_lag");
    assertThat(leader.status().keySet()).noneMatch(name -> name.startsWith("peer_" + leader.id));
    assertThat(leader.status()).doesNotContainKey("problem");
  }

  @Test
  void membershipAnswers() throws Exception {
    assertThat(ask("ADD " + cluster.node(2).words())).isEqualTo("OK: node 2 is already a member");
    assertThat(ask("ADD 2 node2 127.0.0.1 1 2"))
        .startsWith("ERROR: node 2 is a member with another address: 127.0.0.1 ports ");
    assertThat(ask("ADD 4 node4 127.0.0.1 " + cluster.node(2).ralePort + " 1"))
        .startsWith("ERROR: the address of node 4 is that of member 2: 127.0.0.1 ports ");
    assertThat(ask("REMOVE 9")).isEqualTo("ERROR: node 9 is not a member; LIST shows who is");
    assertThat(ask("TRANSFER 9")).startsWith("ERROR: node 9 is no voting member");
    assertThat(ask("{\"command\":\"REMOVE\",\"node_id\":9}"))
        .isEqualTo(
            "{\"status\":\"error\",\"code\":\"MEMBERSHIP_REFUSED\",\"message\":\"node 9 is not a"
                + " member\",\"hint\":\"LIST shows who is\"}");
    JsonNode unreachable =
        json(
            "{\"command\":\"ADD\",\"node_id\":4,\"name\":\"n4\",\"ip\":\"127.0.0.1\",\"rale_port\":%d,\"dstore_port\":%d,\"timeout_ms\":2000}"
                .formatted(Ports.free(), Ports.free()));
    assertThat(unreachable.get("code").textValue()).isEqualTo("NODE_UNREACHABLE");
    assertThat(cluster.leader().says("cluster_size", "3")).isTrue();
  }

  @Test
  void transfer() throws Exception {
    int id = cluster.follower().id;
    assertThat(ask("TRANSFER " + id)).isEqualTo("OK: leader is node " + id);
    assertThat(cluster.leader().id).isEqualTo(id);
    assertThat(ask("{\"command\":\"TRANSFER\",\"node_id\":" + id + "}"))
        .isEqualTo("{\"status\":\"ok\",\"leader_id\":" + id + "}");
    assertThat(ask("TRANSFER")).matches("OK: leader is node [123]").doesNotEndWith(" " + id);
  }

  @Test
  void stopIsForLocalUsers() throws Exception {
    assertThat(ask("STOP")).startsWith("ERROR: STOP is taken over the control socket only");
    assertThat(json("{\"command\":\"STOP\"}").get("code").textValue()).isEqualTo("FORBIDDEN");
    assertThat(ask("PING")).isEqualTo("OK: PONG");
  }

  @Test
  void helpKeepAliveAndMistakes() throws Exception {
    assertThat(ask("HELP")).startsWith("OK: GET key [LOCAL], PUT key value, CAS key revision ");
    assertThat(ask("KEEP_ALIVE")).isEqualTo("OK");
    assertThat(ask("{\"command\":\"KEEP_ALIVE\"}")).isEqualTo("{\"status\":\"ok\"}");
    assertThat(ask("GTE k")).isEqualTo("ERROR: Unknown command 'GTE'; did you mean GET?");
    assertThat(json("{\"command\":\"GTE\"}").get("code").textValue()).isEqualTo("UNKNOWN_COMMAND");
    assertThat(ask("PUT k")).startsWith("ERROR: ");
    assertThat(json("{\"command\":\"PUT\"").get("code").textValue()).isEqualTo("BAD_REQUEST");
    String longKey = "k".repeat(1025);
    assertThat(json("{\"command\":\"GET\",\"key\":\"" + longKey + "\"}").get("code").textValue())
        .isEqualTo("KEY_TOO_LONG");
    String longValue = "v".repeat((1 << 20) + 1);
    assertThat(
            json("{\"command\":\"PUT\",\"key\":\"k\",\"value\":\"" + longValue + "\"}")
                .get("code")
                .textValue())
        .isEqualTo("VALUE_TOO_LARGE");
    assertThat(ask("PING")).isEqualTo("OK: PONG");
  }

  @Test
  void repliesComeInTheOrderOfTheRequests() throws Exception {
    for (int i = 0; i < 100; i++) {
      client.send("PUT order " + i);
      client.send("GET order");
      client.send("PING");
    }
    for (int i = 0; i < 100; i++) {
      assertThat(client.reply()).isEqualTo("OK: " + i);
      assertThat(client.reply()).isEqualTo("OK: " + i);
      assertThat(client.reply()).isEqualTo("OK: PONG");
    }
  }

  @Test
  void aChangeSentTwiceIsAppliedOnce() throws Exception {
    String change =
        "{\"command\":\"PUT\",\"key\":\"once\",\"value\":\"x\",\"client_id\":\"%s\",\"sequence\":1%s}";
    String client = "00112233445566778899aabbccddeeff";
    String first = ask(change.formatted(client, ""));
    assertThat(first).contains("\"version\":1");
    assertThat(cluster.leader().ask(change.formatted(client, ",\"retry\":true"))).isEqualTo(first);
  }
}
