package org.rale.dstore;

import java.util.zip.CRC32C;
import org.rale.bytes.Bytes;

/** CRC32C over the pieces of an image, one after the other: whether all came as they were sent. */
public final class ImageChecksum {
  private final CRC32C crc = new CRC32C();

  /** The next piece. */
  public void add(Bytes piece) {
    byte[] bytes = piece.toByteArray();
    crc.update(bytes, 0, bytes.length);
  }

  /** Of all pieces so far. */
  public int value() {
    return (int) crc.getValue();
  }
}
