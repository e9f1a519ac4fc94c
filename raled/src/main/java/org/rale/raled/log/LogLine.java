package org.rale.raled.log;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.pattern.ThrowableProxyConverter;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.LayoutBase;
import java.time.Instant;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.Locale;

/**
 * How a line looks: PostgreSQL's time, the node, the level, the log.
 *
 * <pre>
 * 2026-11-23 07:30:12.123 UTC [rale/1] WARNING comm: node 2 does not answer
 * </pre>
 *
 * What follows a line end within a message is indented by a tab, and other control characters are
 * shown as {@code \x1b}: no peer or client can write a line of its own, or to a terminal.
 */
final class LogLine extends LayoutBase<ILoggingEvent> {
  private static final DateTimeFormatter TIME =
      DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm:ss.SSS zzz", Locale.ROOT);

  private final String node;
  private final ZoneId zone;
  private final ThrowableProxyConverter stackTrace = new ThrowableProxyConverter();

  /**
   * @param node cluster name and node id
   */
  LogLine(String node, ZoneId zone) {
    this.node = node;
    this.zone = zone;
    stackTrace.start();
  }

  @Override
  public String doLayout(ILoggingEvent event) {
    StringBuilder line = new StringBuilder(160);
    TIME.formatTo(Instant.ofEpochMilli(event.getTimeStamp()).atZone(zone), line);
    line.append(" [").append(node).append("] ").append(levelName(event.getLevel()));
    line.append(' ').append(LogName.of(event.getLoggerName())).append(": ");
    appendMessage(line, event);
    return line.append('\n').toString();
  }

  /** The message and the stack trace, if there is one, without time and level. */
  void appendMessage(StringBuilder line, ILoggingEvent event) {
    appendSafely(line, event.getFormattedMessage());
    if (event.getThrowableProxy() != null) {
      line.append("\n\t");
      appendSafely(line, stackTrace.convert(event).stripTrailing());
    }
  }

  static String levelName(Level level) {
    return level == Level.WARN ? "WARNING" : level.toString();
  }

  private static void appendSafely(StringBuilder line, String text) {
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c == '\n') {
        line.append("\n\t");
      } else if (c == '\t' || (c >= ' ' && !Character.isISOControl(c))) {
        line.append(c);
      } else if (c != '\r') {
        line.append(String.format(Locale.ROOT, "\\x%02x", (int) c));
      }
    }
  }
}
