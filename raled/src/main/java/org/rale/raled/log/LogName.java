package org.rale.raled.log;

import java.util.List;
import java.util.Map;
import org.slf4j.Logger;

/** Which of the three logs a line goes to, by the package of the logger that it came from. */
final class LogName {
  /** Everything is the daemon's log, but what is named for one of the others. */
  private static final Map<String, List<String>> LOGGERS =
      Map.of(
          "raled", List.of(Logger.ROOT_LOGGER_NAME),
          "dstore", List.of("org.rale.dstore", "org.rale.replica", "org.rale.clusterdb"),
          "comm", List.of("org.rale.raled.net", "org.rale.wire", "io.netty"));

  private LogName() {}

  /** The loggers at the root of a log. */
  static List<String> loggers(String log) {
    return LOGGERS.getOrDefault(log, List.of());
  }

  static String of(String logger) {
    for (String log : List.of("dstore", "comm")) {
      for (String name : loggers(log)) {
        if (logger.equals(name) || logger.startsWith(name + ".")) {
          return log;
        }
      }
    }
    return "raled";
  }
}
