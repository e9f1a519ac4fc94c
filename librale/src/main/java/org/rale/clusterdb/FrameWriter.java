package org.rale.clusterdb;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.zip.CRC32C;
import org.rale.bytes.ByteWriter;
import org.rale.bytes.Bytes;
import org.rale.raft.Entry;
import org.rale.raft.HardState;
import org.rale.raft.SnapshotMeta;
import org.rale.wire.EntryCodec;

/**
 * Appends batches of frames to a file. What fits the buffer goes out in one write, at {@link
 * #flush}; a longer batch takes several, which is as safe: it counts only with its end mark, and
 * nobody is told of it before the sync.
 */
final class FrameWriter {
  private static final int BUFFER_BYTES = 256 << 10;
  private static final byte[] ZEROS = new byte[64 << 10];

  private final Storage.StorageFile file;
  private final int version;
  private final long salt;
  private final FrameSeal seal;
  private final ByteBuffer buffer = ByteBuffer.allocateDirect(BUFFER_BYTES);

  /** Of the frame headers' checksums of this batch. */
  private final CRC32C chain = new CRC32C();

  private final ByteWriter content = new ByteWriter();

  private long bufferStart;
  private long batch;
  private int frames;

  /**
   * @param version the format of the file
   * @param position where the next frame goes
   * @param batch the number of the last batch in the file, 0 if there is none
   */
  FrameWriter(Storage.StorageFile file, int version, long salt, long position, long batch) {
    this.file = file;
    this.version = version;
    this.salt = salt;
    this.seal = new FrameSeal(salt);
    this.bufferStart = position;
    this.batch = batch;
  }

  Storage.StorageFile file() {
    return file;
  }

  /** Reads what was written here and flushed. */
  FrameReader reader() {
    return new FrameReader(file, salt);
  }

  /** Where the next frame goes. */
  long position() {
    return bufferStart + buffer.position();
  }

  void begin() {
    batch++;
    frames = 0;
    chain.reset();
  }

  void snapshotMeta(SnapshotMeta meta) throws IOException {
    content.clear();
    EntryCodec.writeSnapshotMeta(content, meta);
    frame(FrameType.SNAPSHOT_META);
  }

  void snapshotPiece(Bytes piece) throws IOException {
    frame(FrameType.SNAPSHOT_PIECE, piece.shared(), 0, piece.length());
  }

  void snapshotPiece(ByteWriter piece) throws IOException {
    frame(FrameType.SNAPSHOT_PIECE, piece.array(), 0, piece.size());
  }

  void hardState(HardState hardState) throws IOException {
    content.clear();
    EntryCodec.writeHardState(content, hardState);
    frame(FrameType.HARD_STATE);
  }

  void entry(Entry entry) throws IOException {
    content.clear();
    EntryCodec.writeEntry(content, entry);
    frame(FrameType.ENTRY);
  }

  /**
   * Ends the batch with its mark: without it, no frame of the batch counts.
   *
   * @param commit up to where the log that the file now holds is known to be committed
   */
  void end(long commit) throws IOException {
    content.clear();
    content.i32(frames);
    if (version >= Layout.COMMIT_SINCE_VERSION) {
      content.i64(commit);
    }
    content.i32((int) chain.getValue());
    frame(FrameType.END);
  }

  private void frame(FrameType type) throws IOException {
    frame(type, content.array(), 0, content.size());
  }

  /** A frame whose content is at hand as bytes already. */
  void frame(FrameType type, byte[] bytes, int offset, int length) throws IOException {
    if (length > Layout.MAX_CONTENT_BYTES) {
      throw new IllegalArgumentException("a frame of " + length + " bytes");
    }
    int padding = (int) Layout.frameBytes(length) - Layout.FRAME_HEADER_BYTES - length;
    int contentCrc = seal.content(bytes, offset, length, padding);
    int typeAndLength = type.code << 24 | length;
    int headerCrc = seal.header(position(), typeAndLength, batch, contentCrc);
    if (buffer.remaining() < Layout.FRAME_HEADER_BYTES) {
      flush();
    }
    buffer.putInt(headerCrc).putInt(typeAndLength).putLong(batch).putInt(contentCrc);
    put(bytes, offset, length);
    put(ZEROS, 0, padding);
    frames++;
    for (int shift = 24; shift >= 0; shift -= 8) {
      chain.update(headerCrc >>> shift);
    }
  }

  /** Zeros ahead, between two batches: frames to come overwrite them. */
  void zeros(long from, long to) throws IOException {
    if (buffer.position() != 0) {
      throw new IllegalStateException("zeros within a batch");
    }
    long at = bufferStart;
    bufferStart = from;
    try {
      while (position() < to) {
        put(ZEROS, 0, (int) Math.min(ZEROS.length, to - position()));
      }
      flush();
    } finally {
      buffer.clear();
      bufferStart = at;
    }
  }

  void flush() throws IOException {
    buffer.flip();
    int length = buffer.remaining();
    if (length > 0) {
      file.write(bufferStart, buffer);
    }
    buffer.clear();
    bufferStart += length;
  }

  private void put(byte[] bytes, int offset, int length) throws IOException {
    int done = 0;
    while (done < length) {
      if (!buffer.hasRemaining()) {
        flush();
      }
      int count = Math.min(buffer.remaining(), length - done);
      buffer.put(bytes, offset + done, count);
      done += count;
    }
  }
}
