package org.rale.wire;

import java.util.zip.CRC32C;
import org.rale.bytes.ByteReader;
import org.rale.bytes.ByteWriter;
import org.rale.bytes.MalformedException;

/**
 * A piece of a link: u32 length of the payload, u8 kind, payload, u32 CRC32C over all before it.
 *
 * <p>TCP's own checksum has 16 bits and is made anew by every middle box, and network cards have
 * been seen to flip bits behind it; what passes it would become a committed entry on one node only.
 *
 * <p>This layout is the same in every version of the protocol, so that a refusal can be read by
 * whoever it is meant for.
 */
final class Frame {
  static final int HEADER_BYTES = 4 + 1;
  static final int CHECKSUM_BYTES = 4;

  private Frame() {}

  /** Begins a frame; what is written next is its payload. Returns what {@link #end} needs. */
  static int begin(ByteWriter out, int kind) {
    int start = out.size();
    out.i32(0).u8(kind);
    return start;
  }

  /** Ends the frame that began there. */
  static void end(ByteWriter out, int start, int maxPayload) {
    int length = out.size() - start - HEADER_BYTES;
    if (length > maxPayload) {
      throw new IllegalArgumentException(
          "a frame of " + length + " bytes where at most " + maxPayload + " may stand");
    }
    out.setI32(start, length);
    out.i32(checksum(out.array(), start, HEADER_BYTES + length));
  }

  /**
   * How many bytes the frame takes that begins here, or its header where that is not all there yet.
   */
  static int wanted(byte[] array, int offset, int available, int maxPayload)
      throws MalformedException {
    if (available < HEADER_BYTES) {
      return HEADER_BYTES;
    }
    int length = new ByteReader(array, offset, HEADER_BYTES).count(maxPayload);
    return HEADER_BYTES + length + CHECKSUM_BYTES;
  }

  static int kind(byte[] array, int offset) {
    return array[offset + 4] & 0xff;
  }

  /** The payload of this frame, which is all there, once its checksum is found to be right. */
  static ByteReader payload(byte[] array, int offset, int length) throws MalformedException {
    if (length < HEADER_BYTES + CHECKSUM_BYTES) {
      throw new MalformedException("a frame of " + length + " bytes");
    }
    int payload = length - HEADER_BYTES - CHECKSUM_BYTES;
    if (new ByteReader(array, offset, 4).i32() != payload) {
      throw new MalformedException("a frame whose length is not its own");
    }
    int stored = new ByteReader(array, offset + length - CHECKSUM_BYTES, CHECKSUM_BYTES).i32();
    if (stored != checksum(array, offset, length - CHECKSUM_BYTES)) {
      throw new MalformedException("a frame whose checksum is wrong: it was changed on the way");
    }
    return new ByteReader(array, offset + HEADER_BYTES, payload);
  }

  static int checksum(byte[] array, int offset, int length) {
    CRC32C crc = new CRC32C();
    crc.update(array, offset, length);
    return (int) crc.getValue();
  }
}
