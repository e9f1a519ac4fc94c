package org.rale.ralectrl.commands;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What the user wrote, sorted.
 *
 * @param words all of it, as it was written
 * @param options those that were given, by their long names, with their values; those of flags mean
 *     nothing
 * @param positions what belongs to no option, in its order; of the words before the command that is
 *     the command and all that follows it
 */
public record Arguments(List<String> words, Map<String, String> options, List<String> positions) {
  public static final Arguments NONE = new Arguments(List.of(), Map.of(), List.of());

  /** The option's value; null where it is not given. */
  @Nullable String text(Option option) {
    return options.get(option.name());
  }

  /**
   * The option's value.
   *
   * @param otherwise where it is not given
   */
  String text(Option option, String otherwise) {
    return options.getOrDefault(option.name(), otherwise);
  }

  /** Whether the option is given. */
  boolean has(Option option) {
    return options.containsKey(option.name());
  }
}
