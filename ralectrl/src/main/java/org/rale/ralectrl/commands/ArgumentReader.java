package org.rale.ralectrl.commands;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.rale.ralectrl.output.Failure;

/**
 * Sorts what the user wrote. Only what can't be misread is sorted here: options by one of their
 * whole names, once each, and values without a hyphen in front. All else, and with it all that is
 * wrong, is for picocli, which knows more ways to write an option. It would take half of the time
 * of a whole run, and most are written like this.
 */
public final class ArgumentReader {
  private static final String END_OF_OPTIONS = "--";

  private final List<Option> options;
  private final List<String> words;
  private final Map<String, String> found = new HashMap<>();
  private int next;

  private ArgumentReader(List<Option> options, List<String> words) {
    this.options = options;
    this.words = words;
  }

  /** Global options up to the command; that and what follows it are the positions. */
  public static Arguments global(List<String> words) throws Failure {
    Arguments simple = simplyGlobal(words);
    return simple == null ? Picocli.global(words) : simple;
  }

  /** What follows the command: its own options, global ones, and values. */
  public static Arguments command(Command command, List<String> words) throws Failure {
    Syntax syntax = command.syntax();
    Arguments simple = simplyOf(syntax, words);
    return simple == null ? Picocli.command(syntax, words) : simple;
  }

  /** Null where this is for picocli. */
  static @Nullable Arguments simplyGlobal(List<String> words) {
    ArgumentReader reader = new ArgumentReader(GlobalOptions.ALL, words);
    while (reader.isAtOption()) {
      if (!reader.takeOption()) {
        return null;
      }
    }
    return new Arguments(words, reader.found, words.subList(reader.next, words.size()));
  }

  /** Null where this is for picocli. */
  static @Nullable Arguments simplyOf(Syntax syntax, List<String> words) {
    // The command's come first: a name that both have is the command's, such as -p of ADD.
    List<Option> options = new ArrayList<>(syntax.options());
    options.addAll(GlobalOptions.ALL);
    ArgumentReader reader = new ArgumentReader(options, words);
    List<String> positions = new ArrayList<>();
    while (reader.next < words.size()) {
      if (!reader.isAtOption()) {
        positions.add(words.get(reader.next++));
      } else if (words.get(reader.next).equals(END_OF_OPTIONS)) {
        positions.addAll(words.subList(reader.next + 1, words.size()));
        reader.next = words.size();
      } else if (!reader.takeOption()) {
        return null;
      }
    }
    boolean tooMany = syntax.positions() == null && !positions.isEmpty();
    return tooMany ? null : new Arguments(words, reader.found, positions);
  }

  /** A lone hyphen is a value: it stands for the standard input. */
  private boolean isAtOption() {
    return next < words.size() && words.get(next).length() > 1 && words.get(next).startsWith("-");
  }

  /** {@code --name VALUE}, {@code --name=VALUE} or a flag; false where it is none of these. */
  private boolean takeOption() {
    String word = words.get(next++);
    int equals = word.indexOf('=');
    Option option = option(equals < 0 ? word : word.substring(0, equals));
    if (option == null || found.containsKey(option.name())) {
      return false;
    }
    if (option.isFlag()) {
      found.put(option.name(), "true");
      return equals < 0;
    }
    if (equals < 0 && next == words.size()) {
      return false;
    }
    String value = equals < 0 ? words.get(next++) : word.substring(equals + 1);
    found.put(option.name(), value);
    return !value.startsWith("-");
  }

  private @Nullable Option option(String name) {
    for (Option option : options) {
      if (option.names().contains(name)) {
        return option;
      }
    }
    return null;
  }
}
