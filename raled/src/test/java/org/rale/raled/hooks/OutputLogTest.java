package org.rale.raled.hooks;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** A hook says what it likes, and the log takes what it can. */
class OutputLogTest {
  private final List<String> lines = new ArrayList<>();
  private final OutputLog output = new OutputLog(lines::add);

  private void say(String text) {
    byte[] bytes = text.getBytes(UTF_8);
    output.add(bytes, bytes.length);
  }

  @Test
  void linesComeWhole() {
    say("one\ntw");
    say("o\n\nth\u001b[31mree\r\nlast");
    assertThat(lines).containsExactly("one", "two", "", "th?[31mree?");
    output.end();
    assertThat(lines).endsWith("last").hasSize(5);
  }

  @Test
  void nothingIsNoLine() {
    output.end();
    assertThat(lines).isEmpty();
  }

  @Test
  void thereIsABound() {
    say("x".repeat(OutputLog.MAX_LINE_BYTES + 500) + "\n");
    for (int i = 0; i < 2 * OutputLog.MAX_LINES; i++) {
      say("line\n");
    }
    say("unfinished");
    output.end();
    assertThat(lines).hasSize(OutputLog.MAX_LINES + 1);
    assertThat(lines.get(0)).hasSize(OutputLog.MAX_LINE_BYTES);
    assertThat(lines.get(OutputLog.MAX_LINES)).isEqualTo("(102 more lines)");
  }
}
