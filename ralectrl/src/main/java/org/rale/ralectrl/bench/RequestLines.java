package org.rale.ralectrl.bench;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.SplittableRandom;

/** Request lines on their way out. Values are pieces of one random text. */
final class RequestLines {
  /** Where a value may begin in the text. */
  static final int STARTS = 1 << 16;

  private static final byte[] PUT = ascii("PUT ");
  private static final byte[] GET = ascii("GET ");
  private static final byte[] DELETE = ascii("DELETE ");
  private static final byte[] LOCAL_END = ascii(" LOCAL\n");
  private static final byte[] LETTERS =
      ascii("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_");
  private static final int FIRST_CAPACITY = 8 << 10;

  private final byte[] prefix;
  private final byte[] text;
  private final int valueBytes;
  private ByteBuffer buffer = ByteBuffer.allocateDirect(FIRST_CAPACITY);

  /**
   * @param text as {@link #text} makes it; shared by all lanes
   */
  RequestLines(Settings settings, byte[] text) {
    this.prefix = settings.prefix().getBytes(StandardCharsets.UTF_8);
    this.valueBytes = settings.valueBytes();
    this.text = text;
  }

  static byte[] text(Settings settings) {
    SplittableRandom random = new SplittableRandom(settings.seed());
    byte[] text = new byte[STARTS + settings.valueBytes()];
    for (int index = 0; index < text.length; index++) {
      text[index] = LETTERS[random.nextInt(LETTERS.length)];
    }
    return text;
  }

  /**
   * @param start of the value in the text, below {@link #STARTS}
   */
  void put(int key, int start) {
    begin(PUT, key, 2 + valueBytes);
    buffer.put((byte) ' ').put(text, start, valueBytes).put((byte) '\n');
  }

  void get(int key) {
    begin(GET, key, 1);
    buffer.put((byte) '\n');
  }

  void local(int key) {
    begin(GET, key, LOCAL_END.length);
    buffer.put(LOCAL_END);
  }

  void delete(int key) {
    begin(DELETE, key, 1);
    buffer.put((byte) '\n');
  }

  /** Written to, ready for {@code flip}, {@code compact} and {@code clear}; another one later. */
  ByteBuffer buffer() {
    return buffer;
  }

  private void begin(byte[] verb, int key, int more) {
    int needed = verb.length + prefix.length + Settings.DIGITS + more;
    if (buffer.remaining() < needed) {
      int capacity = Math.max(2 * buffer.capacity(), buffer.position() + needed);
      buffer = ByteBuffer.allocateDirect(capacity).put(buffer.flip());
    }
    buffer.put(verb).put(prefix);
    int end = buffer.position() + Settings.DIGITS;
    int rest = key;
    for (int place = end - 1; place >= end - Settings.DIGITS; place--) {
      buffer.put(place, (byte) ('0' + rest % 10));
      rest /= 10;
    }
    buffer.position(end);
  }

  private static byte[] ascii(String text) {
    return text.getBytes(StandardCharsets.US_ASCII);
  }
}
