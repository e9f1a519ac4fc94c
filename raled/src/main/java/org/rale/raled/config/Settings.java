package org.rale.raled.config;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.rale.settings.Place;

/**
 * What the file and the environment say, key by key; every value is in its range.
 *
 * @param given the keys that were set, by their name
 */
record Settings(Map<String, Given> given) {

  /**
   * A key that was set.
   *
   * @param value of the key's type
   * @param text how it was written, expanded
   */
  record Given(Object value, String text, Place place) {}

  Settings {
    given = Map.copyOf(given);
  }

  boolean isSet(Key<?> key) {
    return given.containsKey(key.name());
  }

  /** The value that was set, or nothing. */
  <T> Optional<T> find(Key<T> key) {
    return Optional.ofNullable(given.get(key.name()))
        .map(found -> key.kind().type().cast(found.value()));
  }

  /** The value that was set, or the default. */
  <T> T get(Key<T> key) {
    return find(key).orElseGet(key::defaultValue);
  }

  /** Where the key was set, to name it as the cause of a problem. */
  Optional<Place> place(Key<?> key) {
    return Optional.ofNullable(given.get(key.name())).map(Given::place);
  }

  /** How the value in force would be written. */
  String text(Key<?> key) {
    Given found = given.get(key.name());
    return found == null ? key.defaultText() : found.text();
  }

  /** These settings, with what the other ones say about one key. */
  Settings with(Key<?> key, Settings other) {
    Map<String, Given> merged = new LinkedHashMap<>(given);
    Given found = other.given.get(key.name());
    if (found == null) {
      merged.remove(key.name());
    } else {
      merged.put(key.name(), found);
    }
    return new Settings(merged);
  }
}
