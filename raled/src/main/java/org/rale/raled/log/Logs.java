package org.rale.raled.log;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import java.io.IOException;
import java.nio.file.Path;
import java.time.ZoneId;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.rale.raled.config.LogConfig;
import org.rale.raled.config.LogDestination;
import org.rale.raled.config.LogLevel;
import org.rale.raled.config.NodeConfig;
import org.slf4j.LoggerFactory;

/**
 * The logs of a daemon. Which log a line goes to is said by the package of its logger:
 *
 * <ul>
 *   <li>comm: org.rale.raled.net, org.rale.wire, and what Netty says from info up
 *   <li>dstore: org.rale.dstore, org.rale.replica, org.rale.clusterdb
 *   <li>raled: all others
 * </ul>
 *
 * <p>Lines are written by a thread of their own for each destination, and lost when more than a
 * bounded number wait (S-16).
 */
public final class Logs {
  private static final Path SYSLOG = Path.of("/dev/log");

  private final LoggerContext context;
  private final Path syslog;
  private final Mode mode;
  private @Nullable List<LogConfig> current;
  private @Nullable Path currentDirectory;
  private @Nullable Destinations destinations;

  /**
   * What the command line has to say about the logs.
   *
   * @param verbose at level debug, whatever the configuration says
   * @param detached there is no terminal: logs to standard output or error go to their files
   */
  public record Mode(boolean verbose, boolean detached) {}

  Logs(LoggerContext context, Path syslog, Mode mode) {
    this.context = context;
    this.syslog = syslog;
    this.mode = mode;
  }

  /** The logs of this process; as long as nothing is applied, warnings go to standard error. */
  public static Logs ofProcess(Mode mode) {
    return new Logs((LoggerContext) LoggerFactory.getILoggerFactory(), SYSLOG, mode);
  }

  /**
   * Takes a configuration, at the start and at each reload. Lines that are logged during a reload
   * which changes a destination may be lost.
   *
   * @throws IOException where a log can't be opened; the logs are then as they were before
   */
  public synchronized void apply(NodeConfig config) throws IOException {
    List<LogConfig> wanted = config.logging().all().stream().map(this::inMode).toList();
    Path directory = config.logging().directory();
    if (!sameDestinations(wanted, directory)) {
      for (LogConfig log : wanted) {
        Destinations.probe(log, directory, syslog);
      }
      close();
      LogLine line =
          new LogLine(config.clusterName() + "/" + config.nodeId(), ZoneId.systemDefault());
      destinations = open(new Destinations(context, line, directory, syslog), wanted);
    }
    wanted.forEach(this::setLevel);
    current = wanted;
    currentDirectory = directory;
  }

  /** Whether the log raled goes to standard error, so that its owner reads both in one place. */
  public synchronized boolean isOnStandardError() {
    return current != null
        && current.stream()
            .anyMatch(
                log -> log.name().equals("raled") && log.destination() == LogDestination.STDERR);
  }

  /** Writes what waits, for a bounded time; what is logged later is lost. */
  public synchronized void close() {
    if (destinations != null) {
      destinations.close();
      destinations = null;
      current = null;
    }
  }

  private LogConfig inMode(LogConfig log) {
    boolean toTerminal =
        log.destination() == LogDestination.STDOUT || log.destination() == LogDestination.STDERR;
    return new LogConfig(
        log.name(),
        mode.detached() && toTerminal ? LogDestination.FILE : log.destination(),
        log.file(),
        mode.verbose() ? LogLevel.DEBUG : log.level(),
        log.rotationSizeMb(),
        log.rotationAgeDays());
  }

  private boolean sameDestinations(List<LogConfig> wanted, Path directory) {
    return current != null
        && directory.equals(currentDirectory)
        && atOneLevel(current).equals(atOneLevel(wanted));
  }

  private static List<LogConfig> atOneLevel(List<LogConfig> logs) {
    return logs.stream()
        .map(
            log ->
                new LogConfig(
                    log.name(),
                    log.destination(),
                    log.file(),
                    LogLevel.INFO,
                    log.rotationSizeMb(),
                    log.rotationAgeDays()))
        .toList();
  }

  private Destinations open(Destinations opened, List<LogConfig> logs) {
    for (LogConfig log : logs) {
      for (String name : LogName.loggers(log.name())) {
        Logger logger = context.getLogger(name);
        logger.detachAndStopAllAppenders();
        logger.setAdditive(false);
        logger.addAppender(opened.open(log));
      }
    }
    return opened;
  }

  private void setLevel(LogConfig log) {
    for (String name : LogName.loggers(log.name())) {
      Level level = level(log.level());
      // At debug Netty tells how it finds each of its optional parts.
      boolean tooMuch = name.equals("io.netty") && log.level() == LogLevel.DEBUG;
      context.getLogger(name).setLevel(tooMuch ? Level.INFO : level);
    }
  }

  private static Level level(LogLevel level) {
    return switch (level) {
      case ERROR -> Level.ERROR;
      case WARNING -> Level.WARN;
      case INFO -> Level.INFO;
      case DEBUG -> Level.DEBUG;
    };
  }
}
