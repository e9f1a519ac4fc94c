package org.rale.clusterdb;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.zip.CRC32C;
import org.rale.bytes.ByteWriter;
import org.rale.bytes.Bytes;
import org.rale.dstore.DStore;
import org.rale.dstore.Origin;
import org.rale.dstore.StoreCodec;
import org.rale.dstore.StoreCommand;
import org.rale.raft.Entry;
import org.rale.raft.HardState;
import org.rale.raft.Payload;
import org.rale.raft.SnapshotMeta;
import org.rale.wire.EntryCodec;

/** The bytes of files, whole and damaged, for tests of what reads them. Each time the same. */
public final class SampleFiles {
  private static final Bytes COLOR = Bytes.utf8("color");
  private static final Bytes ODD = Bytes.wrap(new byte[] {'a', '\t', '"', (byte) 0xff, ' ', 'b'});
  private static final int SALT_AT = 32;

  private SampleFiles() {}

  /** A log without a snapshot, behind which the file is grown ahead. */
  public static byte[] log() throws Exception {
    return image(
        Samples.join(),
        write(null, empty(2, 1), put(3, COLOR, "dark blue"), put(4, ODD, "x")),
        write(new HardState(2, 8)));
  }

  /**
   * A snapshot at index 4, and a log in which an entry was replaced, and one deletes a key. Entry 6
   * is known to be committed.
   */
  public static byte[] whole() throws Exception {
    DStore store = new DStore();
    store.skip(2);
    store.apply(3, ((Payload.Command) put(3, COLOR, "dark blue").payload()).bytes());
    store.apply(4, ((Payload.Command) put(4, ODD, "x").payload()).bytes());
    Origin origin = new Origin(0x0123456789abcdefL, 7, 12, 11, true, 3);
    StoreCommand cas = new StoreCommand.CompareAndSet(origin, COLOR, 3, Bytes.utf8("gre\nen"));
    return image(
        Samples.join(),
        write(null, empty(2, 1), put(3, COLOR, "dark blue"), put(4, ODD, "x"), empty(5, 1)),
        new DiskTask.Compact(0, new SnapshotMeta(4, 1, Samples.MEMBERS), store.freeze()),
        write(new HardState(2, Samples.NODE), empty(6, 2), empty(7, 2)),
        write(new HardState(3, 0), command(6, 3, cas)),
        write(6, command(7, 3, new StoreCommand.Delete(Origin.NONE, ODD))),
        write(null, new Entry(8, 3, new Payload.Members(Samples.MEMBERS.without(Samples.NODE)))));
  }

  /** The file with the last batch written up to its end mark, of which two bytes are there. */
  public static byte[] torn(byte[] whole) throws Exception {
    int end = (int) read(whole).reach().end();
    byte[] torn = whole.clone();
    Arrays.fill(torn, end - 38, torn.length, (byte) 0);
    return torn;
  }

  /** The file with a bit flipped in the first entry that was appended; batches follow it. */
  public static byte[] damagedLog(byte[] whole) throws Exception {
    return flipped(whole, FileRecord.LogEntry.class, /* inSealedPart= */ false);
  }

  /** The file with a bit flipped in its snapshot. */
  public static byte[] damagedSnapshot(byte[] whole) throws Exception {
    return flipped(whole, FileRecord.Piece.class, /* inSealedPart= */ true);
  }

  private static byte[] flipped(
      byte[] whole, Class<? extends FileRecord> type, boolean inSealedPart) throws Exception {
    long[] at = new long[1];
    try (ClusterDbFile file = ClusterDbFile.open(holding(whole), Layout.FILE)) {
      file.records(
          record -> {
            boolean sealed = record.offset() < file.sealedEnd();
            if (at[0] == 0 && type.isInstance(record) && sealed == inSealedPart) {
              at[0] = record.offset();
            }
          });
    }
    byte[] damaged = whole.clone();
    damaged[(int) at[0] + Layout.FRAME_HEADER_BYTES + 5] ^= 1;
    return damaged;
  }

  /** The file with good checksums, and entry 90 behind the last one. */
  public static byte[] contradiction(byte[] whole) throws Exception {
    byte[] script = FileScript.of(Arrays.copyOf(whole, (int) read(whole).reach().end()));
    ByteWriter entry = new ByteWriter();
    EntryCodec.writeEntry(entry, empty(90, 9));
    ByteWriter out = new ByteWriter().raw(script, 0, script.length);
    out.u8(FrameType.ENTRY.code).u16(entry.size()).raw(entry.array(), 0, entry.size());
    return FileScript.image(out.u8(5).u16(0).toBytes().toByteArray());
  }

  /** The file with a command that no release wrote. */
  public static byte[] unknownCommand() throws Exception {
    return image(
        Samples.join(),
        write(null, new Entry(2, 1, new Payload.Command(Bytes.wrap(new byte[] {1, 99})))));
  }

  /** The file of a later release. */
  public static byte[] newer(byte[] whole) {
    byte[] newer = whole.clone();
    ByteBuffer.wrap(newer).putInt(8, 4);
    CRC32C crc = new CRC32C();
    crc.update(newer, 0, Layout.HEADER_BYTES - 4);
    ByteBuffer.wrap(newer).putInt(Layout.HEADER_BYTES - 4, (int) crc.getValue());
    return newer;
  }

  /** The file with a bit flipped in its header. */
  public static byte[] damagedHeader(byte[] whole) {
    byte[] damaged = whole.clone();
    damaged[SALT_AT] ^= 1;
    return damaged;
  }

  private static Survey read(byte[] bytes) throws Exception {
    try (ClusterDbFile file = ClusterDbFile.open(holding(bytes), Layout.FILE)) {
      return file.survey(/* applyLog= */ false);
    }
  }

  private static Storage.StorageFile holding(byte[] bytes) throws IOException {
    VirtualStorage storage = new VirtualStorage(new Random(1));
    storage.put(Layout.FILE, bytes);
    return storage.open(Layout.FILE, false);
  }

  private static byte[] image(DiskTask... tasks) throws Exception {
    VirtualStorage storage = new VirtualStorage(new Random(1));
    ClusterDb db = ClusterDb.open(storage, Samples.NODE, new Random(2)).db();
    for (DiskTask task : tasks) {
      db.perform(task);
      while (db.compacting()) {
        db.step();
      }
    }
    return storage.bytes(Layout.FILE);
  }

  private static DiskTask.Write write(HardState hardState, Entry... entries) {
    return new DiskTask.Write(0, new Batch(hardState, List.of(entries), 0));
  }

  private static DiskTask.Write write(long commit, Entry entry) {
    return new DiskTask.Write(0, new Batch(null, List.of(entry), commit));
  }

  private static Entry empty(long index, long term) {
    return new Entry(index, term, new Payload.Empty());
  }

  private static Entry put(long index, Bytes key, String value) {
    return command(index, 1, new StoreCommand.Put(Origin.NONE, key, Bytes.utf8(value)));
  }

  private static Entry command(long index, long term, StoreCommand command) {
    return new Entry(index, term, new Payload.Command(StoreCodec.encode(command)));
  }
}
