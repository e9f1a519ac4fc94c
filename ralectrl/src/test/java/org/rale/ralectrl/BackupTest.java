package org.rale.ralectrl;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.rale.bytes.ByteWriter;
import org.rale.bytes.Bytes;
import org.rale.clusterdb.ClusterDbFile;
import org.rale.clusterdb.SampleFiles;
import org.rale.command.Form;
import org.rale.command.ReplyRenderer;
import org.rale.dstore.DStore;
import org.rale.dstore.ImageChecksum;
import org.rale.dstore.Origin;
import org.rale.dstore.StoreCodec;
import org.rale.dstore.StoreCommand;
import org.rale.raft.Member;
import org.rale.raft.Membership;
import org.rale.raft.SnapshotMeta;
import org.rale.request.Response;
import org.rale.wire.EntryCodec;

/** BACKUP of servers that are well, break off, or garble what they send; DB on what it writes. */
class BackupTest {
  private static final int KEYS = 40;
  private static final SnapshotMeta META =
      new SnapshotMeta(
          KEYS, 3, new Membership(List.of(new Member(2, "two", "::1", 7400, 7401, 99, true))));
  private static final String OK = "/backup: 40 keys of cluster 0000000000000abc as of index 40, ";

  @TempDir Path directory;
  private Path file;
  private DStore table;
  private final List<String> pieces = new ArrayList<>();

  @BeforeEach
  void aTable() throws Exception {
    file = directory.resolve("backup");
    table = new DStore();
    for (int index = 1; index <= KEYS; index++) {
      Bytes value = Bytes.utf8("v".repeat(index * 1_000));
      table.apply(
          index,
          StoreCodec.encode(new StoreCommand.Put(Origin.NONE, Bytes.utf8("k" + index), value)));
    }
    ImageChecksum checksum = new ImageChecksum();
    var image = table.freeze().pieces(100_000);
    while (image.hasNext()) {
      Bytes piece = image.next();
      checksum.add(piece);
      pieces.add(
          line(new Response.BackupPart(pieces.size(), !image.hasNext(), checksum.value(), piece)));
    }
    assertThat(pieces).hasSizeGreaterThan(8);
  }

  private static String line(Response response) {
    return new String(
            ReplyRenderer.render(new Form.Json(null, null), response), StandardCharsets.UTF_8)
        + "\n";
  }

  private String begun() {
    ByteWriter meta = new ByteWriter();
    EntryCodec.writeSnapshotMeta(meta, META);
    return line(
        new Response.BackupBegun(7, 0xabc, KEYS, 4, KEYS, table.liveBytes(), meta.toBytes()));
  }

  /** Gives what is asked for, up to the end of the connection. */
  private FakeServer.Conduct giving() {
    return givingUpTo(Integer.MAX_VALUE);
  }

  /** Reads so many requests, and breaks off instead of the answer to the last one. */
  private FakeServer.Conduct givingUpTo(int requests) {
    return peer -> {
      int number = 0;
      for (String line = peer.read(); line != null; line = peer.read()) {
        number++;
        if (number == requests) {
          return;
        }
        peer.write(answer(line));
      }
    };
  }

  private String answer(String request) {
    if (!request.contains("backup_id")) {
      return begun();
    }
    assertThat(request).contains("\"backup_id\":7,");
    return pieces.get(Integer.parseInt(request.replaceFirst(".*\"piece\":([0-9]+).*", "$1")));
  }

  private Program.Run backup(FakeServer server, String... more) {
    return backup(new Program(), server.address(), more);
  }

  private Program.Run backup(Program program, String servers, String... more) {
    List<String> words = new ArrayList<>(List.of("BACKUP", "-s", servers, file.toString()));
    words.addAll(List.of(more));
    return program.run(words.toArray(String[]::new));
  }

  private void assertWhole(Program.Run run) throws Exception {
    assertThat(run.exit()).as(run.err()).isZero();
    assertThat(run.out()).isEqualTo(directory + OK + Files.size(file) + " bytes\n");
    try (ClusterDbFile opened = ClusterDbFile.open(file)) {
      var held = opened.survey(true).held();
      assertThat(held.table().stateHash()).isEqualTo(table.stateHash());
      assertThat(held.snapshot()).isEqualTo(META);
      assertThat(held.hardState().term()).isEqualTo(4);
    }
    assertThat(directory.toFile().list()).containsExactly("backup");
  }

