package org.rale.clusterdb;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.zip.CRC32C;
import org.rale.bytes.ByteReader;
import org.rale.bytes.MalformedException;

/**
 * The start: reads the file once, front to back, and decides between three ways.
 *
 * <table>
 * <caption>The cases (S-05)</caption>
 * <tr><th>header</th><th>bad frame</th><th>frame of a later batch behind it</th><th>verdict</th></tr>
 * <tr><td>bad</td><td>any</td><td>any</td><td>refuse</td></tr>
 * <tr><td>good</td><td>none</td><td>-</td><td>open</td></tr>
 * <tr><td>good</td><td>in the sealed part</td><td>any</td><td>refuse</td></tr>
 * <tr><td>good</td><td>behind it</td><td>no</td><td>cut to the last batch end, open</td></tr>
 * <tr><td>good</td><td>behind it</td><td>yes</td><td>refuse</td></tr>
 * </table>
 *
 * <p>Zeros from a batch end to the end of the file are no bad frame: the file is grown ahead.
 *
 * <p>Why the cut is safe: a batch is written only after the one before it is durable, so behind the
 * last durable batch stands at most one torn one, of which nothing was acknowledged. Why the cut is
 * made durable before anything is appended: the next batch bears the torn one's number, in the same
 * file, at the same place. If its own write were torn as well, surviving frames of both could be
 * taken for one batch. Truncation removes the old ones; should a disk lie about that, the end
 * mark's checksum over all frame headers of its batch still tells the mixture from a whole.
 *
 * <p>What was read is not yet durable: a process that was killed between a write and its sync left
 * the last batch in the kernel's memory only. And where that sync failed, the kernel may hold the
 * batch for clean, and never write it. So the last batch is written over itself and synced before
 * the node says a word about it (S-02, S-03). In the sealed part there is nothing to do: it got its
 * name after its sync had returned.
 *
 * <p>Nothing is written before the verdict, and all of it may be repeated any number of times: a
 * crash anywhere in here leaves a file that gets the same verdict.
 */
final class Recovery {
  private static final int COPY_BYTES = 1 << 20;
  private static final int TELL_BYTES = 4 << 20;

  private final Storage.StorageFile file;
  private final String name;
  private final Header header;
  private final FrameReader reader;
  private final FrameSink sink;
  private final Opening.Progress progress;
  private final CRC32C chain = new CRC32C();

  /** The last whole batch, and where it begins and ends. */
  private long batch;

  private long batchStart = Layout.HEADER_BYTES;
  private long batchEnd = Layout.HEADER_BYTES;

  /** Where the first one, the snapshot, ends. */
  private long snapshotEnd = Layout.HEADER_BYTES;

  /** What the last end mark said. */
  private long commit;

  private long toldAt;

  /** Why no frame of the next batch stands where it should. */
  private String fault = "";

  Recovery(
      Storage.StorageFile file,
      String name,
      Header header,
      FrameSink sink,
      Opening.Progress progress) {
    this.file = file;
    this.name = name;
    this.header = header;
    this.sink = sink;
    this.progress = progress;
    this.reader = new FrameReader(file, header.salt());
  }

  /**
   * @param batch the number of the last batch
   * @param end where it ends
   * @param size of the file; what lies between is zeros
   * @param cutBytes how long the torn tail was
   */
  record Result(
      Header header,
      Replay replay,
      Trailing trailing,
      Recovered.FileUse use,
      long batch,
      long end,
      long size,
      long cutBytes) {}

  /** Reads the file that calls itself {@code name}, and cuts its torn tail, if it has one. */
  static Result run(Storage.StorageFile file, String name, int nodeId, Opening opening)
      throws IOException, ClusterDbException {
    Header header = Header.read(file, name, nodeId);
    Replay replay = new Replay(/* applies= */ true);
    return new Recovery(file, name, header, replay, opening.progress())
        .run(replay, opening.trailingBytes());
  }

  private Result run(Replay replay, long trailingBytes) throws IOException, ClusterDbException {
    long size = file.size();
    long cut = judge(size, /* beside= */ false);
    if (cut > 0) {
      file.truncate(batchEnd);
      size = batchEnd;
    }
    makeDurable();
    Trailing trailing = trailing(replay, trailingBytes);
    Recovered.FileUse use =
        new Recovered.FileUse(snapshotEnd - Layout.HEADER_BYTES, batchEnd - snapshotEnd);
    return new Result(header, replay, trailing, use, batch, batchEnd, size, cut);
  }

