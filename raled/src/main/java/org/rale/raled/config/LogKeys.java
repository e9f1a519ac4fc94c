package org.rale.raled.config;

import java.nio.file.Path;
import java.util.List;

/**
 * The five keys that each of the three logs has.
 *
 * @param log raled, dstore or comm
 */
record LogKeys(
    String log,
    Key<LogDestination> destination,
    Key<Path> file,
    Key<LogLevel> level,
    Key<Integer> rotationSize,
    Key<Integer> rotationAge) {

  static LogKeys of(String log, String whatItTells) {
    return new LogKeys(
        log,
        Key.of(
                log + "_log_destination",
                Kinds.choice(LogDestination.class),
                "stdout",
                "Where the " + log + " log goes: " + whatItTells + ".")
            .reloadable(),
        Key.of(
                log + "_log_file",
                Kinds.PATH,
                log + "1.log",
                "The file of the "
                    + log
                    + " log, for the destination file; relative to log_directory.")
            .reloadable(),
        Key.of(
                log + "_log_level",
                Kinds.choice(LogLevel.class),
                "info",
                "How much the " + log + " log tells; each level includes those before it.")
            .reloadable(),
        Key.of(
                log + "_log_rotation_size",
                Kinds.number(1, 1000, "MB"),
                "10",
                "The " + log + " log file is closed and kept under another name at this size.")
            .reloadable(),
        Key.of(
                log + "_log_rotation_age",
                Kinds.number(1, 365, "days"),
                "7",
                "A " + log + " log file is closed at midnight, and removed after so many days.")
            .reloadable());
  }

  LogKeys aliases(String ofFile, String ofLevel) {
    return new LogKeys(
        log, destination, file.alias(ofFile), level.alias(ofLevel), rotationSize, rotationAge);
  }

  List<Key<?>> all() {
    return List.of(destination, file, level, rotationSize, rotationAge);
  }

  LogConfig read(Settings settings) {
    return new LogConfig(
        log,
        settings.get(destination),
        settings.get(file),
        settings.get(level),
        settings.get(rotationSize),
        settings.get(rotationAge));
  }
}
