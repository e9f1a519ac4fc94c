package org.rale.raled.config;

import java.util.List;
import java.util.Locale;
import org.rale.settings.BadValueException;

/**
 * A setting that raled knows, as data.
 *
 * @param name lower case with underscores
 * @param aliases other names for the same
 * @param kind what its values are
 * @param defaultText its value when it is set nowhere, as one would write it; for a derived default
 *     how it is derived, for people to read
 * @param isDerived whether the default follows from other keys
 * @param isReloadable whether a running daemon takes a new value on SIGHUP
 * @param effect what setting it does
 * @param help a sentence or two for its owner
 */
record Key<T>(
    String name,
    List<String> aliases,
    Kind<T> kind,
    String defaultText,
    boolean isDerived,
    boolean isReloadable,
    Effect effect,
    String help) {

  /** What comes of it when a key is set. */
  enum Effect {
    /** It does what its help says. */
    FULL,
    /** Nothing yet: it is accepted with a warning. */
    NONE,
    /**
     * A protection that is not there yet: asking for it is refused, since running without is no
     * answer.
     */
    MISSING_PROTECTION
  }

  Key {
    aliases = List.copyOf(aliases);
  }

  static <T> Key<T> of(String name, Kind<T> kind, String defaultText, String help) {
    return new Key<>(name, List.of(), kind, defaultText, false, false, Effect.FULL, help);
  }

  Key<T> alias(String... names) {
    return new Key<>(
        name, List.of(names), kind, defaultText, isDerived, isReloadable, effect, help);
  }

  Key<T> derived() {
    return new Key<>(name, aliases, kind, defaultText, true, isReloadable, effect, help);
  }

  Key<T> reloadable() {
    return new Key<>(name, aliases, kind, defaultText, isDerived, true, effect, help);
  }

  Key<T> effect(Effect other) {
    return new Key<>(name, aliases, kind, defaultText, isDerived, isReloadable, other, help);
  }

  /** The value that is in force when the key is set nowhere. */
  T defaultValue() {
    if (isDerived) {
      throw new IllegalStateException("the default of " + name + " follows from other keys");
    }
    try {
      return kind.parse(defaultText);
    } catch (BadValueException e) {
      throw new IllegalStateException("the default of " + name + " is out of its own range", e);
    }
  }

  /** The environment variable that overrides the file. */
  static String variable(String nameOrAlias) {
    return "RALE_" + nameOrAlias.toUpperCase(Locale.ROOT);
  }
}
