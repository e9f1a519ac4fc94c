package org.rale.clusterdb;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.rale.clusterdb.Samples.NODE;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.zip.CRC32C;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.rale.bytes.ByteWriter;
import org.rale.bytes.Bytes;
import org.rale.clusterdb.ClusterDbException.Kind;
import org.rale.raft.Entry;
import org.rale.raft.Payload;

/** Every row of the case table, every byte of a file. */
final class RecoveryTest {
  /** A file as a run left it, and what it held before its last batch and with it. */
  private static final class Image {
    final byte[] bytes;
    final int lastBatch;
    final int end;
    final Contents before;
    final Contents after;

    Image(byte[] bytes, long lastBatch, long end, Contents before, Contents after) {
      this.bytes = bytes;
      this.lastBatch = (int) lastBatch;
      this.end = (int) end;
      this.before = before;
      this.after = after;
    }

    byte[] with(int offset, int mask) {
      byte[] changed = bytes.clone();
      changed[offset] ^= (byte) mask;
      return changed;
    }
  }

  private static Image imageOf(DiskTask... tasks) throws Exception {
    VirtualStorage storage = new VirtualStorage(new Random(1));
    ClusterDb.Opened opened = ClusterDb.open(storage, NODE, new Random(2));
    ClusterDb db = opened.db();
    Contents before = Contents.of(opened.recovered());
    Contents after = before;
    long start = 0;
    for (DiskTask task : tasks) {
      start = db.bytes();
      before = after;
      after = after.after(task);
      db.perform(task);
      while (db.compacting()) {
        db.step();
      }
    }
    return new Image(storage.bytes(Layout.FILE), start, db.bytes(), before, after);
  }

  private static Recovered open(byte[] bytes) throws Exception {
    VirtualStorage storage = new VirtualStorage(new Random(1));
    storage.put(Layout.FILE, bytes);
    ClusterDb.Opened opened = ClusterDb.open(storage, NODE, new Random(3));
    // What was opened can be gone on with: the next batch fits, and comes back.
    Contents found = Contents.of(opened.recovered());
    DiskTask next = Samples.write(found.last() + 1, found.last() + 2, 1000);
    opened.db().perform(next);
    storage.powerLoss(VirtualStorage.Survival.NOTHING);
    ClusterDb.Opened again = ClusterDb.open(storage, NODE, new Random(4));
    assertThat(Contents.of(again.recovered())).isEqualTo(found.after(next));
    assertThat(again.recovered().cutBytes()).isZero();
    return opened.recovered();
  }

  private static ClusterDbException refusal(byte[] bytes) throws Exception {
    VirtualStorage storage = new VirtualStorage(new Random(1));
    storage.put(Layout.FILE, bytes);
    storage.put(Layout.NEW_FILE, new byte[9]);
    try {
      ClusterDb.open(storage, NODE, new Random(3));
    } catch (ClusterDbException e) {
      assertThat(storage.bytes(Layout.FILE)).as("evidence is left alone").isEqualTo(bytes);
      assertThat(storage.names()).containsExactly(Layout.FILE, Layout.NEW_FILE);
      return e;
    }
    throw new AssertionError("a damaged file was opened");
  }

  private static final DiskTask[] LOG = {
    Samples.join(), Samples.write(2, 12, 1), Samples.vote(2, 3), Samples.write(11, 16, 2)
  };

  private static DiskTask[] plus(DiskTask... more) {
    DiskTask[] all = Arrays.copyOf(LOG, LOG.length + more.length);
    System.arraycopy(more, 0, all, LOG.length, more.length);
    return all;
  }

  @Test
  @DisplayName("S-05 row: good header, no bad frame: open")
  void S_05_open() throws Exception {
    Image image = imageOf(LOG);
    Recovered recovered = open(image.bytes);
    assertThat(Contents.of(recovered)).isEqualTo(image.after);
    assertThat(recovered.cutBytes()).isZero();
  }