  private void assertNothing(Program.Run run, int exit, String error) {
    assertThat(run.exit()).isEqualTo(exit);
    assertThat(run.err()).contains(error);
    assertThat(run.out()).isEmpty();
    assertThat(directory).isEmptyDirectory();
  }

  @Test
  void itIsFetchedOverOneConnection() throws Exception {
    // Any further connection would be left without an answer.
    try (FakeServer server = FakeServer.tcp(giving(), FakeServer.silent())) {
      Program.Run run = backup(server);
      assertWhole(run);
      assertThat(run.err()).isEmpty();
      assertThat(server.requests()).hasSize(pieces.size() + 1);
      assertThat(server.requests().get(0)).startsWith("{\"command\":\"BACKUP\",\"timeout_ms\":");
    }
  }

  @Test
  void asJsonAndLocal() throws Exception {
    try (FakeServer server = FakeServer.tcp(giving())) {
      Program.Run run = backup(server, "--local", "-o", "json");
      assertThat(run.out())
          .isEqualTo(
              "{\"status\":\"ok\",\"file\":\"%s\",\"size\":%d,\"cluster_id\":\"0000000000000abc\",\"index\":40,\"keys\":40}\n"
                  .formatted(file, Files.size(file)));
      assertThat(server.requests().get(0)).startsWith("{\"command\":\"BACKUP\",\"local\":true,");
    }
  }

  @Test
  void aLostReplyIsAskedForAgain() throws Exception {
    try (FakeServer server = FakeServer.tcp(givingUpTo(4), givingUpTo(3), giving())) {
      assertWhole(backup(server));
      assertThat(server.requests()).filteredOn(line -> line.contains("\"piece\":2,")).hasSize(2);
      assertThat(server.requests()).filteredOn(line -> line.contains("\"piece\":4,")).hasSize(2);
      assertThat(server.requests()).hasSize(pieces.size() + 3);
    }
  }

  @Test
  void aServerThatBreaksOffAgainAndAgainIsLeft() throws Exception {
    try (FakeServer server = FakeServer.tcp(givingUpTo(3), givingUpTo(1))) {
      assertNothing(backup(server), 3, "no server could be reached");
    }
  }

  @Test
  void theNextServerBeginsAnew() throws Exception {
    try (FakeServer full = FakeServer.tcp(FakeServer.failing("OVERLOADED", "too many"));
        FakeServer dying = FakeServer.tcp(givingUpTo(3), givingUpTo(1));
        FakeServer server = FakeServer.tcp(giving())) {
      String all =
          String.join(
              ",", FakeServer.closedAddress(), full.address(), dying.address(), server.address());
      Program.Run run = backup(new Program(), all);
      assertWhole(run);
      assertThat(run.err())
          .contains("warning: " + full.address() + ": too many\n")
          .contains("warning: " + dying.address() + ": no server could be reached\n");
    }
  }

  @Test
  void aPieceThatCameDamagedEndsIt() throws Exception {
    String piece = pieces.get(3);
    int at = piece.indexOf("data_base64") + 500;
    char other = piece.charAt(at) == 'A' ? 'B' : 'A';
    pieces.set(3, piece.substring(0, at) + other + piece.substring(at + 1));
    try (FakeServer server = FakeServer.tcp(giving())) {
      assertNothing(backup(server), 1, "error: piece 3 of the backup came damaged\n");
    }
  }

  @Test
  void whatTheServerDoesNotKnowAnyMoreEndsIt() throws Exception {
    pieces.set(
        3, "{\"status\":\"error\",\"code\":\"BAD_REQUEST\",\"message\":\"has no backup 7\"}\n");
    try (FakeServer server = FakeServer.tcp(giving())) {
      assertNothing(backup(server), 1, "error: has no backup 7\n");
    }
    pieces.set(3, pieces.get(4));
    try (FakeServer server = FakeServer.tcp(giving())) {
      assertNothing(backup(server), 1, "not understood: another piece than number 3\n");
    }
  }

