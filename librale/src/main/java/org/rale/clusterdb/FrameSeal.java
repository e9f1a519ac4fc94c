package org.rale.clusterdb;

import java.nio.ByteBuffer;
import java.util.zip.CRC32C;

/**
 * The two checksums of a frame.
 *
 * <p>The header has one of its own, over the file's salt, the place, type, length, batch number and
 * the checksum of the content. So a search for frames behind a damaged one decides in constant time
 * at each place, whatever lies there: nobody can store a value that looks like a frame's header,
 * since nobody outside knows the salt.
 */
final class FrameSeal {
  private static final byte[] PADDING = new byte[Layout.ALIGNMENT];

  private final CRC32C crc = new CRC32C();
  private final byte[] sealed = new byte[8 + 8 + 4 + 8 + 4];
  private final ByteBuffer view = ByteBuffer.wrap(sealed);

  FrameSeal(long salt) {
    view.putLong(0, salt);
  }

  /** Over the content and the zeros behind it, so that every byte of a frame is covered. */
  int content(byte[] array, int offset, int length, int padding) {
    crc.reset();
    crc.update(array, offset, length);
    crc.update(PADDING, 0, padding);
    return (int) crc.getValue();
  }

  /**
   * @param typeAndLength the type in the high byte, the length in the other three
   */
  int header(long position, int typeAndLength, long batch, int contentCrc) {
    view.putLong(8, position).putInt(16, typeAndLength).putLong(20, batch).putInt(28, contentCrc);
    crc.reset();
    crc.update(sealed, 0, sealed.length);
    return (int) crc.getValue();
  }
}