  @Test
  @DisplayName("S-05 row: bad header: refuse, whichever byte of it is bad")
  void S_05_badHeader() throws Exception {
    Image image = imageOf(LOG);
    for (int at = 0; at < Layout.HEADER_BYTES; at++) {
      ClusterDbException refusal = refusal(image.with(at, 1 << at % 8));
      assertThat(refusal.kind()).as("byte %d", at).isEqualTo(Kind.DAMAGED);
    }
  }

  @Test
  @DisplayName("S-05 row: bad frame, nothing later behind it: every byte of the last batch flipped")
  void S_05_everyByteOfTheLastBatchFlipped() throws Exception {
    Image image = imageOf(LOG);
    for (int at = image.lastBatch; at < image.end; at++) {
      Recovered recovered = open(image.with(at, 1 << at % 8));
      assertThat(Contents.of(recovered)).as("byte %d", at).isEqualTo(image.before);
      assertThat(recovered.cutBytes()).isEqualTo(image.end - image.lastBatch);
    }
  }

  @Test
  @DisplayName("S-05 row: bad frame, nothing later behind it: the last batch cut at every byte")
  void S_05_theLastBatchCutAtEveryByte() throws Exception {
    Image image = imageOf(LOG);
    for (int at = image.lastBatch; at < image.end; at++) {
      byte[] shorter = Arrays.copyOf(image.bytes, at);
      byte[] zeroed = Arrays.copyOf(shorter, image.bytes.length);
      for (byte[] cut : List.of(shorter, zeroed)) {
        Recovered recovered = open(cut);
        // The padding of the end mark is zeros, as is what the file is grown by.
        boolean whole = Arrays.equals(cut, image.bytes);
        assertThat(Contents.of(recovered))
            .as("cut at byte %d", at)
            .isEqualTo(whole ? image.after : image.before);
        assertThat(recovered.cutBytes()).isLessThanOrEqualTo(Layout.align(at - image.lastBatch));
        assertThat(recovered.cutBytes() > 0).isEqualTo(at > image.lastBatch && !whole);
      }
    }
  }

  @Test
  @DisplayName("S-05 row: bad frame, a later batch behind it: every byte before the last batch")
  void S_05_everyByteOfAnEarlierBatchFlipped() throws Exception {
    Image image = imageOf(LOG);
    for (int at = Layout.HEADER_BYTES; at < image.lastBatch; at++) {
      ClusterDbException refusal = refusal(image.with(at, 1 << at % 8));
      assertThat(refusal.kind()).isEqualTo(Kind.DAMAGED);
      assertThat(refusal.offset()).isBetween(at - 2000L, (long) at);
    }
  }

  @Test
  @DisplayName("S-05 row: bad frame in the sealed part: no batch at all, though none is sealed")
  void S_05_noBatchAtAll() throws Exception {
    byte[] image = Arrays.copyOf(imageOf().bytes, Layout.HEADER_BYTES);
    ByteBuffer.wrap(image).putLong(40, 0);
    CRC32C crc = new CRC32C();
    crc.update(image, 0, Layout.HEADER_BYTES - 4);
    ByteBuffer.wrap(image).putInt(Layout.HEADER_BYTES - 4, (int) crc.getValue());
    ClusterDbException refusal = refusal(image);
    assertThat(refusal.kind()).isEqualTo(Kind.DAMAGED);
    assertThat(refusal.offset()).isEqualTo(Layout.HEADER_BYTES);
  }

  @Test
  @DisplayName("S-05 row: bad frame in the sealed part: refuse, though nothing is behind it")
  void S_05_sealedPartDamaged() throws Exception {
    Image image = imageOf(plus(Samples.compact(9, 1, 5, 100)));
    int end = image.end;
    for (int at = Layout.HEADER_BYTES; at < end; at++) {
      assertThat(refusal(image.with(at, 1 << at % 8)).kind()).isEqualTo(Kind.DAMAGED);
      ClusterDbException cut = refusal(Arrays.copyOf(image.bytes, at));
      assertThat(cut.detail()).contains("Up to byte " + end + " the file was durable");
    }
  }

