package org.rale.ralectrl.commands;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.rale.ralectrl.output.Failure;

/** What is read without picocli is what picocli reads. */
class ArgumentReaderTest {
  private static final int LINES = 3000;

  /** Values, and what is none in one place or another. */
  private static final List<String> OTHER =
      List.of(
          "a",
          "",
          "-",
          "--",
          "=",
          "k=v",
          "--=",
          "-1",
          "-x",
          "--frob",
          "--frob=1",
          "@a",
          "\"a b\"",
          "a\nb",
          "${a}",
          "'",
          "GET",
          "true",
          "é");

  static List<String> commands() {
    return Catalog.NAMES;
  }

  @ParameterizedTest
  @MethodSource("commands")
  void readsWhatFollowsACommandAsPicocliDoes(String name) throws Failure {
    Syntax syntax = Objects.requireNonNull(Catalog.find(name)).syntax();
    List<Option> options = new ArrayList<>(syntax.options());
    options.addAll(GlobalOptions.ALL);
    Random random = new Random(name.hashCode());
    int simple = 0;
    for (int i = 0; i < LINES; i++) {
      List<String> words = line(random, options);
      Arguments read = ArgumentReader.simplyOf(syntax, words);
      if (read != null) {
        simple++;
        assertThat(read).as("%s %s", name, words).isEqualTo(Picocli.command(syntax, words));
      }
    }
    assertThat(simple).isBetween(LINES / 10, LINES * 9 / 10);
  }

  @Test
  void readsWhatStandsBeforeTheCommandAsPicocliDoes() throws Failure {
    Random random = new Random(1);
    int simple = 0;
    for (int i = 0; i < LINES; i++) {
      List<String> words = line(random, GlobalOptions.ALL);
      Arguments read = ArgumentReader.simplyGlobal(words);
      if (read != null) {
        simple++;
        assertThat(read).as("%s", words).isEqualTo(Picocli.global(words));
      }
    }
    assertThat(simple).isBetween(LINES / 10, LINES * 9 / 10);
  }

  private static List<String> line(Random random, List<Option> options) {
    List<String> words = new ArrayList<>();
    int length = random.nextInt(5);
    for (int i = 0; i < length; i++) {
      words.addAll(some(random, options));
    }
    return words;
  }

  private static List<String> some(Random random, List<Option> options) {
    String other = OTHER.get(random.nextInt(random.nextBoolean() ? 1 : OTHER.size()));
    Option option = options.get(random.nextInt(options.size()));
    String name = option.names().get(random.nextInt(option.names().size()));
    return switch (random.nextInt(7)) {
      case 0, 1 -> List.of(other);
      case 2 -> List.of(name);
      case 3 -> List.of(name + "=" + other);
      case 4 -> List.of(name + other);
      default -> option.isFlag() ? List.of(name) : List.of(name, other);
    };
  }

  @Test
  void theUsualLinesNeedNoPicocli() {
    assertThat(ArgumentReader.simplyGlobal(List.of("STATUS"))).isNotNull();
    assertThat(ArgumentReader.simplyGlobal(List.of("-s", "a:1,b:2", "--output=json", "GET", "-l")))
        .isNotNull();
    assertThat(simplyOf("STATUS", "--pretty", "-S", "s1")).isNotNull();
    assertThat(simplyOf("GET", "-n", "--local", "key")).isNotNull();
    assertThat(simplyOf("PUT", "key", "-")).isNotNull();
    assertThat(simplyOf("PUT", "--", "-k", "-v")).isNotNull();
    assertThat(simplyOf("ADD", "1", "n1", "10.0.0.1", "7400", "7401", "-t", "5")).isNotNull();
    assertThat(simplyOf("LOCK", "name", "--ttl", "5", "--", "sh", "-c", "true")).isNotNull();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"-x", "--local=true", "-p7401", "--port", "--port --host", "-l -l", "-ln"})
  void whatIsWrongOrRareIsLeftToPicocli(String line) {
    assertThat(simplyOf("GET", line.split(" "))).isNull();
  }

  @Test
  void aNameOfTheCommandIsNoGlobalOne() {
    Arguments add = simplyOf("ADD", "-p", "10.0.0.1", "--port", "7401");
    assertThat(add.options()).containsOnlyKeys("--node-ip", "--port");
  }

  /** {@link Arguments} goes by them. */
  @ParameterizedTest
  @MethodSource("commands")
  void longNamesAreOfOneOption(String name) {
    List<String> longNames = new ArrayList<>();
    Syntax syntax = Objects.requireNonNull(Catalog.find(name)).syntax();
    assertThat(syntax.name()).isEqualTo(name);
    syntax.options().forEach(option -> longNames.add(option.name()));
    GlobalOptions.ALL.forEach(option -> longNames.add(option.name()));
    assertThat(longNames).doesNotHaveDuplicates().allMatch(each -> each.startsWith("--"));
  }

  private static Arguments simplyOf(String name, String... words) {
    return ArgumentReader.simplyOf(
        Objects.requireNonNull(Catalog.find(name)).syntax(), List.of(words));
  }
}
