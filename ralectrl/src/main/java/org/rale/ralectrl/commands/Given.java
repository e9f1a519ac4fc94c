package org.rale.ralectrl.commands;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.rale.ralectrl.output.Failure;

/** The values of a command that can be given by position or by option, but not half and half. */
final class Given {
  private Given() {}

  /**
   * One value.
   *
   * @param option its long name
   * @param text what stood behind the option; null without it
   */
  record Value(String option, @Nullable String text) {
    Value(Option option, Arguments given) {
      this(option.name(), given.text(option));
    }
  }

  /**
   * The values, in the order of {@code values}.
   *
   * @param positions what was given by position
   */
  static List<String> of(String command, List<String> positions, Value... values) throws Failure {
    List<String> missing = new ArrayList<>();
    List<String> byOption = new ArrayList<>();
    for (Value value : values) {
      if (value.text() == null) {
        missing.add(value.option());
      } else {
        byOption.add(value.text());
      }
    }
    if (positions.isEmpty()) {
      if (!missing.isEmpty()) {
        throw wrong(command, "%s is missing".formatted(String.join(", ", missing)));
      }
      return byOption;
    }
    if (!byOption.isEmpty()) {
      throw wrong(command, "values are given both by position and by option");
    }
    if (positions.size() != values.length) {
      throw wrong(
          command,
          "%d %s expected, but there %s %d"
              .formatted(
                  values.length,
                  values.length == 1 ? "value is" : "values are",
                  positions.size() == 1 ? "is" : "are",
                  positions.size()));
    }
    return positions;
  }

  /** At most one value, which may be missing. */
  static @Nullable String optional(String command, List<String> positions, @Nullable String option)
      throws Failure {
    if (positions.isEmpty()) {
      return option;
    }
    if (option != null) {
      throw wrong(command, "a value is given both by position and by option");
    }
    if (positions.size() > 1) {
      throw wrong(command, "at most 1 value is expected, but there are " + positions.size());
    }
    return positions.get(0);
  }

  static Failure wrong(String command, String message) {
    return Failure.usage(command + ": " + message, "Try \"ralectrl HELP %s\".".formatted(command));
  }
}
