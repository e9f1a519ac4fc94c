package org.rale.raled;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Where the configuration is looked for when the command line names none.
 *
 * @param places in the order in which they are tried
 */
record ConfigSearch(List<Path> places) {

  /**
   * The tilde is what it is to a shell: HOME, and the home of the user database without it. Java
   * looks at the latter alone, so that a daemon under another HOME would read the wrong file.
   *
   * @param userHome the user's home directory by the user database; empty where there is none
   */
  static ConfigSearch of(Map<String, String> environment, String userHome) {
    String given = environment.getOrDefault("HOME", "");
    String home = given.isEmpty() ? userHome : given;
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
