package org.rale.ralectrl.output;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.rale.bytes.Bytes;

class QuotedTest {

  /** Each char of {@code bytes} is a byte. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "``|\"\"",
        "dark blue|\"dark blue\"",
        "say \"a\\b\"|\"say \\\"a\\\\b\\\"\"",
        "\u00c3\u00a4|\"\u00e4\"",
        "\u00f0\u009f\u0090\u0098|\"\ud83d\udc18\"",
        "a\u00c3|\"a\\xc3\"",
        "\u00e2\u0082b|\"\\xe2\\x82b\"",
        "\u00ff\u00fe!|\"\\xff\\xfe!\"",
        "\u00ed\u00a0\u0080|\"\\xed\\xa0\\x80\"",
        "x\u001b[2J\u007f|\"x\\x1b[2J\\x7f\"",
        "\u00c2\u0085\u00e2\u0080\u00a8|\"\\xc2\\x85\\xe2\\x80\\xa8\"",
        "`x\n\t\u0001y`|\"x\\x0a\\x09\\x01y\"",
      })
  void standsOnOneLineAndCanBeReadBack(String bytes, String quoted) {
    assertThat(Quoted.of(Bytes.wrap(bytes.getBytes(StandardCharsets.ISO_8859_1))))
        .isEqualTo(quoted);
  }
}
