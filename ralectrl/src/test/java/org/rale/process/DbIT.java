package org.rale.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.rale.bytes.Bytes;
import org.rale.clusterdb.Batch;
import org.rale.clusterdb.ClusterDb;
import org.rale.clusterdb.DiskTask;
import org.rale.clusterdb.FileStorage;
import org.rale.dstore.Origin;
import org.rale.dstore.StoreCodec;
import org.rale.dstore.StoreCommand;
import org.rale.raft.Entry;
import org.rale.raft.Payload;

/** ralectrl DB beside a daemon, and as another user. */
@Timeout(value = 180, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class DbIT {
  @TempDir Path home;
  private Daemon node;

  @BeforeEach
  void make() throws IOException {
    node = new Daemon(home, 1);
    node.start();
    assertThat(node.ask("ADD " + node.words())).isEqualTo("OK: node 1 added");
    assertThat(node.ask("PUT color blue")).isEqualTo("OK: blue");
  }

  @AfterEach
  void end() {
    node.close();
  }

  private static Cli.Ended db(String word, Path file) throws Exception {
    return Cli.run("DB", word, file.toString());
  }

  @Test
  @DisplayName("the daemon that has the file open is named; a copy has none, nor a file at rest")
  void theDaemonIsNamed() throws Exception {
    String open = "open in         raled, process " + node.pid() + ": all of this is as of now\n";
    Cli.Ended check = db("check", node.clusterDb());
    assertThat(check.exitCode()).isZero();
    assertThat(check.err()).isEmpty();
    assertThat(check.out()).startsWith("verdict         sound\n").contains("node id         1\n");
    if (Files.exists(Path.of("/proc/locks"))) {
      assertThat(check.out()).contains(open);
      Path link = Files.createSymbolicLink(home.resolve("link"), node.clusterDb());
      assertThat(db("check", link).out()).contains(open);
    }
    Path copy = Files.copy(node.clusterDb(), node.data().resolve("copy"));
    assertThat(db("check", copy).out())
        .startsWith("verdict         sound\n")
        .doesNotContain("open");
    Files.delete(copy);

    node.kill9();
    assertThat(db("check", node.clusterDb()).out()).doesNotContain("open in");
    node.start();
    Until.holds("it serves", () -> node.ask("GET color").equals("OK: blue"));
  }

  @Test
  @DisplayName("while the daemon writes as fast as it can, its file is sound at each look")
  void besideAWriter() throws Exception {
    AtomicBoolean enough = new AtomicBoolean();
    ExecutorService thread = Executors.newSingleThreadExecutor();
    try {
      Future<Integer> writer = thread.submit(() -> write(enough));
      for (int i = 0; i < 12; i++) {
        Cli.Ended ended = db(List.of("check", "dump", "keys").get(i % 3), node.clusterDb());
        assertThat(ended.exitCode()).as(ended.err()).isZero();
      }
      enough.set(true);
      int written = writer.get();
      assertThat(written).isGreaterThan(100);
      Cli.Ended keys = Cli.run("DB", "keys", "--values", node.clusterDb().toString());
      assertThat(keys.out()).contains("\"last\" = \"" + written);
    } finally {
      enough.set(true);
      thread.shutdown();
    }
    assertThat(node.ask("GET color")).isEqualTo("OK: blue");
  }

  private int write(AtomicBoolean enough) throws IOException {
    try (Client client = node.connect()) {
      int written = 0;
      while (!enough.get()) {
        written++;
        String value = written + "v".repeat(written * 997 % 30_000);
        assertThat(client.ask("PUT last " + value)).startsWith("OK: ");
      }
      return written;
    }
  }

  @Test
  @DisplayName("dump takes little memory; what check lacks is said")
  void aFileThatIsLargerThanTheMemory() throws Exception {
    int entries = 150;
    Path large = home.resolve("large");
    try (FileStorage storage = FileStorage.open(large);
        ClusterDb db = ClusterDb.open(storage, 1, new Random(1)).db()) {
      byte[] value = new byte[1 << 20];
      for (int index = 1; index <= entries; index++) {
        StoreCommand put =
            new StoreCommand.Put(Origin.NONE, Bytes.utf8("k"), Bytes.wrap(value.clone()));
        Entry entry = new Entry(index, 1, new Payload.Command(StoreCodec.encode(put)));
        db.perform(new DiskTask.Write(index, new Batch(null, List.of(entry), 0)));
      }
    }
    Path file = large.resolve("cluster.db");
    assertThat(Files.size(file)).isGreaterThan(Quick.HEAP_MB << 20);
    Cli.Ended dump = db("dump", file);
    assertThat(dump.exitCode()).as(dump.err()).isZero();
    assertThat(dump.out().lines().filter(line -> line.endsWith("PUT \"k\" 1048576 bytes")))
        .hasSize(entries);
    Cli.Ended check = db("check", file);
    assertThat(check.exitCode()).isEqualTo(1);
    assertThat(check.err())
        .startsWith("ralectrl: error: not enough memory for what file \"" + file + "\" holds\n")
        .contains("ralectrl: hint: Set RALE_JAVA_OPTS=-Xmx4g");
  }

  @Test
  @DisplayName("another user reads it where he may, without writing; and where not, that is said")
  void anotherUser() throws Exception {
    assumeTrue(
        Cli.runAsNobody("--version").exitCode() == 0,
        "the user nobody may not read this checkout, so ralectrl can't be tried as another user");
    node.kill9();
    for (Path path : List.of(home, node.home, node.data())) {
      Files.setPosixFilePermissions(path, PosixFilePermissions.fromString("rwxr-xr-x"));
    }
    Files.setPosixFilePermissions(node.clusterDb(), PosixFilePermissions.fromString("r--r--r--"));
    Cli.Ended may = Cli.runAsNobody("DB", "check", node.clusterDb().toString());
    assertThat(may.err()).isEmpty();
    assertThat(may.out()).startsWith("verdict         sound\n");

    Files.setPosixFilePermissions(node.clusterDb(), PosixFilePermissions.fromString("---------"));
    Cli.Ended mayNot = Cli.runAsNobody("DB", "check", node.clusterDb().toString());
    assertThat(mayNot.exitCode()).isEqualTo(8);
    assertThat(mayNot.out()).isEmpty();
    assertThat(mayNot.err())
        .isEqualTo(
            """
            ralectrl: error: could not open file "%s": Permission denied
            ralectrl: hint: Run this as the user of raled: cluster.db is for that one alone.
            """
                .formatted(node.clusterDb()));
  }
}
