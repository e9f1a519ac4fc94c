package org.rale.raled.log;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.AppenderBase;
import io.netty.channel.epoll.Epoll;
import io.netty.channel.unix.DomainSocketAddress;
import io.netty.channel.unix.Socket;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * Writes to the host's own syslog, as syslog(3) does: datagrams to the Unix socket /dev/log.
 *
 * <p>The JDK has no Unix datagrams, but Netty's native transport, which the daemon carries anyway,
 * has. Logback's own appender speaks UDP to port 514, where by default nobody listens.
 *
 * <p>A line that the daemon can't take at once is dropped: a log must not hold up a node. One that
 * was restarted is found again with the next line.
 */
final class SyslogAppender extends AppenderBase<ILoggingEvent> {
  /** What rsyslog takes by default; more is cut off. */
  private static final int MAX_BYTES = 8 << 10;

  /** LOG_DAEMON of syslog(3). */
  private static final int FACILITY = 3 << 3;

  private final Path path;
  private final String tag;
  private final LogLine text;
  private final ByteBuffer datagram = ByteBuffer.allocateDirect(MAX_BYTES);
  private @Nullable Socket socket;

  /**
   * @param tag what begins each line: the program and its process id
   */
  SyslogAppender(Path path, String tag, LogLine text) {
    this.path = path;
    this.tag = tag;
    this.text = text;
  }

  /** Connects, or says why not. */
  static void probe(Path path) throws IOException {
    if (!Epoll.isAvailable()) {
      throw new IOException(
          "syslog needs Netty's native transport, which is not there on this system",
          Epoll.unavailabilityCause());
    }
    connect(path).close();
  }

  @Override
  protected void append(ILoggingEvent event) {
    StringBuilder line = new StringBuilder();
    line.append('<').append(FACILITY | severity(event.getLevel())).append('>');
    line.append(tag).append(": ");
    text.appendMessage(line, event);
    byte[] bytes = line.toString().getBytes(StandardCharsets.UTF_8);
    datagram.clear().put(bytes, 0, Math.min(bytes.length, MAX_BYTES));
    try {
      send();
    } catch (IOException e) {
      sendAgain();
    }
  }

  private void send() throws IOException {
    if (socket == null) {
      socket = connect(path);
    }
    socket.write(datagram, 0, datagram.position());
  }

  private void sendAgain() {
    try {
      close();
      send();
    } catch (IOException e) {
      addWarn("syslog at " + path + " takes no line", e);
    }
  }

  private static Socket connect(Path path) throws IOException {
    Socket made = Socket.newSocketDomainDgram();
    try {
      made.connect(new DomainSocketAddress(path.toString()));
      return made;
    } catch (IOException e) {
      made.close();
      throw new IOException("no syslog listens on " + path + ": " + e.getMessage(), e);
    }
  }

  private void close() throws IOException {
    Socket old = socket;
    socket = null;
    if (old != null) {
      old.close();
    }
  }

  @Override
  public void stop() {
    super.stop();
    try {
      close();
    } catch (IOException e) {
      addWarn("the socket to " + path + " was not closed", e);
    }
  }

  private static int severity(Level level) {
    return switch (level.toInt()) {
      case Level.ERROR_INT -> 3;
      case Level.WARN_INT -> 4;
      case Level.INFO_INT -> 6;
      default -> 7;
    };
  }
}
