package org.rale.wire;

import org.jspecify.annotations.Nullable;
import org.rale.bytes.ByteReader;
import org.rale.bytes.ByteWriter;
import org.rale.bytes.Bytes;
import org.rale.bytes.MalformedException;

/**
 * Text for people. What is longer than its bound is cut, not refused: a message that says the most
 * of it is better than a link that breaks.
 */
final class WireText {
  /** A sentence, with a key in it at times. */
  static final int MAX_BYTES = 4096;

  private WireText() {}

  static void write(ByteWriter out, String text) {
    Bytes bytes = Bytes.utf8(text);
    if (bytes.length() > MAX_BYTES) {
      int end = MAX_BYTES;
      while ((bytes.at(end) & 0xc0) == 0x80) {
        end--; // never inside a character
      }
      bytes = bytes.slice(0, end);
    }
    out.bytes(bytes);
  }

  static String read(ByteReader in) throws MalformedException {
    return in.text(MAX_BYTES);
  }

  static void writeOptional(ByteWriter out, @Nullable String text) {
    out.bool(text != null);
    if (text != null) {
      write(out, text);
    }
  }

  static @Nullable String readOptional(ByteReader in) throws MalformedException {
    return in.bool() ? read(in) : null;
  }
}
