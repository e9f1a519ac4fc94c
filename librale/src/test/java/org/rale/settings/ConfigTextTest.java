package org.rale.settings;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.rale.settings.ConfigText.Line;

class ConfigTextTest {
  private final List<Problem> problems = new ArrayList<>();

  private List<Line> parse(String text) {
    return ConfigText.parse("t", text, problems);
  }

  private String value(String text) {
    List<Line> lines = parse("k = " + text);
    assertThat(problems).isEmpty();
    assertThat(lines).hasSize(1);
    return lines.get(0).value();
  }

  private static Line line(String key, String value, int number) {
    return new Line(key, value, new Place("t", number));
  }

  @Test
  void settingsCommentsAndEmptyLines() {
    assertThat(parse("# c = 1\n\n  a=1\n\tb\t=\t2  \n   # d\nc =3"))
        .containsExactly(line("a", "1", 3), line("b", "2", 4), line("c", "3", 6));
    assertThat(problems).isEmpty();
  }

  @Test
  void lineEndsOfWindowsAndAByteOrderMark() {
    assertThat(parse("\uFEFFa = 1\r\nb = 2\r\n"))
        .containsExactly(line("a", "1", 1), line("b", "2", 2));
  }

  @Test
  void aCommentBeginsAfterABlank() {
    assertThat(value("v # c")).isEqualTo("v");
    assertThat(value("v#c")).isEqualTo("v#c");
    assertThat(value("# c")).isEmpty();
    assertThat(value("'v # c' # d")).isEqualTo("v # c");
  }

  @Test
  void quotesKeepWhatTheyHold() {
    assertThat(value("\"  v  \"")).isEqualTo("  v  ");
    assertThat(value("'a \"b\" c'")).isEqualTo("a \"b\" c");
    assertThat(value("\"a \\\"b\\\" \\\\ \\n\"")).isEqualTo("a \"b\" \\ \\n");
    assertThat(value("''")).isEmpty();
    assertThat(value("don't")).isEqualTo("don't");
    assertThat(value("a=b")).isEqualTo("a=b");
  }

  @Test
  void aBackslashJoinsTheNextLine() {
    assertThat(value("1:a, \\\n      2:b")).isEqualTo("1:a, 2:b");
    assertThat(value("\\\n  v")).isEqualTo("v");
    assertThat(value("a\\  \nb")).isEqualTo("ab");
    assertThat(value("'a \\\n  b'")).isEqualTo("a b");
    assertThat(value("a\\b")).isEqualTo("a\\b");
    assertThat(value("v \\")).isEqualTo("v");
  }

  @Test
  void aCommentIsNeverContinued() {
    assertThat(parse("# c \\\na = 1 # d \\\nb = 2"))
        .containsExactly(line("a", "1", 2), line("b", "2", 3));
  }

  @Test
  void linesAreCountedAcrossContinuations() {
    assertThat(parse("a = 1 \\\n 2 \\\n 3\nb = 4"))
        .containsExactly(line("a", "1 2 3", 1), line("b", "4", 4));
  }

  @Test
  void everyMistakeIsToldAndTheRestIsRead() {
    assertThat(parse("nonsense\n= 1\na = 'x\nb = 'x' y\nc = 1\n[section]"))
        .containsExactly(line("c", "1", 5));
    assertThat(problems.stream().map(Problem::render))
        .containsExactly(
            "t:1: error: this line is no setting: \"nonsense\"\n"
                + "  detail: Expected: key = value, or a comment after '#'.",
            "t:2: error: there is no key before the '='\n  detail: Expected: key = value",
            "t:3: error: the quote ' is not closed\n  detail: Expected: key = 'value'",
            "t:4: error: after the closing quote comes \"y\"\n"
                + "  detail: Expected the end of the line, or a comment.",
            "t:6: error: this line is no setting: \"[section]\"\n"
                + "  detail: Expected: key = value, or a comment after '#'.");
  }

  @Test
  void anyTextComesToAnEndWithSettingsOrProblems() {
    String alphabet = "ab=#'\"\\\n\r \t${}:\0ü1";
    Random random = new Random(7);
    for (int round = 0; round < 20_000; round++) {
      StringBuilder text = new StringBuilder();
      int length = random.nextInt(40);
      for (int i = 0; i < length; i++) {
        text.append(alphabet.charAt(random.nextInt(alphabet.length())));
      }
      problems.clear();
      int lines = text.toString().split("\n", -1).length;
      assertThat(parse(text.toString()))
          .allSatisfy(
              line -> {
                assertThat(line.key()).isNotEmpty().doesNotContain("=", "#", "\n");
                assertThat(line.value()).doesNotContain("\n");
                assertThat(line.place().line()).isBetween(1, lines);
              });
      assertThat(problems).allSatisfy(p -> assertThat(p.place().line()).isBetween(1, lines));
    }
  }
}
