package org.rale.clusterdb;

import java.io.IOException;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;
import org.rale.bytes.ByteReader;

/**
 * Reads frames through a large buffer: a start is bounded by the disk, not by system calls. After
 * {@link #read} found a frame, its parts can be asked for until the next call.
 */
final class FrameReader {
  private static final int BUFFER_BYTES = 1 << 20;

  private final Storage.StorageFile file;
  private final FrameSeal seal;
  private byte[] array = new byte[0];
  private ByteBuffer view = ByteBuffer.wrap(array);

  /** The place in the file of the buffer's first byte, and how many bytes it holds. */
  private long start;

  private int filled;

  private FrameType type = FrameType.END;
  private long batch;
  private int headerCrc;
  private int contentAt;
  private int length;
  private String fault = "";

  FrameReader(Storage.StorageFile file, long salt) {
    this.file = file;
    this.seal = new FrameSeal(salt);
  }

  /**
   * Whether a whole and good frame stands at the position; {@link #fault} says why not. Bytes from
   * {@code limit} on are neither read nor kept in the buffer: they may still change.
   */
  boolean read(long position, long limit) throws IOException {
    if (!fill(position, Layout.FRAME_HEADER_BYTES, limit)) {
      fault = "the file ends there";
      return false;
    }
    int at = (int) (position - start);
    @Nullable FrameType found = headerAt(at);
    if (found == null) {
      fault = "the checksum of the frame's header is wrong";
      return false;
    }
    int padded = (int) Layout.frameBytes(lengthAt(at));
    if (!fill(position, padded, limit)) {
      fault = "the file ends inside the frame";
      return false;
    }
    at = (int) (position - start);
    int content = at + Layout.FRAME_HEADER_BYTES;
    if (seal.content(array, content, padded - Layout.FRAME_HEADER_BYTES, 0)
        != view.getInt(at + 16)) {
      fault = "the checksum of the frame's content is wrong";
      return false;
    }
    type = found;
    headerCrc = view.getInt(at);
    batch = view.getLong(at + 8);
    contentAt = content;
    length = lengthAt(at);
    return true;
  }

  /** The file may have changed: nothing is answered from what was read before. */
  void forget() {
    filled = 0;
  }

  String fault() {
    return fault;
  }

  FrameType type() {
    return type;
  }

  long batch() {
    return batch;
  }

  int headerCrc() {
    return headerCrc;
  }

  /** The whole length in the file. */
  long frameBytes() {
    return Layout.frameBytes(length);
  }

  ByteReader content() {
    return new ByteReader(array, contentAt, length);
  }

  /** Passes the frame on as it is. */
  void copyTo(FrameWriter target) throws IOException {
    target.frame(type, array, contentAt, length);
  }

  /**
   * What lies from the position to the end of the file, behind a place where no frame of the batch
   * could be read.
   *
   * @param laterFrame where a frame of a later batch begins, -1: there is none
   * @param zerosFrom nothing but zeros lies from here on
   */
  record Ahead(long laterFrame, long zerosFrom) {}

  /**
   * Looks for a frame of a batch later than this one. Its header alone is proof: it was written
   * only after all batches before it were durable. One pass, constant time for each place.
   */
  Ahead lookAhead(long position, long size, long batchBefore) throws IOException {
    long zerosFrom = position;
    long at = position;
    while (size - at >= Layout.ALIGNMENT) {
      // Headers may reach over the end of the buffer: it is filled anew at the last whole one.
      fill(at, (int) Math.min(Layout.FRAME_HEADER_BYTES, size - at), size);
      int i = (int) (at - start);
      int end = filled - Layout.FRAME_HEADER_BYTES;
      do {
        if (view.getLong(i) != 0) {
          zerosFrom = start + i + Layout.ALIGNMENT;
          if (i <= end && isLater(i, batchBefore)) {
            return new Ahead(start + i, zerosFrom);
          }
        }
        i += Layout.ALIGNMENT;
      } while (i <= end);
      at = start + i;
    }
    for (; at < size; at++) {
      fill(at, 1, size);
      if (array[(int) (at - start)] != 0) {
        zerosFrom = at + 1;
      }
    }
    return new Ahead(-1, zerosFrom);
  }

  private boolean isLater(int at, long batchBefore) {
    long found = view.getLong(at + 8);
    return found > batchBefore && headerAt(at) != null;
  }

  /** The type of the frame whose good header stands here in the buffer, or null. */
  private @Nullable FrameType headerAt(int at) {
    int typeAndLength = view.getInt(at + 4);
    @Nullable FrameType found = FrameType.of(typeAndLength >>> 24);
    if (found == null || lengthAt(at) > Layout.MAX_CONTENT_BYTES) {
      return null;
    }
    int crc = seal.header(start + at, typeAndLength, view.getLong(at + 8), view.getInt(at + 16));
    return crc == view.getInt(at) ? found : null;
  }

  private int lengthAt(int at) {
    return view.getInt(at + 4) & 0xffffff;
  }

  /** Has the bytes in the buffer; false where the limit comes first. */
  private boolean fill(long position, int count, long limit) throws IOException {
    if (limit - position < count) {
      return false;
    }
    if (position >= start && position + count <= start + filled) {
      return true;
    }
    int wanted = (int) Math.min(limit - position, Math.max(count, BUFFER_BYTES));
    if (array.length < wanted) {
      array = new byte[wanted];
      view = ByteBuffer.wrap(array);
    }
    // Nothing is known of the buffer until the read returned.
    filled = 0;
    start = position;
    filled = file.read(position, ByteBuffer.wrap(array, 0, wanted));
    return filled >= count;
  }
}
