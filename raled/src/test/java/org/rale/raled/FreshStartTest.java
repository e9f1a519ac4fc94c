package org.rale.raled;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.io.StringReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.SplittableRandom;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.rale.bytes.Bytes;
import org.rale.clusterdb.BackupFile;
import org.rale.clusterdb.Batch;
import org.rale.clusterdb.ClusterDb;
import org.rale.clusterdb.ClusterDbFile;
import org.rale.clusterdb.DiskTask;
import org.rale.clusterdb.FileStorage;
import org.rale.clusterdb.Survey;
import org.rale.dstore.DStore;
import org.rale.dstore.Origin;
import org.rale.dstore.StoreCodec;
import org.rale.dstore.StoreCommand;
import org.rale.raft.Entry;
import org.rale.raft.HardState;
import org.rale.raft.Member;
import org.rale.raft.Membership;
import org.rale.raft.Payload;
import org.rale.raft.SnapshotMeta;
import org.rale.wire.Identity;

/** --restore and --force-new-cluster, up to the node that they give its file. */
class FreshStartTest {
  private static final long OLD = 0x0c1c2c3c4c5c6c7cL;
  private static final String OLD_ID = "0c1c2c3c4c5c6c7c";

  @TempDir Path dir;
  private final ByteArrayOutputStream out = new ByteArrayOutputStream();
  private final ByteArrayOutputStream err = new ByteArrayOutputStream();
  private Path data;
  private Path config;

  @BeforeEach
  void configure() throws Exception {
    data = dir.resolve("data");
    config = dir.resolve("n.conf");
    configure("");
  }

  private void configure(String more) throws Exception {
    Files.writeString(
        config,
        """
        node_id = 1
        node_name = one
        rale_port = 7400
        dstore_port = 7401
        path = %1$s/data
        log_directory = %1$s/log
        socket_path = %1$s/s
        """
                .formatted(dir)
            + more);
  }

  @AfterEach
  void forgetTheHandler() {
    Thread.setDefaultUncaughtExceptionHandler(null);
  }

  /**
   * @param typed what somebody types; null: nobody sits there
   */
  private int run(String typed, String... options) {
    err.reset();
    out.reset();
    List<String> args =
        new ArrayList<>(List.of("-c", config.toString(), "-p", dir.resolve("p") + ""));
    args.addAll(List.of(options));
    BufferedReader terminal = typed == null ? null : new BufferedReader(new StringReader(typed));
    return new Main(
            Map.of(),
            new ConfigSearch(List.of()),
            loaded -> {
              FakeNode node = new FakeNode(loaded);
              node.end(ExitCode.OK);
              return node;
            },
            terminal,
            new PrintStream(out, true, StandardCharsets.UTF_8),
            new PrintStream(err, true, StandardCharsets.UTF_8))
        .run(args.toArray(String[]::new));
  }

  private String err() {
    return err.toString(StandardCharsets.UTF_8);
  }

  private boolean started() {
    return out.toString(StandardCharsets.UTF_8).equals("raled: node 1 ready (fake)\n");
  }

  private static Member member(int id, boolean voter) {
    return new Member(id, "node" + id, "10.0.0." + id, 7400, 7401, 90 + id, voter);
  }

  /** The file of node 1 of three, with one key at revision 2. */
  private void aNodeOfThree() throws Exception {
    Membership three =
        new Membership(
            List.of(member(1, true), member(2, true), member(3, false), member(4, true)));
    StoreCommand put = new StoreCommand.Put(Origin.NONE, Bytes.utf8("k"), Bytes.utf8("v"));
    try (FileStorage storage = FileStorage.open(data);
        ClusterDb db = ClusterDb.open(storage, 1, new SplittableRandom(1)).db()) {
      List<Entry> entries =
          List.of(
              new Entry(1, 1, new Payload.Members(three)),
              new Entry(2, 3, new Payload.Command(StoreCodec.encode(put))));
      db.perform(new DiskTask.Join(0, OLD, new Batch(new HardState(4, 2), entries, 0)));
    }
  }

  private Path backup() throws Exception {
    DStore table = new DStore();
    table.apply(
        9, StoreCodec.encode(new StoreCommand.Put(Origin.NONE, Bytes.utf8("k"), Bytes.utf8("v"))));
    Path path = dir.resolve("backup");
    SnapshotMeta meta = new SnapshotMeta(9, 3, new Membership(List.of(member(2, true))));
    try (BackupFile file = BackupFile.begin(path, false, OLD, meta, 4, 5)) {
      table.freeze().pieces(100).forEachRemaining(piece -> write(file, piece));
      file.finish();
    }
    return path;
  }

