package org.rale.process;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.rale.clusterdb.ClusterDbFile;

/** ralectrl BACKUP, raled --restore and raled --force-new-cluster. */
@Timeout(value = 180, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class BackupIT {
  @TempDir Path home;

  /** What a line of JSON says, as text. */
  private static Map<String, String> fields(String line) throws IOException {
    Map<String, String> fields = new TreeMap<>();
    try (var parser = new JsonFactory().createParser(line)) {
      parser.nextToken();
      while (parser.nextToken() == JsonToken.FIELD_NAME) {
        String name = parser.currentName();
        parser.nextToken();
        fields.put(name, parser.getText());
      }
    }
    return fields;
  }

  private static Daemon restored(Daemon node, Path backup) throws IOException {
    return node.launch("--restore", backup.toString()).awaitReady();
  }

  @Test
  @DisplayName("a backup of a follower under load is one moment's state, and restored as it was")
  void underLoad() throws Exception {
    Path backup = home.resolve("backup");
    ExecutorService thread = Executors.newSingleThreadExecutor();
    AtomicBoolean enough = new AtomicBoolean();
    AtomicInteger acknowledged = new AtomicInteger();
    try (Cluster cluster = Cluster.formed(home)) {
      Daemon follower = cluster.follower();
      for (int i = 0; i < 40; i++) {
        cluster.put("bulk" + i, "v".repeat(50_000 + i));
      }
      Future<Void> writer = thread.submit(() -> write(follower, enough, acknowledged));
      Until.holds("writes", () -> acknowledged.get() > 50);
      int before = acknowledged.get();
      Cli.Ended ended = Cli.to(follower, "BACKUP", "--output", "json", backup.toString());
      assertThat(ended.exitCode()).as(ended.err()).isZero();
      assertThat(ended.err()).isEmpty();
      Until.holds("writes go on", () -> acknowledged.get() > before + 20);
      enough.set(true);
      writer.get();
      Map<String, String> done = fields(ended.out());
      assertThat(done).containsEntry("size", "" + Files.size(backup)).containsEntry("keys", "42");
      assertThat(done).containsEntry("cluster_id", follower.status().get("cluster_id"));

      try (Daemon other = new Daemon(Files.createDirectories(home.resolve("r")), 7)) {
        restored(other, backup);
        Until.holds("it leads", () -> other.says("role", "leader"));
        assertThat(other.status()).containsEntry("cluster_size", "1").containsEntry("keys", "42");
        assertThat(other.says("cluster_id", done.get("cluster_id"))).isFalse();
        int a = Integer.parseInt(other.ask("GET a").substring("OK: ".length()));
        int b = Integer.parseInt(other.ask("GET b").substring("OK: ".length()));
        assertThat(b).as("what was acknowledged before is in it").isGreaterThanOrEqualTo(before);
        assertThat(a - b).as("b is written when a was").isBetween(0, 1);
        assertSameAs(other, backup);
        Map<String, String> put =
            fields(other.ask("{\"command\":\"PUT\",\"key\":\"n\",\"value\":\"v\"}"));
        assertThat(Long.parseLong(put.get("revision")))
            .isGreaterThan(Long.parseLong(done.get("index")));
      }
    } finally {
      enough.set(true);
      thread.shutdown();
    }
  }

  /** First a, then b, with the same number, again and again. */
  private static Void write(Daemon node, AtomicBoolean enough, AtomicInteger acknowledged)
      throws IOException {
    try (Client client = node.connect()) {
      for (int i = 1; !enough.get(); i++) {
        assertThat(client.ask("PUT a " + i)).isEqualTo("OK: " + i);
        assertThat(client.ask("PUT b " + i)).isEqualTo("OK: " + i);
        acknowledged.set(i);
      }
    }
    return null;
  }

  /** Every key of the backup, with value and revisions. */
  private static void assertSameAs(Daemon node, Path backup) throws Exception {
    Cli.Ended keys = Cli.run("DB", "keys", "--values", "-o", "json", backup.toString());
    assertThat(keys.exitCode()).as(keys.err()).isZero();
    assertThat(keys.err()).contains("this is a backup of cluster");
    int count = 0;
    for (String line : keys.out().lines().toList()) {
      Map<String, String> expected = fields(line);
      Map<String, String> found =
          fields(node.ask("{\"command\":\"GET\",\"key\":\"%s\"}".formatted(expected.get("key"))));
      for (String name : new String[] {"value", "revision", "created_revision", "version"}) {
        assertThat(found.get(name)).as(name).isEqualTo(expected.get(name));
      }
      count++;
    }
    assertThat(count).isEqualTo(42);
  }

  /** Of the table of the file's snapshot, as STATUS shows it. */
  private static String hash(Path path) throws Exception {
    try (ClusterDbFile file = ClusterDbFile.open(path)) {
      return "%016x".formatted(file.survey(/* applyLog= */ false).held().table().stateHash());
    }
  }

  @Test
  @DisplayName("a backup has the node's state hash, is restored once, and the cluster grows again")
  void restored() throws Exception {
    Path backup = home.resolve("backup");
    try (Daemon node = new Daemon(home, 1);
        Daemon other = new Daemon(Files.createDirectories(home.resolve("r")), 1);
        Daemon second = new Daemon(home, 2)) {
      node.start();
      node.ask("ADD " + node.words());
      assertThat(node.ask("PUT k v")).isEqualTo("OK: v");
      assertThat(Cli.to(node, "BACKUP", backup.toString()).exitCode()).isZero();
      restored(other, backup);
      Until.holds("it leads", () -> other.says("role", "leader"));
      String hash = node.status().get("state_hash");
      assertThat(hash(backup)).isEqualTo(hash);
      assertThat(hash(other.clusterDb())).isEqualTo(hash);

      second.start();
      assertThat(other.ask(second.addRequest(Until.PATIENCE))).startsWith("{\"status\":\"ok\"");
      Until.holds("it has the data", () -> second.ask("GET k LOCAL").equals("OK: v"));
      assertThat(second.says("cluster_id", other.status().get("cluster_id"))).isTrue();
      other.kill9();
      other.launch("--restore", backup.toString());
      assertThat(other.exitCode()).isEqualTo(2);
      assertThat(other.log()).contains("there is a file \"" + other.clusterDb() + "\" already");
      other.start();

      node.kill9();
      Files.copy(backup, node.clusterDb(), StandardCopyOption.REPLACE_EXISTING);
      assertThat(node.launch().exitCode()).isEqualTo(3);
      assertThat(node.log()).contains("is a backup", "raled --restore BACKUP");
    }
  }

  /** Sends a BACKUP that is under way a signal; returns its exit code. */
  private static int end(Daemon node, Path backup, String signal) throws Exception {
    // Whoever runs the tests in the background may ignore some, and processes inherit that.
    ProcessBuilder builder =
        new ProcessBuilder(
            "env",
            "--default-signal=INT,TERM,HUP",
            Path.of("../scripts/ralectrl").toAbsolutePath().normalize().toString(),
            "--server",
            "127.0.0.1:" + node.dstorePort,
            "BACKUP",
            backup.toString());
    Quick.environment(builder);
    Process ralectrl = builder.start();
    Path partial = backup.resolveSibling(backup.getFileName() + ".partial");
    // A whole header page and more: the file of a run before this one is emptied first.
    while ((!Files.exists(partial) || Files.size(partial) < 100_000) && ralectrl.isAlive()) {
      Thread.onSpinWait();
    }
    // So that it can't come to its end.
    node.signal("STOP");
    assertThat(ralectrl.isAlive()).isTrue();
    new ProcessBuilder("kill", "-" + signal, "" + ralectrl.pid()).start().waitFor();
    int code = ralectrl.waitFor();
    node.signal("CONT");
    return code;
  }

  private static void fill(Daemon node) throws IOException {
    node.start();
    node.ask("ADD " + node.words());
    for (int i = 0; i < 40; i++) {
      assertThat(node.ask("PUT k" + i + " " + "v".repeat(1_000_000))).startsWith("OK: ");
    }
  }

  @Test
  @DisplayName("a BACKUP that is killed leaves no file of that name, and the next one is whole")
  void killed() throws Exception {
    Path backup = home.resolve("backup");
    Path partial = home.resolve("backup.partial");
    try (Daemon node = new Daemon(home, 1).heap(256)) {
      fill(node);
      assertThat(end(node, backup, "KILL")).isEqualTo(137);
      assertThat(backup).doesNotExist();
      assertThat(partial).exists();

      Cli.Ended ended = Cli.to(node, "BACKUP", backup.toString());
      assertThat(ended.exitCode()).as(ended.err()).isZero();
      assertThat(ended.out()).startsWith(backup + ": 40 keys of cluster ");
      assertThat(partial).doesNotExist();
      assertThat(Cli.run("DB", "dump", backup.toString()).exitCode()).isZero();
    }
  }

  @Test
  @DisplayName("a BACKUP that is interrupted takes its partial file away")
  void interrupted() throws Exception {
    Path backup = home.resolve("backup");
    try (Daemon node = new Daemon(home, 1).heap(256)) {
      fill(node);
      for (String signal : new String[] {"INT", "TERM", "HUP"}) {
        assertThat(end(node, backup, signal)).as(signal).isGreaterThan(128);
        assertThat(backup).as(signal).doesNotExist();
        assertThat(home.resolve("backup.partial")).as(signal).doesNotExist();
      }
    }
  }

  @Test
  @DisplayName("S-06 one of three goes on alone where that is confirmed; the old members stay out")
  void forced() throws Exception {
    try (Cluster cluster = Cluster.formed(home)) {
      cluster.put("k", "v");
      Daemon left = cluster.node(1);
      Daemon old = cluster.node(2);
      Until.holds("it has the key", () -> left.ask("GET k LOCAL").equals("OK: v"));
      String id = left.status().get("cluster_id");
      long term = Long.parseLong(left.status().get("term"));
      for (Daemon node : cluster.nodes) {
        node.kill9();
      }
      assertThat(left.launch("--force-new-cluster").exitCode()).isEqualTo(2);
      assertThat(left.log())
          .contains("members     1:node1:", "cluster     " + id, "no terminal to ask on");
      left.launch("--force-new-cluster", "--confirm", "00000000000000aa");
      assertThat(left.exitCode()).isEqualTo(2);
      assertThat(left.log()).contains("--confirm names cluster 00000000000000aa");

      left.launch("--force-new-cluster", "--confirm", id).awaitReady();
      Until.holds("it leads", () -> left.says("role", "leader"));
      assertThat(left.ask("GET k")).isEqualTo("OK: v");
      assertThat(left.ask("PUT k w")).isEqualTo("OK: w");
      Map<String, String> status = left.status();
      assertThat(status).containsEntry("cluster_size", "1");
      assertThat(status.get("cluster_id")).isNotEqualTo(id);
      assertThat(Long.parseLong(status.get("term"))).isGreaterThan(term);

      old.start();
      Until.holds(
          "the old member is refused",
          () -> old.log().contains("is in cluster " + id + " and node 1 in cluster "));
      assertThat(left.status()).containsEntry("cluster_id", status.get("cluster_id"));
      assertThat(left.says("cluster_size", "1")).isTrue();
      assertThat(old.says("leader_id", "-1")).isTrue();

      old.kill9();
      Files.delete(old.clusterDb());
      old.start();
      assertThat(left.ask(old.addRequest(Until.PATIENCE))).startsWith("{\"status\":\"ok\"");
      Until.holds("it has the data", () -> old.ask("GET k LOCAL").equals("OK: w"));

      left.kill9();
      left.launch("--force-new-cluster", "--confirm", id);
      assertThat(left.exitCode()).isEqualTo(2);
      assertThat(left.log())
          .contains("--confirm names cluster " + id, "start without --force-new-cluster");
      left.start();
      Until.holds("both are there", () -> left.says("voters_online", "2"));
    }
  }
}