  @Test
  void aFileOfTheNameIsReplacedOnlyIfThatIsSaid() throws Exception {
    Files.writeString(file, "mine");
    try (FakeServer server = FakeServer.tcp(giving())) {
      backup(server)
          .failed(
              1,
              """
              ralectrl: error: could not create file "%s": It exists already
              ralectrl: hint: Name another file, or replace it with --force.
              """
                  .formatted(file));
      assertThat(server.requests()).isEmpty();
      assertThat(file).hasContent("mine");
      assertWhole(backup(server, "--force"));
    }
  }

  @Test
  void theFileOfANodeIsNotReplaced() throws Exception {
    byte[] node = SampleFiles.whole();
    Files.write(file, node);
    try (FakeServer server = FakeServer.tcp(giving())) {
      backup(server, "--force")
          .failed(
              1,
              """
              ralectrl: error: file "%s" is the cluster.db of a node, and is not replaced by a backup
              ralectrl: hint: Name another file.
              """
                  .formatted(file));
      assertThat(server.requests()).isEmpty();
    }
    assertThat(file).hasBinaryContent(node);
  }

  @Test
  void aDamagedBackupIsNotSaidToBeOfUse() throws Exception {
    try (FakeServer server = FakeServer.tcp(giving())) {
      assertWhole(backup(server));
    }
    byte[] bytes = Files.readAllBytes(file);
    bytes[bytes.length / 2]++;
    Files.write(file, bytes);
    Program.Run check = new Program().run("DB", "check", file.toString());
    assertThat(check.exit()).isEqualTo(7);
    assertThat(check.out()).contains("backup          yes, and not to be used\n");
  }

  @Test
  void howFarItIsIsShownOnATerminalAlone() throws Exception {
    try (FakeServer server = FakeServer.tcp(giving())) {
      Program.Run run = backup(new Program().onTerminal(), server.address());
      assertWhole(run);
      assertThat(run.err())
          .startsWith("\r\033[K[" + "-".repeat(30) + "]  0%, 0.0 of about 0.8 MiB\r\033[K")
          .endsWith("\r\033[K");
    }
  }

  @Test
  void dbSaysThatItIsABackup() throws Exception {
    try (FakeServer server = FakeServer.tcp(giving())) {
      assertWhole(backup(server));
    }
    String note =
        "ralectrl: note: this is a backup of cluster 0000000000000abc, and no node's file\n";
    Program.Run check = new Program().run("DB", "check", file.toString());
    assertThat(check.exit()).isZero();
    assertThat(check.out())
        .startsWith("verdict         sound\n")
        .contains("cluster id      0000000000000abc\n")
        .contains("backup          yes: raled --restore starts a new cluster with it\n")
        .contains("snapshot        index 40, term 3, 40 keys")
        .contains("  member        2:two:[::1]:7400:7401\n")
        .doesNotContain("node id", "incarnation");
    assertThat(new Program().run("DB", "check", "-o", "json", file.toString()).out())
        .contains("\"backup\":true");
    Program.Run keys = new Program().run("DB", "keys", file.toString());
    assertThat(keys.out().lines()).hasSize(KEYS + 1);
    assertThat(keys.err()).isEqualTo(note);
    Program.Run dump = new Program().run("DB", "dump", file.toString());
    assertThat(dump.exit()).isZero();
    assertThat(dump.err()).isEqualTo(note);

    byte[] bytes = Files.readAllBytes(file);
    bytes[9_000] ^= 1;
    Files.write(file, bytes);
    for (String word : List.of("check", "dump", "keys")) {
      Program.Run damaged = new Program().run("DB", word, file.toString());
      assertThat(damaged.exit()).isEqualTo(7);
      assertThat(damaged.err()).contains("hint: It is a backup: use another one");
    }
  }

  @Test
  void oneFileIsNamed() throws IOException {
    for (String[] words : new String[][] {{"BACKUP"}, {"BACKUP", "a", "b"}}) {
      assertThat(new Program().run(words).exit()).isEqualTo(2);
    }
  }
}