  private static void write(BackupFile file, Bytes piece) {
    try {
      file.write(piece);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private byte[] bytes() throws Exception {
    return Files.readAllBytes(data.resolve("cluster.db"));
  }

  /** What the file holds, and that it is of a new cluster of this node. */
  private Survey.Held newCluster() throws Exception {
    try (ClusterDbFile file = ClusterDbFile.open(data.resolve("cluster.db"))) {
      Identity identity = file.identity();
      assertThat(identity.nodeId()).isEqualTo(1);
      assertThat(identity.clusterId()).isNotIn(0L, OLD);
      Survey.Held held = file.survey(true).held();
      assertThat(held.membership().members())
          .containsExactly(
              new Member(1, "one", "127.0.0.1", 7400, 7401, identity.incarnation(), true));
      assertThat(err()).contains("node 1 is cluster %016x now".formatted(identity.clusterId()));
      return held;
    }
  }

  @Test
  void forcedWhereTheIdIsTyped() throws Exception {
    aNodeOfThree();
    assertThat(run(OLD_ID.toUpperCase(Locale.ROOT) + " \n", "--force-new-cluster")).isZero();
    assertThat(started()).isTrue();
    assertThat(err())
        .contains("cluster     " + OLD_ID)
        .contains(
            "1:node1:10.0.0.1:7400:7401, 2:node2:10.0.0.2:7400:7401,"
                + " 3:node3:10.0.0.3:7400:7401 (learner), 4:node4")
        .contains("index 2 of term 3, and no key has a later revision; the highest term is 4")
        .contains("table       1 keys", "loses every change behind index 2");
    assertThat(newCluster().hardState()).isEqualTo(new HardState(5, 0));
    assertThat(run(null)).as("a later start").isZero();
    assertThat(started()).isTrue();
  }

  @Test
  void notForcedWhereSomethingElseIsTyped() throws Exception {
    aNodeOfThree();
    byte[] before = bytes();
    for (String typed : new String[] {"", "\n", "yes\n", "0c1c2c3c4c5c6c7d\n"}) {
      assertThat(run(typed, "--force-new-cluster")).isEqualTo(ExitCode.USAGE);
      assertThat(err()).endsWith("that is not the id of the cluster. Nothing was changed.\n");
      assertThat(started()).isFalse();
      assertThat(bytes()).isEqualTo(before);
    }
  }

  @Test
  void withoutATerminalAConfirmationIsNeeded() throws Exception {
    aNodeOfThree();
    byte[] before = bytes();
    assertThat(run(null, "--force-new-cluster")).isEqualTo(ExitCode.USAGE);
    assertThat(err())
        .contains("loses every change behind index 2", "there is no terminal to ask on")
        .contains("Give --confirm " + OLD_ID);
    assertThat(bytes()).isEqualTo(before);
    assertThat(run(null, "--force-new-cluster", "--confirm", OLD_ID)).isZero();
    assertThat(started()).isTrue();
    assertThat(newCluster().lastIndex()).isEqualTo(2);
  }

  @Test
  void leftInAUnitFileItIsNotDoneAgain() throws Exception {
    aNodeOfThree();
    assertThat(run(null, "--force-new-cluster", "--confirm", OLD_ID)).isZero();
    byte[] once = bytes();
    assertThat(run(null, "--force-new-cluster", "--confirm", OLD_ID)).isEqualTo(ExitCode.USAGE);
    assertThat(err())
        .contains("node 1 is the only voting member of its cluster")
        .contains("where that was done before, take the option out");
    assertThat(started()).isFalse();
    assertThat(bytes()).isEqualTo(once);
  }

  @Test
  void aConfirmationOfAnotherClusterIsRefused() throws Exception {
    aNodeOfThree();
    byte[] before = bytes();
    assertThat(run(null, "--force-new-cluster", "--confirm", "0000000000000001"))
        .isEqualTo(ExitCode.USAGE);
    assertThat(err())
        .contains("--confirm names cluster 0000000000000001", "is of cluster " + OLD_ID)
        .contains("start without --force-new-cluster. Nothing was changed.");
    assertThat(bytes()).isEqualTo(before);
  }

  @Test
  void aDirectoryInUseOrDamagedIsLeftAsItIs() throws Exception {
    aNodeOfThree();
    try (FileStorage held = FileStorage.open(data)) {
      assertThat(held.exists("cluster.db")).isTrue();
      assertThat(run(null, "--force-new-cluster", "--confirm", OLD_ID)).isEqualTo(ExitCode.FAILED);
      assertThat(err()).contains("is in use");
    }
    byte[] damaged = bytes();
    damaged[4096 + 30] ^= 4;
    Files.write(data.resolve("cluster.db"), damaged);
    assertThat(run(null, "--force-new-cluster", "--confirm", OLD_ID)).isEqualTo(ExitCode.BAD_DATA);
    assertThat(err()).contains("is damaged at byte 4096");
    assertThat(bytes()).isEqualTo(damaged);
  }

  @Test
  void aBackupIsRestoredOnce() throws Exception {
    String backup = backup().toString();
    assertThat(run(null, "--restore", backup)).isZero();
    assertThat(started()).isTrue();
    Survey.Held held = newCluster();
    assertThat(held.lastIndex()).isEqualTo(9);
    assertThat(held.hardState()).isEqualTo(new HardState(5, 0));
    assertThat(held.table().get(Bytes.utf8("k")).revision()).isEqualTo(9);
    byte[] once = bytes();
    assertThat(run(null, "--restore", backup)).isEqualTo(ExitCode.USAGE);
    assertThat(err()).contains("there is a file \"", "start without --restore");
    assertThat(bytes()).isEqualTo(once);
    assertThat(run(null)).isZero();
  }

  @Test
  void aBackupIsRestoredByOneNodeAlone() throws Exception {
    String backup = backup().toString();
    configure("cluster_members = 1:one:127.0.0.1:7400:7401, 2:two:127.0.0.1:7410:7411\n");
    assertThat(run(null, "--restore", backup)).isEqualTo(ExitCode.USAGE);
    assertThat(err()).contains("cluster_members lists other nodes", "ADD the others");
    assertThat(data).doesNotExist();
    configure("cluster_members = 1:one:127.0.0.1:7400:7401\n");
    assertThat(run(null, "--restore", backup)).isZero();
  }

  @Test
  void whatIsNoBackupIsNotRestored() throws Exception {
    assertThat(run(null, "--restore", dir.resolve("absent") + "")).isEqualTo(ExitCode.FAILED);
    assertThat(err()).contains("could not open file", "No such file or directory");
    assertThat(run(null, "--restore", config.toString())).isEqualTo(ExitCode.BAD_DATA);
    assertThat(err()).contains("is not a cluster.db");
    assertThat(data.resolve("cluster.db")).doesNotExist();
  }
}
