package org.rale.ralectrl.commands;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * An option of the command line.
 *
 * @param names with their hyphens; the last one, the long one, no other option has
 * @param label what help calls its value; null where it takes none
 * @param description a sentence of help
 */
record Option(List<String> names, @Nullable String label, String description) {

  /** One that takes a value. */
  static Option text(String label, String description, String... names) {
    return new Option(List.of(names), label, description);
  }

  /** One that is given or not. */
  static Option flag(String description, String... names) {
    return new Option(List.of(names), null, description);
  }

  boolean isFlag() {
    return label == null;
  }

  /** The long one. */
  String name() {
    return names.get(names.size() - 1);
  }
}
