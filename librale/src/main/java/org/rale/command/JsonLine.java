package org.rale.command;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Base64;
import org.rale.bytes.ByteWriter;
import org.rale.bytes.Bytes;

/**
 * Writes JSON on one line. Whatever {@link Utf8#isUnprintable} names is written as an escape, so
 * that no reader takes a part of a line for its end.
 */
public final class JsonLine {
  private static final byte[] HEX = "0123456789abcdef".getBytes(StandardCharsets.US_ASCII);

  private final ByteWriter out;
  private boolean comma;

  /**
   * @param capacity bytes that it will take, about
   */
  public JsonLine(int capacity) {
    out = new ByteWriter(capacity);
  }

  public JsonLine open(char bracket) {
    separate();
    out.u8(bracket);
    comma = false;
    return this;
  }

  public JsonLine close(char bracket) {
    out.u8(bracket);
    comma = true;
    return this;
  }

  /** A member's name; that of a STATUS field may be a server's. */
  public JsonLine name(String name) {
    string(name);
    out.u8(':');
    comma = false;
    return this;
  }

  public JsonLine field(String name, long value) {
    return name(name).raw(Long.toString(value));
  }

  public JsonLine field(String name, boolean value) {
    return name(name).raw(Boolean.toString(value));
  }

  public JsonLine field(String name, String value) {
    return name(name).string(value);
  }

  /** The bytes under {@code name} where they are UTF-8, else under {@code name_base64}. */
  public JsonLine field(String name, Bytes value) {
    byte[] bytes = value.toByteArray();
    return Utf8.firstMalformed(bytes, 0, bytes.length) < 0
        ? name(name).utf8(bytes)
        : base64(name, bytes);
  }

  /** The same, but base64 also for text that would grow more by its escapes. */
  public JsonLine shortField(String name, Bytes value) {
    byte[] bytes = value.toByteArray();
    boolean text = Utf8.firstMalformed(bytes, 0, bytes.length) < 0;
    return text && escapedLength(bytes) <= base64Length(bytes.length)
        ? name(name).utf8(bytes)
        : base64(name, bytes);
  }

  /** An element of an array: a string, or where the bytes are no UTF-8 an object. */
  public JsonLine element(String name, Bytes value) {
    byte[] bytes = value.toByteArray();
    return Utf8.firstMalformed(bytes, 0, bytes.length) < 0
        ? utf8(bytes)
        : open('{').base64(name, bytes).close('}');
  }

  public JsonLine string(String text) {
    return utf8(text.getBytes(StandardCharsets.UTF_8));
  }

  /** JSON as it is. */
  public JsonLine raw(String json) {
    separate();
    out.raw(Bytes.utf8(json));
    comma = true;
    return this;
  }

  public byte[] toByteArray() {
    return Arrays.copyOf(out.array(), out.size());
  }

  /** The bytes under {@code name_base64}, whatever they are. */
  JsonLine base64(String name, Bytes value) {
    return base64(name, value.toByteArray());
  }

  private JsonLine base64(String name, byte[] bytes) {
    byte[] encoded = Base64.getEncoder().encode(bytes);
    name(name + "_base64");
    out.u8('"').raw(encoded, 0, encoded.length).u8('"');
    comma = true;
    return this;
  }

  private JsonLine utf8(byte[] bytes) {
    separate();
    out.u8('"');
    int plain = 0;
    int i = 0;
    while (i < bytes.length) {
      int codePoint = Utf8.codePoint(bytes, i, bytes.length);
      int length = Utf8.length(codePoint);
      if (codePoint == '"' || codePoint == '\\' || Utf8.isUnprintable(codePoint)) {
        out.raw(bytes, plain, i - plain);
        escape(codePoint);
        plain = i + length;
      }
      i += length;
    }
    out.raw(bytes, plain, bytes.length - plain).u8('"');
    comma = true;
    return this;
  }

  private void escape(int codePoint) {
    out.u8('\\');
    switch (codePoint) {
      case '"', '\\' -> out.u8(codePoint);
      case '\n' -> out.u8('n');
      case '\r' -> out.u8('r');
      case '\t' -> out.u8('t');
      default -> {
        out.u8('u').u8(HEX[codePoint >> 12]).u8(HEX[(codePoint >> 8) & 0xf]);
        out.u8(HEX[(codePoint >> 4) & 0xf]).u8(HEX[codePoint & 0xf]);
      }
    }
  }

  private static long escapedLength(byte[] bytes) {
    long length = 0;
    int i = 0;
    while (i < bytes.length) {
      int codePoint = Utf8.codePoint(bytes, i, bytes.length);
      boolean brief = "\"\\\n\r\t".indexOf(codePoint) >= 0;
      int plain = Utf8.length(codePoint);
      length += brief ? 2 : Utf8.isUnprintable(codePoint) ? 6 : plain;
      i += plain;
    }
    return length;
  }

  private static long base64Length(int bytes) {
    return (bytes + 2L) / 3 * 4;
  }

  private void separate() {
    if (comma) {
      out.u8(',');
    }
  }
}
