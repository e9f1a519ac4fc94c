package org.rale.command;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.util.Random;
import org.junit.jupiter.api.Test;

class Utf8Test {

  @Test
  void agreesWithTheDecoderOfTheJdk() {
    Random random = new Random(3);
    int[] edges = {0, 0x7f, 0x80, 0x8f, 0x90, 0x9f, 0xa0, 0xbf, 0xc1, 0xc2, 0xe0, 0xed, 0xf0, 0xf4};
    for (int i = 0; i < 200_000; i++) {
      byte[] bytes = new byte[1 + random.nextInt(5)];
      for (int j = 0; j < bytes.length; j++) {
        bytes[j] = (byte) (random.nextBoolean() ? edges[random.nextInt(14)] : random.nextInt(256));
      }
      if ((Utf8.firstMalformed(bytes, 0, bytes.length) < 0) != jdkAccepts(bytes)) {
        throw new AssertionError(java.util.HexFormat.of().formatHex(bytes));
      }
    }
  }

  @Test
  void readsEveryCodePoint() {
    for (int codePoint = 0; codePoint <= Character.MAX_CODE_POINT; codePoint++) {
      if (codePoint < 0xd800 || codePoint > 0xdfff) {
        byte[] bytes = Character.toString(codePoint).getBytes(UTF_8);
        if (Utf8.codePoint(bytes, 0, bytes.length) != codePoint
            || Utf8.length(codePoint) != bytes.length) {
          throw new AssertionError("code point " + codePoint);
        }
      }
    }
  }

  @Test
  void writesWhatDoesNotFitALineAsAnEscape() {
    assertThat(Utf8.oneLine("plain é \ud83d\ude00")).isEqualTo("plain é \ud83d\ude00");
    assertThat(Utf8.oneLine("a\n\ud83d\ude00\ud83d\u0085"))
        .isEqualTo("a\\u000a\ud83d\ude00\\ud83d\\u0085");
  }

  private static boolean jdkAccepts(byte[] bytes) {
    try {
      return UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)) != null;
    } catch (CharacterCodingException e) {
      return false;
    }
  }
}
