package org.rale.ralectrl.bench;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/** A reply line where it lies in a buffer. One object serves all lines of a lane, one by one. */
final class Reply {
  /** The bytes of "OK: ". */
  private static final int OK = 0x4f4b3a20;

  private static final int OK_BYTES = 4;
  private static final int SHOWN_BYTES = 300;

  private ByteBuffer buffer = ByteBuffer.allocate(0);
  private int from;
  private int length;

  /**
   * @param from where the line begins
   * @param to behind its last byte, which is not the newline
   */
  Reply at(ByteBuffer buffer, int from, int to) {
    this.buffer = buffer;
    this.from = from;
    this.length = to - from;
    return this;
  }

  boolean isOk() {
    return length >= OK_BYTES && buffer.getInt(from) == OK;
  }

  /** Of the value behind "OK: ". */
  int valueBytes() {
    return length - OK_BYTES;
  }

  /** The line, or its beginning where it is long. */
  String text() {
    byte[] bytes = new byte[Math.min(length, SHOWN_BYTES)];
    buffer.get(from, bytes);
    return new String(bytes, StandardCharsets.UTF_8);
  }
}
