package org.rale.canary;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.LongStream;
import java.util.stream.Stream;

/**
 * A bug, and who must find it how soon.
 *
 * @param name of its file
 * @param rule of docs/SAFETY.md that it breaks
 * @param bug one sentence: what the program does wrong
 * @param trial what must find it
 * @param first the first seed that is run. 1, unless the bug shows so seldom that a build can't
 *     wait
 * @param last by which it is found
 * @param judges one of which must find it, as {@link Finding#judge} names them
 */
record Canary(
    String name,
    String rule,
    String bug,
    Trial trial,
    long first,
    long last,
    Set<String> judges,
    Patch patch) {

  private static final String ENDING = ".patch";

  /** All of the directory, by name. */
  static List<Canary> all(Path directory) {
    try (Stream<Path> files = Files.list(directory)) {
      return files
          .filter(file -> file.toString().endsWith(ENDING))
          .sorted()
          .map(Canary::read)
          .toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static Canary read(Path file) {
    String name = file.getFileName().toString().replace(ENDING, "");
    String text;
    try {
      text = Files.readString(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    Map<String, String> head =
        text.lines()
            .takeWhile(line -> !line.isEmpty())
            .map(line -> line.split(": ", 2))
            .collect(Collectors.toMap(pair -> pair[0], pair -> pair[1]));
    Function<String, String> field =
        key ->
            Optional.ofNullable(head.get(key))
                .orElseThrow(() -> new IllegalArgumentException(name + " has no line " + key));
    String[] seeds = field.apply("Seeds").split(" to ");
    return new Canary(
        name,
        field.apply("Rule"),
        field.apply("Bug"),
        Trial.named(field.apply("Trial")),
        Long.parseLong(seeds[0]),
        Long.parseLong(seeds[1]),
        Arrays.stream(field.apply("Judges").split(", ")).collect(Collectors.toSet()),
        new Patch(name, text));
  }

  LongStream seeds() {
    return LongStream.rangeClosed(first, last);
  }

  @Override
  public String toString() {
    return rule + " " + name;
  }
}
