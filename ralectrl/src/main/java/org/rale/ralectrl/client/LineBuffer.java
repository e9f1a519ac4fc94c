package org.rale.ralectrl.client;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Cuts what arrives into lines. Grows with what came, never with what was announced (S-17). */
final class LineBuffer {
  /** More than 10,000 keys of 1,024 bytes, or a value of 1 MiB, each byte written as \\u00XX. */
  static final int MAX_LINE_BYTES = 64 << 20;

  private final List<byte[]> lines = new ArrayList<>();
  private byte[] bytes = new byte[8192];
  private int size;
  private int searched;

  List<byte[]> lines() {
    return lines;
  }

  /** Takes all that the buffer holds. */
  void add(ByteBuffer input) throws IOException {
    int added = input.remaining();
    if (added > MAX_LINE_BYTES - size) {
      throw new IOException("the reply has more than " + MAX_LINE_BYTES + " bytes");
    }
    if (added > bytes.length - size) {
      bytes = Arrays.copyOf(bytes, Math.max(bytes.length * 2, size + added));
    }
    input.get(bytes, size, added);
    size += added;
    cut();
  }

  private void cut() {
    int start = 0;
    for (int index = searched; index < size; index++) {
      if (bytes[index] == '\n') {
        boolean crlf = index > start && bytes[index - 1] == '\r';
        int end = crlf ? index - 1 : index;
        lines.add(Arrays.copyOfRange(bytes, start, end));
        start = index + 1;
      }
    }
    System.arraycopy(bytes, start, bytes, 0, size - start);
    size -= start;
    searched = size;
  }
}
