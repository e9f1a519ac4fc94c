package org.rale.raled;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Where the configuration is looked for when the command line names none.
 *
 * @param places in the order in which they are tried
 */
record ConfigSearch(List<Path> places) {

  /**
   * @param home the user's home directory; empty where there is none
   */
  static ConfigSearch of(String home) {
    List<Path> places = new ArrayList<>();
    if (!home.isEmpty()) {
      places.add(Path.of(home, ".config/rale/raled.conf"));
    }
    places.add(Path.of("/etc/rale/raled.conf"));
    places.add(Path.of("raled.conf"));
    return new ConfigSearch(places);
  }

  /**
   * The first that exists, readable or not: one that can't be read is no reason to take another.
   */
  Optional<Path> find() {
    return places.stream().filter(Files::exists).findFirst();
  }
}