  @Test
  void rotInTheZerosAheadIsCutAndHarmless() throws Exception {
    Image image = imageOf(LOG);
    for (int at = image.end; at < image.bytes.length; at += 613) {
      Recovered recovered = open(image.with(at, 4));
      assertThat(Contents.of(recovered)).isEqualTo(image.after);
      assertThat(recovered.cutBytes()).isPositive();
    }
    Recovered oddEnd = open(Arrays.copyOf(image.with(image.end + 10, 1), image.end + 11));
    assertThat(Contents.of(oddEnd)).isEqualTo(image.after);
    assertThat(oddEnd.cutBytes()).isEqualTo(11);
  }

  @Test
  void garbageBehindTheLastBatchIsCut() throws Exception {
    Image image = imageOf(LOG);
    Random random = new Random(5);
    for (int round = 0; round < 50; round++) {
      byte[] bytes = Arrays.copyOf(image.bytes, image.end + random.nextInt(100_000));
      byte[] garbage = new byte[bytes.length - image.end];
      random.nextBytes(garbage);
      System.arraycopy(garbage, 0, bytes, image.end, garbage.length);
      assertThat(Contents.of(open(bytes))).isEqualTo(image.after);
    }
  }

  @Test
  @DisplayName("a later batch is found wherever the reading buffer happens to end")
  void aLaterBatchIsFoundAcrossBuffers() throws Exception {
    for (int more = -40; more <= 40; more += 8) {
      Image image =
          imageOf(plus(Samples.large(17, 1, 2, (1 << 20) - 3000 + more), Samples.vote(9, 1)));
      Image twice =
          imageOf(plus(Samples.large(17, 2, 2, (1 << 20) - 1000 + more), Samples.vote(9, 1)));
      for (Image one : List.of(image, twice)) {
        assertThat(refusal(one.with(one.lastBatch - 100_000, 1)).detail())
            .contains("A later batch stands at byte " + one.lastBatch);
      }
    }
  }

  @Test
  @DisplayName("S-17 a value that looks like a frame of a later batch is none")
  void S_17_aValueThatLooksLikeFrames() throws Exception {
    Image image = imageOf(LOG);
    byte[] frames = Arrays.copyOfRange(image.bytes, Layout.HEADER_BYTES, image.end);
    for (int pad = 0; pad < 8; pad++) {
      byte[] value = new byte[frames.length + pad];
      System.arraycopy(frames, 0, value, pad, frames.length);
      Entry entry = new Entry(17, 2, new Payload.Command(Bytes.wrap(value)));
      Image fake = imageOf(plus(new DiskTask.Write(0, new Batch(null, List.of(entry), 0))));
      Recovered recovered = open(fake.with(fake.lastBatch + 1, 1));
      assertThat(Contents.of(recovered)).isEqualTo(fake.before);
    }
  }

  @Test
  @DisplayName("S-16 the search behind a bad frame reads the file once")
  void S_16_theSearchIsBounded() throws Exception {
    Image image = imageOf(plus(Samples.large(17, 16, 2, 1 << 20)));
    VirtualStorage storage = new VirtualStorage(new Random(1));
    storage.put(Layout.FILE, image.with(image.lastBatch, 1));
    ClusterDb.Opened opened = ClusterDb.open(storage, NODE, new Random(3));
    assertThat(opened.recovered().cutBytes()).isEqualTo(image.end - image.lastBatch);
    assertThat(storage.count()).as("16 MiB through a buffer of 1 MiB").isLessThan(35);
  }

  @Test
  @DisplayName("a good frame of another batch, and an end mark of another one, are told as such")
  void whatStandsThereInPlaceOfTheNextBatch() throws Exception {
    byte[] image = imageOf(LOG).bytes;
    byte[] script = FileScript.of(image);
    ByteWriter gap = new ByteWriter().raw(script, 0, 48);
    gap.u8(9).u16(0).raw(script, 48, script.length - 48);
    assertThat(refusal(FileScript.image(gap.toBytes().toByteArray())).detail())
        .startsWith("A frame of batch 1 was expected: one of batch 2 stands there. Up to byte ");
    ByteWriter end = new ByteWriter().raw(script, 0, 48).u8(6).u16(16).i32(5).i64(0).i32(0);
    assertThat(refusal(FileScript.image(end.toBytes().toByteArray())).detail())
        .startsWith(
            "A frame of batch 1 was expected: the end mark is not that of the frames before it.");
  }

