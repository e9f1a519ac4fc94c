package org.rale.ralectrl;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.rale.clusterdb.SampleFiles;

/** DB on files that are whole, torn, damaged, or something else. */
class DbTest {
  private static final FileTime LONG_AGO = FileTime.fromMillis(1_000_000_000_000L);
  private static final String UNCOMMITTED =
      "ralectrl: note: the file does not say which of the entries 7 to 8 are committed: what has a"
          + " revision above 6 is theirs, and they may have deleted keys. --snapshot shows the"
          + " table as of index 4\n";

  @TempDir private Path directory;

  /** What stood in the files that were made here. */
  private final List<byte[]> made = new ArrayList<>();

  private Path file(byte[] bytes) throws IOException {
    Path file = directory.resolve("cluster.db");
    Files.write(file, bytes);
    Files.setLastModifiedTime(file, LONG_AGO);
    made.add(bytes);
    return file;
  }

  @AfterEach
  void nothingIsWritten() throws IOException {
    if (!made.isEmpty()) {
      Path file = directory.resolve("cluster.db");
      assertThat(Files.readAllBytes(file)).isEqualTo(made.get(made.size() - 1));
      assertThat(Files.getLastModifiedTime(file)).isEqualTo(LONG_AGO);
      assertThat(directory.resolve("cluster.lock")).doesNotExist();
    }
  }

  private Program.Run db(String words, Path file) {
    List<String> arguments = new ArrayList<>(List.of("DB"));
    arguments.addAll(List.of(words.split(" ")));
    arguments.add(file.toString());
    return new Program().run(arguments.toArray(String[]::new));
  }

  private static String expected(String name, Path file) throws IOException {
    try (InputStream in = DbTest.class.getResourceAsStream("db/" + name)) {
      assertThat(in).as(name).isNotNull();
      return new String(in.readAllBytes(), StandardCharsets.UTF_8)
          .replace("$FILE", file.toString());
    }
  }

  @ParameterizedTest
  @CsvSource({
    "check,check.txt",
    "CHECK --output json,check.json",
    "dump,dump.txt",
    "dump --values,dump-values.txt",
    "dump -o json --values,dump-values.json",
    "keys --snapshot --values,keys-snapshot.txt",
  })
  void ofAWholeFile(String words, String golden) throws Exception {
    Path file = file(SampleFiles.whole());
    db(words, file).printed(expected(golden, file));
  }

  @ParameterizedTest
  @CsvSource({
    "keys,keys.txt",
    "Keys --values,keys-values.txt",
    "keys --values -o json,keys-values.json",
  })
  void keysSayWhatMayNotBeCommitted(String words, String golden) throws Exception {
    Path file = file(SampleFiles.whole());
    Program.Run run = db(words, file);
    assertThat(run.out()).isEqualTo(expected(golden, file));
    assertThat(run.err()).isEqualTo(UNCOMMITTED);
    assertThat(run.exit()).isZero();
  }

  @Test
  void aTornTailIsSoundAndSaid() throws Exception {
    Path file = file(SampleFiles.torn(SampleFiles.log()));
    Program.Run check = db("check", file);
    assertThat(check.out())
        .startsWith("verdict         sound\n")
        .endsWith("torn tail       48 bytes: a start cuts it off\n");
    assertThat(check.exit()).isZero();
    assertThat(db("check -o json", file).out())
        .contains("\"verdict\":\"sound\"", "\"torn_bytes\":48}");
    Program.Run dump = db("dump", file);
    assertThat(dump.out())
        .endsWith(
            "The last whole batch, 3, ends at byte 4640. Behind it stand 48 bytes of a torn tail,"
                + " which a start cuts off. Records of batch 4 do not count.\n");
    assertThat(dump.exit()).isZero();
    assertThat(db("dump -o json", file).out())
        .endsWith("{\"offset\":4640,\"kind\":\"end\",\"torn_bytes\":48}\n");
  }