  /**
   * Reads the file up to {@code size} and writes nothing.
   *
   * @param beside whether a daemon may be writing to it. What was read is older then than what is
   *     looked for behind it: a batch that was half written may have been whole when the next one
   *     began. So where a later batch is found, the file is read again from the last whole batch
   *     on. If the batch in question is still bad, it is damaged: it was durable before the later
   *     one was written.
   * @return how many bytes of a torn tail stand behind the last whole batch
   * @throws ClusterDbException when data that was durable is lost
   */
  long judge(long size, boolean beside) throws IOException, ClusterDbException {
    long readAgainFrom = 0;
    while (true) {
      long bad = readBatches(size);
      // The sealed part holds the first batch at least, whatever the header says.
      if (batch == 0 || batchEnd < header.sealedEnd()) {
        throw damaged(
            bad,
            "Up to byte %d the file was durable before it was put in place",
            header.sealedEnd());
      }
      FrameReader.Ahead ahead = reader.lookAhead(bad, size, batch + 1);
      if (ahead.laterFrame() < 0) {
        return ahead.zerosFrom() - batchEnd;
      }
      if (!beside || readAgainFrom == batchEnd) {
        throw damaged(
            bad, "A later batch stands at byte %d, so this is no torn tail", ahead.laterFrame());
      }
      readAgainFrom = batchEnd;
      sink.dropBatch();
      reader.forget();
    }
  }

  /** The number of the last whole batch; 0 where there is none. */
  long batch() {
    return batch;
  }

  /** Where the last whole batch ends. */
  long batchEnd() {
    return batchEnd;
  }

  private Trailing trailing(Replay replay, long bytes) throws IOException, ClusterDbException {
    try {
      return Trailing.read(reader, replay, batchEnd, bytes);
    } catch (MalformedException e) {
      throw ClusterDbException.damaged(
          name, header.identity().nodeId(), batchEnd, "It holds " + e.getMessage() + ".");
    }
  }

  private void makeDurable() throws IOException {
    if (batchEnd > header.sealedEnd()) {
      ByteBuffer bytes = ByteBuffer.allocate((int) Math.min(batchEnd - batchStart, COPY_BYTES));
      long at = batchStart;
      while (at < batchEnd) {
        bytes.clear().limit((int) Math.min(bytes.capacity(), batchEnd - at));
        file.read(at, bytes);
        bytes.flip();
        long length = bytes.remaining();
        file.write(at, bytes);
        at += length;
      }
    }
    file.sync();
  }

  /** Replays whole batches; returns where the first bad frame stands. */
  private long readBatches(long size) throws IOException, ClusterDbException {
    long position = batchEnd;
    int frames = 0;
    chain.reset();
    while (isDue(position, size)) {
      try {
        if (reader.type() != FrameType.END) {
          sink.frame(reader.type(), reader.content(), position);
          frames++;
          chainHeader(reader.headerCrc());
        } else if (endsBatch(frames)) {
          sink.endOfBatch(commit);
          batch++;
          batchStart = batchEnd;
          batchEnd = position + reader.frameBytes();
          snapshotEnd = batch == 1 ? batchEnd : snapshotEnd;
          frames = 0;
          chain.reset();
        } else {
          fault = "the end mark is not that of the frames before it";
          return position;
        }
      } catch (MalformedException e) {
        throw ClusterDbException.damaged(
            name,
            header.identity().nodeId(),
            position,
            "The checksums are good, but batch " + (batch + 1) + " holds " + e.getMessage() + ".");
      }
      position += reader.frameBytes();
      if (position - toldAt >= TELL_BYTES) {
        toldAt = position;
        progress.read(position, size);
      }
    }
    return position;
  }

  /** Whether a good frame of the next batch stands there. */
  private boolean isDue(long position, long size) throws IOException {
    if (!reader.read(position, size)) {
      fault = reader.fault();
      return false;
    }
    if (reader.batch() != batch + 1) {
      fault = "one of batch " + reader.batch() + " stands there";
      return false;
    }
    return true;
  }

  private boolean endsBatch(int frames) throws MalformedException {
    ByteReader in = reader.content();
    int count = in.i32();
    commit = header.version() >= Layout.COMMIT_SINCE_VERSION ? in.position() : 0;
    int checksum = in.i32();
    in.finish();
    return count == frames && checksum == (int) chain.getValue();
  }

  private void chainHeader(int crc) {
    for (int shift = 24; shift >= 0; shift -= 8) {
      chain.update(crc >>> shift);
    }
  }

  private ClusterDbException damaged(long at, String proof, long proofAt) {
    return ClusterDbException.damaged(
        name,
        header.identity().nodeId(),
        at,
        "A frame of batch "
            + (batch + 1)
            + " was expected: "
            + fault
            + ". "
            + String.format(java.util.Locale.ROOT, proof, proofAt)
            + ": data that was durable is lost.");
  }
}
