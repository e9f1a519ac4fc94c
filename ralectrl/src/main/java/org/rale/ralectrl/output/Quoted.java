package org.rale.ralectrl.output;

import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CoderResult;
import java.nio.charset.StandardCharsets;
import org.rale.bytes.Bytes;

/**
 * Bytes on one line of text: in quotes, UTF-8 as it is, {@code \"}, {@code \\}, and {@code \xNN}
 * for each byte of what is no UTF-8 or would not stand in a line.
 */
public final class Quoted {
  private Quoted() {}

  public static String of(Bytes bytes) {
    CharsetDecoder decoder = StandardCharsets.UTF_8.newDecoder();
    ByteBuffer in = ByteBuffer.wrap(bytes.toByteArray());
    CharBuffer chars = CharBuffer.allocate(bytes.length() + 1);
    StringBuilder text = new StringBuilder(bytes.length() + 2).append('"');
    while (true) {
      CoderResult result = decoder.decode(in, chars, /* endOfInput= */ true);
      append(text, chars.flip());
      chars.clear();
      if (!result.isError()) {
        return text.append('"').toString();
      }
      for (int i = 0; i < result.length(); i++) {
        hex(text, in.get());
      }
      decoder.reset();
    }
  }

  private static void append(StringBuilder text, CharBuffer chars) {
    for (int i = 0; i < chars.length(); i++) {
      char each = chars.charAt(i);
      if (each == '"' || each == '\\') {
        text.append('\\').append(each);
      } else if (Character.isISOControl(each) || each == '\u2028' || each == '\u2029') {
        for (byte part : String.valueOf(each).getBytes(StandardCharsets.UTF_8)) {
          hex(text, part);
        }
      } else {
        text.append(each);
      }
    }
  }

  private static void hex(StringBuilder text, byte value) {
    text.append("\\x");
    text.append(Character.forDigit((value >> 4) & 0xf, 16));
    text.append(Character.forDigit(value & 0xf, 16));
  }
}
