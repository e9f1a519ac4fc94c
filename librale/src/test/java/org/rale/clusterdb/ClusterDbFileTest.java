package org.rale.clusterdb;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.rale.clusterdb.Samples.NODE;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.rale.bytes.Bytes;
import org.rale.clusterdb.ClusterDbException.Kind;
import org.rale.dstore.Origin;
import org.rale.dstore.StoreCodec;
import org.rale.dstore.StoreCommand;
import org.rale.raft.Entry;
import org.rale.raft.HardState;
import org.rale.raft.Payload;

/** A tool's view of a file is that of a start, and leaves no trace. */
final class ClusterDbFileTest {
  private static final DiskTask[] LOG = {
    Samples.join(), Samples.write(2, 12, 1), Samples.vote(2, 3), Samples.write(11, 16, 2)
  };

  @TempDir private Path temp;

  private static byte[] image(DiskTask... tasks) throws Exception {
    VirtualStorage storage = new VirtualStorage(new Random(1));
    ClusterDb db = ClusterDb.open(storage, NODE, new Random(2)).db();
    for (DiskTask task : tasks) {
      db.perform(task);
      while (db.compacting()) {
        db.step();
      }
    }
    return storage.bytes(Layout.FILE);
  }

  private static DiskTask[] plus(DiskTask... more) {
    DiskTask[] all = Arrays.copyOf(LOG, LOG.length + more.length);
    System.arraycopy(more, 0, all, LOG.length, more.length);
    return all;
  }

  /** A file of which each read may show another state; whoever writes to it fails. */
  private static final class Glimpses implements Storage.StorageFile {
    private final List<byte[]> images;
    private int reads;

    Glimpses(byte[]... images) {
      this.images = List.of(images);
    }

    @Override
    public long size() {
      return images.get(images.size() - 1).length;
    }

    @Override
    public int read(long position, ByteBuffer target) {
      byte[] image = images.get(Math.min(reads++, images.size() - 1));
      int length = (int) Math.min(target.remaining(), image.length - position);
      target.put(image, (int) position, length);
      return length;
    }

    @Override
    public void write(long position, ByteBuffer source) {
      throw new AssertionError("a write");
    }

    @Override
    public void truncate(long size) {
      throw new AssertionError("a truncation");
    }

    @Override
    public void sync() {
      throw new AssertionError("a sync");
    }

    @Override
    public void close() {}
  }

  private static Survey survey(byte[]... images) throws Exception {
    try (ClusterDbFile file = ClusterDbFile.open(new Glimpses(images), "virtual/cluster.db")) {
      return file.survey(/* applyLog= */ false);
    }
  }

  /** The verdict on the bytes must be that of a start. */
  private static void agrees(byte[] bytes) throws Exception {
    VirtualStorage storage = new VirtualStorage(new Random(1));
    storage.put(Layout.FILE, bytes);
    ClusterDbException damage;
    Survey survey = null;
    try {
      survey = survey(bytes);
      damage = survey.damage();
    } catch (ClusterDbException e) {
      damage = e;
    }
    Recovered recovered;
    try {
      recovered = ClusterDb.open(storage, NODE, new Random(3)).recovered();
    } catch (ClusterDbException e) {
      assertThat(damage).isNotNull();
      assertThat(damage.getMessage()).isEqualTo(e.getMessage());
      assertThat(damage.detail()).isEqualTo(e.detail());
      assertThat(damage.kind()).isEqualTo(e.kind());
      assertThat(damage.offset()).isEqualTo(e.offset());
      return;
    }
    assertThat(damage).isNull();
    assertThat(survey.reach().cutBytes()).isEqualTo(recovered.cutBytes());
    Survey.Held held = survey.held();
    assertThat(held.entries()).isEqualTo(recovered.entries());
    assertThat(held.hardState()).isEqualTo(recovered.hardState());
    assertThat(held.snapshot()).isEqualTo(recovered.snapshot());
    assertThat(held.table().stateHash()).isEqualTo(recovered.store().stateHash());
  }