  @Test
  @DisplayName(
      "S-05 an end mark that is not that of its batch is a torn tail, in whatever it differs")
  void S_05_anEndMarkOfAnotherBatch() throws Exception {
    Image image = imageOf(LOG);
    byte[] script = FileScript.of(Arrays.copyOf(image.bytes, image.end));
    for (int count : new int[] {0, 5}) {
      ByteWriter end = new ByteWriter().raw(script, 0, script.length);
      end.u8(6).u16(16).i32(count).i64(0).i32(77);
      Recovered recovered = open(FileScript.image(end.toBytes().toByteArray()));
      assertThat(Contents.of(recovered)).isEqualTo(image.after);
      assertThat(recovered.cutBytes()).isEqualTo(40);
    }
  }

  @Test
  void anEmptiedFileIsDamagedAndNotFresh() throws Exception {
    Image image = imageOf(LOG);
    for (int length : new int[] {0, 1, 100, Layout.HEADER_BYTES - 1}) {
      ClusterDbException refusal = refusal(Arrays.copyOf(image.bytes, length));
      assertThat(refusal.kind()).isEqualTo(Kind.DAMAGED);
      assertThat(refusal).hasMessage("file \"virtual/cluster.db\" is damaged at byte " + length);
      assertThat(refusal.detail())
          .isEqualTo("The file ends here; its header alone takes 4096 bytes.");
      assertThat(refusal.hint()).contains("REMOVE node 7").contains("ADD it again");
    }
    assertThat(refusal(new byte[image.bytes.length]).detail()).contains("\"RALEDB\" was expected");
  }

  @Test
  void aNewerVersionIsToldFromDamage() throws Exception {
    byte[] newer = imageOf(LOG).bytes;
    ByteBuffer.wrap(newer).putInt(8, 4);
    CRC32C crc = new CRC32C();
    crc.update(newer, 0, 4092);
    ByteBuffer.wrap(newer).putInt(4092, (int) crc.getValue());
    ClusterDbException refusal = refusal(newer);
    assertThat(refusal.kind()).isEqualTo(Kind.NEWER_VERSION);
    assertThat(refusal).hasMessage("file \"virtual/cluster.db\" has format version 4");
    assertThat(refusal.detail()).isEqualTo("This release reads versions 1 to 3.");
    assertThat(refusal.offset()).isEqualTo(-1);
  }

  @Test
  @DisplayName("frames of an older file of this node never count, even where they fit")
  void framesOfAnOlderFileNeverCount() throws Exception {
    Image old = imageOf(Samples.join(), Samples.write(2, 9, 1), Samples.write(10, 30, 1));
    VirtualStorage storage = new VirtualStorage(new Random(1));
    ClusterDb.Opened opened = ClusterDb.open(storage, NODE, new Random(77));
    opened.db().perform(Samples.join());
    opened.db().perform(Samples.write(2, 9, 1));
    int end = (int) opened.db().bytes();
    assertThat(end).as("the same tasks lie at the same places").isEqualTo(old.lastBatch);
    byte[] mixed = storage.bytes(Layout.FILE);
    System.arraycopy(old.bytes, end, mixed, end, old.end - end);
    assertThat(open(mixed).entries()).isEqualTo(Samples.entries(1, 9, 1));
  }

  @Test
  void S_14_aFileThatContradictsItselfIsRefused() {
    VirtualStorage storage = new VirtualStorage(new Random(1));
    assertThatThrownBy(
            () -> {
              Rewrite rewrite = Rewrite.begin(storage, new org.rale.wire.Identity(1, NODE, 1), 5);
              rewrite.beginSnapshot(
                  Samples.compact(9, 1, 1, 1).meta(), org.rale.raft.HardState.INITIAL);
              rewrite.writePieces(Samples.store(8, 2, 2).freeze().image(100), 1 << 20);
              rewrite.seal();
              ClusterDb.open(storage, NODE, new Random(1));
            })
        .isInstanceOfSatisfying(
            ClusterDbException.class,
            e ->
                assertThat(e.detail())
                    .contains("a table as of index 8 in a snapshot as of index 9"));
  }
}
