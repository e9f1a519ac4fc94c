package org.rale.clusterdb;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Random;
import java.util.zip.CRC32C;
import org.rale.bytes.ByteReader;
import org.rale.bytes.ByteWriter;
import org.rale.bytes.Bytes;
import org.rale.bytes.MalformedException;

/**
 * A cluster.db without its checksums, which no fuzzer would guess, as a short script.
 *
 * <pre>
 * script  the header's first 48 bytes, then items
 * item    u8 op, u16 length, content
 *   1 to 4  a frame of that type, its checksums right
 *   5       the end mark that the batch should have; the content may be a commit index
 *   6       a frame that calls itself an end mark, with this content
 *   7       bytes as they are, up to the next place where a frame may begin
 *   8       that many zeros; no content is read
 *   9       the batch number grows by one, as if a batch were missing; no content is read
 * </pre>
 *
 * What is cut short or unknown ends the script.
 */
final class FileScript {
  private static final int HEADER_FIELDS = 48;
  private static final int VERSION_AT = 8;
  private static final int SALT_AT = 32;

  private static final int RIGHT_END = 5;
  private static final int WRONG_END = 6;
  private static final int BARE = 7;
  private static final int ZEROS = 8;
  private static final int GAP = 9;

  private final ByteWriter header = new ByteWriter();
  private final VirtualStorage storage = new VirtualStorage(new Random(1));
  private final Storage.StorageFile file;
  private FrameWriter writer;
  private long salt;
  private int version;
  private long batch = 1;

  private FileScript(byte[] script) throws IOException, MalformedException {
    file = storage.open(Layout.FILE, true);
    byte[] page = Arrays.copyOf(Arrays.copyOf(script, HEADER_FIELDS), Layout.HEADER_BYTES - 4);
    CRC32C crc = new CRC32C();
    crc.update(page);
    header.raw(page, 0, page.length).i32((int) crc.getValue());
    file.write(0, ByteBuffer.wrap(header.toBytes().toByteArray()));
    version = new ByteReader(page, VERSION_AT, 4).i32();
    salt = new ByteReader(page, SALT_AT, 8).i64();
    writer = writerAt(Layout.HEADER_BYTES);
  }

  /** The file that the script tells of. */
  static byte[] image(byte[] script) throws IOException, MalformedException {
    FileScript run = new FileScript(script);
    int items = Math.min(script.length, HEADER_FIELDS);
    ByteReader in = new ByteReader(script, items, script.length - items);
    while (in.remaining() >= 3 && run.item(in.u8(), in.u16(), in)) {
      // One item after the other.
    }
    run.writer.flush();
    return run.storage.bytes(Layout.FILE);
  }

  private boolean item(int op, int length, ByteReader in) throws IOException, MalformedException {
    switch (op) {
      case RIGHT_END -> {
        writer.end(length == 8 && in.remaining() >= 8 ? in.i64() : 0);
        batch++;
        writer.begin();
      }
      case GAP -> {
        batch++;
        moveTo(writer.position());
      }
      case ZEROS -> moveTo(bare(new byte[length]));
      case BARE -> moveTo(bare(in.raw(Math.min(length, in.remaining())).toByteArray()));
      default -> {
        FrameType type = op == WRONG_END ? FrameType.END : type(op);
        if (type == null || length > in.remaining()) {
          return false;
        }
        byte[] content = in.raw(length).toByteArray();
        writer.frame(type, content, 0, content.length);
      }
    }
    return true;
  }

  private static FrameType type(int op) {
    return op >= RIGHT_END ? null : FrameType.of(op);
  }

  private long bare(byte[] bytes) throws IOException {
    long at = writer.position();
    writer.flush();
    file.write(at, ByteBuffer.wrap(bytes));
    return Layout.align(at + bytes.length);
  }

  /** Goes on elsewhere, in the batch of the number in force, as if it began there. */
  private void moveTo(long position) throws IOException {
    writer.flush();
    writer = writerAt(position);
  }

  private FrameWriter writerAt(long position) {
    FrameWriter next = new FrameWriter(file, version, salt, position, batch - 1);
    next.begin();
    return next;
  }

  private static void endMark(ByteReader in, ByteWriter script) throws MalformedException {
    in.i32();
    if (in.remaining() < 8) {
      script.u8(RIGHT_END).u16(0);
    } else {
      script.u8(RIGHT_END).u16(8).i64(in.i64());
    }
  }

  /** The script that gives this file, as a node wrote it. */
  static byte[] of(byte[] image) throws IOException, MalformedException {
    VirtualStorage storage = new VirtualStorage(new Random(1));
    storage.put(Layout.FILE, image);
    ByteWriter script = new ByteWriter().raw(image, 0, HEADER_FIELDS);
    FrameReader reader =
        new FrameReader(storage.open(Layout.FILE, false), new ByteReader(image, SALT_AT, 8).i64());
    long position = Layout.HEADER_BYTES;
    while (reader.read(position, image.length)) {
      if (reader.type() == FrameType.END) {
        endMark(reader.content(), script);
      } else {
        ByteReader in = reader.content();
        Bytes content = in.raw(in.remaining());
        script.u8(reader.type().code).u16(content.length()).raw(content);
      }
      position += reader.frameBytes();
    }
    for (int zeros = (int) (image.length - position); zeros > 0; ) {
      int length = Math.min(zeros, 0xffff & -Layout.ALIGNMENT);
      script.u8(ZEROS).u16(length);
      zeros -= length;
    }
    return script.toBytes().toByteArray();
  }
}