  @Test
  @DisplayName("S-05 each byte flipped, each cut: the verdict is that of a start")
  void S_05_theVerdictIsThatOfAStart() throws Exception {
    byte[] image = image(plus(Samples.compact(9, 1, 3, 40)));
    byte[] log = image(LOG);
    for (byte[] whole : List.of(image, log)) {
      int end = (int) survey(whole).reach().end();
      assertThat(end).isGreaterThan(Layout.HEADER_BYTES + 300);
      for (int at = 0; at < Math.min(whole.length, end + 64); at++) {
        byte[] flipped = whole.clone();
        flipped[at] ^= (byte) (1 << at % 8);
        agrees(flipped);
        if (at == 0 || at >= Layout.HEADER_BYTES) {
          agrees(Arrays.copyOf(whole, at));
        }
      }
      agrees(whole);
    }
  }

  @Test
  void whatASoundFileHolds() throws Exception {
    byte[] image = image(LOG);
    try (ClusterDbFile file = ClusterDbFile.open(new Glimpses(image), "f")) {
      assertThat(file.identity().nodeId()).isEqualTo(NODE);
      assertThat(file.identity().clusterId()).isEqualTo(Samples.CLUSTER);
      assertThat(file.formatVersion()).isEqualTo(3);
      assertThat(file.size()).isEqualTo(image.length);
      Survey survey = file.survey(/* applyLog= */ false);
      assertThat(survey.damage()).isNull();
      // The snapshot and the founding are one file from the start; three batches were appended.
      assertThat(survey.reach().batches()).isEqualTo(5);
      assertThat(survey.reach().bytes()).isEqualTo(survey.reach().end() - Layout.HEADER_BYTES);
      Survey.Held held = survey.held();
      assertThat(held.hardState()).isEqualTo(new HardState(2, 3));
      assertThat(held.lastIndex()).isEqualTo(16);
      assertThat(held.membership()).isEqualTo(Samples.MEMBERS);
      assertThat(held.membershipIndex()).isEqualTo(16);
    }
  }

  @Test
  void theMembershipIsThatOfTheSnapshotWhereTheLogHasNone() throws Exception {
    Survey survey = survey(image(plus(Samples.install(21, 3, 5, 10), Samples.write(22, 25, 4))));
    assertThat(survey.held().membershipIndex()).isEqualTo(21);
    assertThat(survey.held().membership()).isEqualTo(Samples.MEMBERS);
    assertThat(survey.held().snapshotKeys()).isEqualTo(5);
    assertThat(survey.held().snapshotBytes()).isEqualTo(Samples.store(21, 5, 10).liveBytes());
  }

  @Test
  void theLogIsAppliedToTheTableWhereThatIsAskedFor() throws Exception {
    Entry put = command(1, new StoreCommand.Put(Origin.NONE, Bytes.utf8("a"), Bytes.utf8("x")));
    Entry second = command(2, new StoreCommand.Put(Origin.NONE, Bytes.utf8("b"), Bytes.utf8("y")));
    Entry delete = command(3, new StoreCommand.Delete(Origin.NONE, Bytes.utf8("a")));
    byte[] image =
        image(
            new DiskTask.Write(0, new Batch(new HardState(1, 1), List.of(put, second, delete), 0)));
    try (ClusterDbFile file = ClusterDbFile.open(new Glimpses(image), "f")) {
      Survey.Held held = file.survey(/* applyLog= */ true).held();
      assertThat(held.snapshotKeys()).isZero();
      assertThat(held.table().keys(Bytes.EMPTY, 9)).containsExactly(Bytes.utf8("b"));
    }
    Entry odd = new Entry(2, 1, new Payload.Command(Bytes.wrap(new byte[] {1, 99})));
    byte[] unknown =
        image(
            new DiskTask.Write(
                0, new Batch(null, List.of(new Entry(1, 1, new Payload.Empty()), odd), 0)));
    try (ClusterDbFile file = ClusterDbFile.open(new Glimpses(unknown), "f")) {
      ClusterDbException damage = file.survey(/* applyLog= */ true).damage();
      assertThat(damage.kind()).isEqualTo(Kind.DAMAGED);
      assertThat(damage.detail()).contains("entry 2 holds ").contains("the node stops when");
      assertThat(damage.offset()).isGreaterThan(Layout.HEADER_BYTES);
    }
  }

  private static Entry command(long index, StoreCommand command) {
    return new Entry(index, 1, new Payload.Command(StoreCodec.encode(command)));
  }

