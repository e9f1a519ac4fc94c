package org.rale.raled.log;

import ch.qos.logback.classic.AsyncAppender;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.Appender;
import ch.qos.logback.core.ConsoleAppender;
import ch.qos.logback.core.encoder.LayoutWrappingEncoder;
import ch.qos.logback.core.rolling.RollingFileAppender;
import ch.qos.logback.core.rolling.SizeAndTimeBasedRollingPolicy;
import ch.qos.logback.core.util.FileSize;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.HashMap;
import java.util.Map;
import org.rale.raled.config.LogConfig;

/**
 * Opens what lines are written to. Logs with the same destination share it, and with it the thread
 * that writes.
 */
final class Destinations {
  /** Lines that wait to be written to one destination. */
  private static final int QUEUE_LINES = 4096;

  /** How long a stop waits for the lines that wait. */
  private static final int FLUSH_MS = 2000;

  private final LoggerContext context;
  private final LogLine line;
  private final Path directory;
  private final Path syslog;
  private final Map<String, AsyncAppender> opened = new HashMap<>();

  /**
   * @param directory of log files with a relative name
   */
  Destinations(LoggerContext context, LogLine line, Path directory, Path syslog) {
    this.context = context;
    this.line = line;
    this.directory = directory;
    this.syslog = syslog;
  }

  /** Finds out whether {@link #open} will work, as far as that can be known. */
  static void probe(LogConfig log, Path directory, Path syslog) throws IOException {
    switch (log.destination()) {
      case FILE -> {
        Path file = directory.resolve(log.file());
        try {
          Path parent = file.toAbsolutePath().getParent();
          if (parent != null) {
            Files.createDirectories(parent);
          }
          Files.newOutputStream(file, StandardOpenOption.CREATE, StandardOpenOption.APPEND).close();
        } catch (IOException e) {
          throw new IOException("the log file " + file + " can't be written: " + e, e);
        }
      }
      case SYSLOG -> SyslogAppender.probe(syslog);
      case STDOUT, STDERR -> {}
    }
  }

  AsyncAppender open(LogConfig log) {
    return switch (log.destination()) {
      case STDOUT -> shared("stdout", console("System.out", line, context));
      case STDERR -> shared("stderr", console("System.err", line, context));
      case SYSLOG -> shared("syslog", syslog());
      case FILE -> {
        Path file = directory.resolve(log.file()).toAbsolutePath().normalize();
        AsyncAppender known = opened.get(file.toString());
        yield known != null ? known : shared(file.toString(), file(log, file));
      }
    };
  }

  /** Writes what waits and closes all; waits no longer than {@link #FLUSH_MS} for each. */
  void close() {
    opened.values().forEach(AsyncAppender::stop);
    opened.clear();
  }

  private AsyncAppender shared(String name, Appender<ILoggingEvent> target) {
    return opened.computeIfAbsent(name, absent -> async(name, target));
  }

  /** A full disk or a stopped terminal must not hold up elections: a full queue loses lines. */
  private AsyncAppender async(String name, Appender<ILoggingEvent> target) {
    AsyncAppender async = new AsyncAppender();
    async.setContext(context);
    async.setName(name);
    async.setQueueSize(QUEUE_LINES);
    async.setDiscardingThreshold(0);
    async.setNeverBlock(true);
    async.setMaxFlushTime(FLUSH_MS);
    async.addAppender(target);
    async.start();
    return async;
  }

  private Appender<ILoggingEvent> syslog() {
    String tag = "raled[" + ProcessHandle.current().pid() + "]";
    SyslogAppender appender = new SyslogAppender(syslog, tag, line);
    appender.setContext(context);
    appender.start();
    return appender;
  }

  private Appender<ILoggingEvent> file(LogConfig log, Path file) {
    RollingFileAppender<ILoggingEvent> appender = new RollingFileAppender<>();
    appender.setContext(context);
    appender.setName(file.toString());
    appender.setFile(file.toString());
    appender.setEncoder(encoder(line, context));
    SizeAndTimeBasedRollingPolicy<ILoggingEvent> policy = new SizeAndTimeBasedRollingPolicy<>();
    policy.setContext(context);
    policy.setParent(appender);
    policy.setFileNamePattern(file + ".%d{yyyy-MM-dd}.%i");
    policy.setMaxFileSize(new FileSize(log.rotationSizeMb() * FileSize.MB_COEFFICIENT));
    policy.setMaxHistory(log.rotationAgeDays());
    policy.setCleanHistoryOnStart(true);
    policy.start();
    appender.setRollingPolicy(policy);
    appender.start();
    return appender;
  }

  static Appender<ILoggingEvent> console(String target, LogLine line, LoggerContext context) {
    ConsoleAppender<ILoggingEvent> appender = new ConsoleAppender<>();
    appender.setContext(context);
    appender.setTarget(target);
    appender.setEncoder(encoder(line, context));
    appender.start();
    return appender;
  }

  private static LayoutWrappingEncoder<ILoggingEvent> encoder(LogLine line, LoggerContext context) {
    LayoutWrappingEncoder<ILoggingEvent> encoder = new LayoutWrappingEncoder<>();
    encoder.setContext(context);
    encoder.setCharset(StandardCharsets.UTF_8);
    encoder.setLayout(line);
    encoder.start();
    return encoder;
  }
}