  @Test
  void damageInTheLog() throws Exception {
    Path file = file(SampleFiles.damagedLog(SampleFiles.whole()));
    Program.Run check = db("check", file);
    assertThat(check.exit()).isEqualTo(7);
    assertThat(check.out()).isEqualTo(expected("damaged.txt", file));
    assertThat(check.err()).isEqualTo(expected("damaged.err", file));
    Program.Run json = db("check -o json", file);
    assertThat(json.exit()).isEqualTo(7);
    assertThat(json.out()).isEqualTo(expected("damaged.json", file));
    assertThat(json.err())
        .startsWith("{\"status\":\"error\",\"code\":\"DAMAGED\",\"message\":\"file ")
        .contains("\"detail\":", "\"hint\":")
        .containsPattern("\"offset\":[0-9]+}\n$");

    Program.Run dump = db("dump", file);
    assertThat(dump.exit()).isEqualTo(7);
    assertThat(dump.err()).isEqualTo(check.err());
    assertThat(dump.out()).isEqualTo(expected("damaged-dump.txt", file));
    db("keys", file).failed(7, check.err());
  }

  static Stream<Arguments> damaged() throws Exception {
    byte[] whole = SampleFiles.whole();
    return Stream.of(
        Arguments.of("snapshot", SampleFiles.damagedSnapshot(whole), "the file was durable before"),
        Arguments.of(
            "contradiction", SampleFiles.contradiction(whole), "holds entry 90 behind entry 8."),
        Arguments.of(
            "command", SampleFiles.unknownCommand(), "a start opens the file, but entry 2 holds "),
        Arguments.of(
            "header", SampleFiles.damagedHeader(whole), "The checksum of the header is wrong."),
        Arguments.of("empty", new byte[0], "its header alone takes 4096 bytes"));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("damaged")
  void everyKindOfDamageIsSeven(String name, byte[] bytes, String detail) throws Exception {
    Path file = file(bytes);
    Program.Run check = db("check", file);
    assertThat(check.exit()).isEqualTo(7);
    assertThat(check.err())
        .startsWith("ralectrl: error: file \"" + file + "\" is damaged at byte ")
        .contains("ralectrl: detail: ", detail, "ralectrl: hint: If the cluster has other members");
    assertThat(check.out().isEmpty()).isEqualTo(name.equals("header") || name.equals("empty"));
    assertThat(db("keys", file).exit()).isEqualTo(7);
  }

  @ParameterizedTest
  @ValueSource(strings = {"check", "dump", "keys"})
  void whatIsNoClusterDbIsEight(String word) throws Exception {
    Path text = file("node_id = 1\n".getBytes(StandardCharsets.UTF_8));
    db(word, text)
        .failed(
            8,
            ("ralectrl: error: file \"%s\" is not a cluster.db\n"
                 + "ralectrl: detail: It does not begin as a cluster.db does: \"RALEDB\" was"
                 + " expected.\n"
                 + "ralectrl: hint: Give the path of cluster.db in a node's data directory, or of"
                 + " what ralectrl BACKUP wrote. If this is one, its first page is lost, and raled"
                 + " refuses it as damaged.\n")
                .formatted(text));
    Path newer = file(SampleFiles.newer(SampleFiles.log()));
    db(word, newer)
        .failed(
            8,
            """
            ralectrl: error: file "%s" has format version 4
            ralectrl: detail: This release reads versions 1 to 3.
            ralectrl: hint: Start the release that wrote the file, or a later one.
            """
                .formatted(newer));
    db(word, directory)
        .failed(
            8,
            """
            ralectrl: error: could not open file "%s": Is a directory
            ralectrl: hint: Name the file in it: %s/cluster.db.
            """
                .formatted(directory, directory));
    Path missing = directory.resolve("missing");
    db(word, missing)
        .failed(
            8,
            "ralectrl: error: could not open file \"%s\": No such file or directory\n"
                .formatted(missing));
    assertThat(db(word + " -o json", missing).err())
        .isEqualTo(
            "{\"status\":\"error\",\"code\":\"UNREADABLE\",\"message\":\"could not open file \\\"%s\\\": No such file or directory\"}\n"
                .formatted(missing));
  }

  @Test
  void aLinkIsFollowedAndSaid() throws Exception {
    Path file = file(SampleFiles.log());
    Path link = Files.createSymbolicLink(directory.resolve("link"), file);
    assertThat(db("check", link).out())
        .startsWith("verdict         sound\n")
        .contains("link            this is a symbolic link, and raled opens none\n");
    assertThat(db("check -o json", link).out()).contains("\"symbolic_link\":true");
    assertThat(db("dump", link).out()).isEqualTo(db("dump", file).out());
  }

  @Test
  void aFileThatNobodyMayWriteTo() throws Exception {
    Path file = file(SampleFiles.log());
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("r--r--r--"));
    Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString("r-xr-xr-x"));
    try {
      assertThat(db("check", file).exit()).isZero();
    } finally {
      Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString("rwx------"));
    }
  }
}