  @Test
  void recordsComeOneByOneAndEndAtTheDamage() throws Exception {
    byte[] image = image(plus(Samples.compact(9, 1, 3, 40), Samples.write(15, 18, 2)));
    List<FileRecord> records = new ArrayList<>();
    Survey.Reach reach;
    try (ClusterDbFile file = ClusterDbFile.open(new Glimpses(image), "f")) {
      reach = file.records(records::add);
    }
    assertThat(reach).isEqualTo(survey(image).reach());
    assertThat(records.get(0)).isInstanceOf(FileRecord.Snapshot.class);
    assertThat(records.get(0).offset()).isEqualTo(Layout.HEADER_BYTES);
    assertThat(records.get(1))
        .isEqualTo(new FileRecord.TermAndVote(records.get(1).offset(), 1, new HardState(2, 3)));
    assertThat(records.get(2)).isInstanceOf(FileRecord.Piece.class);
    assertThat(
            records.stream()
                .filter(FileRecord.LogEntry.class::isInstance)
                .map(record -> ((FileRecord.LogEntry) record).entry().index()))
        .containsExactly(10L, 11L, 12L, 13L, 14L, 15L, 16L, 15L, 16L, 17L, 18L);
    FileRecord last = records.get(records.size() - 1);
    assertThat(last.batch()).isEqualTo(reach.batches());

    byte[] damaged = image.clone();
    FileRecord third = records.get(records.size() - 5);
    damaged[(int) third.offset() + 30] ^= 1;
    List<FileRecord> readable = new ArrayList<>();
    try (ClusterDbFile file = ClusterDbFile.open(new Glimpses(damaged), "f")) {
      assertThatThrownBy(() -> file.records(readable::add))
          .isInstanceOfSatisfying(
              ClusterDbException.class, e -> assertThat(e.offset()).isEqualTo(third.offset()));
    }
    assertThat(readable).isEqualTo(records.subList(0, records.size() - 5));
  }

  /** A batch that reached over the reading buffer, and the next one, while they were written. */
  private static final class Growing {
    final byte[] half;
    final byte[] whole;
    final int begin;

    Growing(byte[] half, byte[] whole, int begin) {
      this.half = half;
      this.whole = whole;
      this.begin = begin;
    }

    static Growing make() throws Exception {
      int begin = (int) survey(image(LOG)).reach().end();
      byte[] whole = image(plus(Samples.large(17, 4, 2, 700_000), Samples.vote(9, 1)));
      byte[] half = Arrays.copyOf(Arrays.copyOf(whole, begin + 100_000), whole.length);
      return new Growing(half, whole, begin);
    }
  }

  @Test
  @DisplayName("a batch that was half written when it was read, and whole when the next one began")
  void aTailThatIsBeingWrittenIsNoDamage() throws Exception {
    Growing growing = Growing.make();
    // Twice the header, then the first megabyte: all else comes later.
    byte[][] glimpses = {growing.half, growing.half, growing.half, growing.whole};
    Survey survey = survey(glimpses);
    assertThat(survey.damage()).isNull();
    assertThat(survey.reach()).isEqualTo(survey(growing.whole).reach());
    assertThat(survey.held().entries()).isEqualTo(survey(growing.whole).held().entries());
    assertThat(survey.held().hardState()).isEqualTo(new HardState(9, 1));

    List<FileRecord> records = new ArrayList<>();
    try (ClusterDbFile file = ClusterDbFile.open(new Glimpses(glimpses), "f")) {
      file.records(records::add);
    }
    assertThat(records)
        .filteredOn(FileRecord.LogEntry.class::isInstance)
        .extracting(record -> ((FileRecord.LogEntry) record).entry())
        .endsWith(survey.held().entries().get(18), survey.held().entries().get(19));
  }

  @Test
  @DisplayName("records of a batch that is read again are taken back")
  void recordsThatAreReadAgainAreTakenBack() throws Exception {
    Growing growing = Growing.make();
    // The first of the entries is whole, and the second one is not.
    byte[] half =
        Arrays.copyOf(Arrays.copyOf(growing.whole, growing.begin + 800_000), growing.whole.length);
    List<FileRecord> records = new ArrayList<>();
    try (ClusterDbFile file =
        ClusterDbFile.open(new Glimpses(half, half, half, half, growing.whole), "f")) {
      file.records(records::add);
    }
    int again = records.indexOf(new FileRecord.Again(growing.begin, 6));
    assertThat(again).isPositive();
    assertThat(records.get(again + 1)).isEqualTo(records.get(again - 1));
    assertThat(records.subList(again + 1, records.size())).hasSize(5);
  }

