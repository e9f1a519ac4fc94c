package org.rale.settings;

import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Puts environment variables into a value.
 *
 * <pre>
 * ${NAME}           the variable; an error where it is unset or empty
 * ${NAME:default}   the default where it is unset or empty; it may be empty too
 * $${               the two characters dollar and brace
 * </pre>
 *
 * What a variable holds is not expanded again.
 */
public final class Expansion {
  private static final Pattern REFERENCE =
      Pattern.compile("\\$?\\$\\{(?<name>[^}:]*)(?<colon>:(?<default>[^}]*))?(?<end>}?)");

  private static final Pattern NAME = Pattern.compile("[A-Za-z_][A-Za-z0-9_]*");

  private Expansion() {}

  public static String expand(String value, Map<String, String> environment)
      throws BadValueException {
    StringBuilder expanded = new StringBuilder();
    Matcher reference = REFERENCE.matcher(value);
    int from = 0;
    while (reference.find(from)) {
      expanded.append(value, from, reference.start());
      if (value.startsWith("$$", reference.start())) {
        expanded.append("${");
        from = reference.start() + "$${".length();
      } else {
        expanded.append(lookUp(reference, environment));
        from = reference.end();
      }
    }
    return expanded.append(value, from, value.length()).toString();
  }

  private static String lookUp(Matcher reference, Map<String, String> environment)
      throws BadValueException {
    String name = reference.group("name");
    if (reference.group("end").isEmpty()) {
      throw new BadValueException(
          "\"" + reference.group() + "\" has no '}': expected ${NAME} or ${NAME:default}.");
    }
    if (!NAME.matcher(name).matches()) {
      throw new BadValueException(
          "\"" + name + "\" is no name of a variable: expected ${NAME} or ${NAME:default}.");
    }
    String set = environment.getOrDefault(name, "");
    String byDefault = reference.group("default");
    if (!set.isEmpty()) {
      return set;
    }
    if (byDefault == null) {
      throw new BadValueException(
          "The environment variable "
              + name
              + " is not set: set it, or write ${"
              + name
              + ":default}.");
    }
    return byDefault;
  }
}