  @Test
  void whatIsBadAtTheSecondReadingIsDamage() throws Exception {
    Growing growing = Growing.make();
    byte[] bad = growing.whole.clone();
    bad[growing.begin + 900_000] ^= 1;
    Survey survey = survey(growing.half, growing.half, growing.half, bad);
    assertThat(survey.damage()).isNotNull();
    assertThat(survey.damage().getMessage()).isEqualTo(survey(bad).damage().getMessage());
    assertThat(survey.reach().end()).isEqualTo(growing.begin);
  }

  @Test
  void whatNeverWasAClusterDb() {
    for (String text : List.of("hello\n", "x", "HALLELUJA ".repeat(1000), "\0".repeat(9000))) {
      Glimpses file = new Glimpses(text.getBytes(StandardCharsets.ISO_8859_1));
      assertThatThrownBy(() -> ClusterDbFile.open(file, "notes.txt"))
          .isInstanceOfSatisfying(
              ClusterDbException.class,
              e -> {
                assertThat(e.kind()).isEqualTo(Kind.NOT_OURS);
                assertThat(e).hasMessage("file \"notes.txt\" is not a cluster.db");
                assertThat(e.file()).isEqualTo("notes.txt");
                assertThat(e.hint()).contains("raled refuses it as damaged");
              });
    }
  }

  @Test
  void whoseFileItIsIsNotKnownWhereTheHeaderIsDamaged() {
    assertThatThrownBy(() -> survey(new byte[0]))
        .isInstanceOfSatisfying(
            ClusterDbException.class,
            e -> {
              assertThat(e.kind()).isEqualTo(Kind.DAMAGED);
              assertThat(e.hint()).contains("REMOVE the node, empty its data directory");
            });
  }

  @Test
  void whatIsNoFileIsNotOpened() throws Exception {
    assertThatThrownBy(() -> ClusterDbFile.open(temp))
        .isInstanceOf(IOException.class)
        .hasMessage("could not open file \"" + temp + "\": Is a directory");
    Path missing = temp.resolve("missing");
    assertThatThrownBy(() -> ClusterDbFile.open(missing))
        .hasMessage("could not open file \"" + missing + "\": No such file or directory");
    Path pipe = temp.resolve("pipe");
    assertThat(new ProcessBuilder("mkfifo", pipe.toString()).start().waitFor()).isZero();
    assertThatThrownBy(() -> ClusterDbFile.open(pipe))
        .hasMessage("could not open file \"" + pipe + "\": Is not a file");
  }

  @Test
  @DisplayName("S-05 beside a node that writes as fast as it can, never a word of damage")
  void S_05_besideAWriter() throws Exception {
    Path file = temp.resolve(Layout.FILE);
    ExecutorService thread = Executors.newSingleThreadExecutor();
    try (FileStorage storage = FileStorage.open(temp)) {
      ClusterDb db = ClusterDb.open(storage, NODE, new Random(2)).db();
      db.perform(Samples.join());
      Future<Void> writer = thread.submit(writeTo(db));
      long last = 1;
      int surveys = 0;
      while (!writer.isDone() || surveys == 0) {
        try (ClusterDbFile read = ClusterDbFile.open(file)) {
          Survey survey = read.survey(/* applyLog= */ false);
          assertThat(survey.damage()).isNull();
          assertThat(survey.held().lastIndex()).isGreaterThanOrEqualTo(last);
          last = survey.held().lastIndex();
          surveys++;
        }
      }
      writer.get();
      db.close();
    } finally {
      thread.shutdown();
    }
    try (ClusterDbFile read = ClusterDbFile.open(file)) {
      assertThat(read.survey(/* applyLog= */ false).held().lastIndex()).isEqualTo(301);
    }
  }

  private static Callable<Void> writeTo(ClusterDb db) {
    return () -> {
      for (long index = 2; index <= 301; index++) {
        db.perform(Samples.large(index, 1, 1, (int) (index * 997 % 60_000)));
        if (index % 100 == 0) {
          db.perform(Samples.compact(index, 1, 20, 1000));
          while (db.compacting()) {
            db.step();
          }
        }
      }
      return null;
    };
  }
}
