package org.rale.raled.hooks;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.function.Consumer;

/** What a hook says, line by line, up to a bound; how much more there was is said at the end. */
final class OutputLog {
  static final int MAX_LINES = 100;
  static final int MAX_LINE_BYTES = 1000;

  private final Consumer<String> lines;
  private final ByteArrayOutputStream line = new ByteArrayOutputStream();
  private boolean pending;
  private int said;
  private long leftOut;

  /**
   * @param lines takes each line, without its end
   */
  OutputLog(Consumer<String> lines) {
    this.lines = lines;
  }

  void add(byte[] bytes, int length) {
    for (int i = 0; i < length; i++) {
      if (bytes[i] == '\n') {
        endLine();
      } else {
        pending = true;
        if (line.size() < MAX_LINE_BYTES && said < MAX_LINES) {
          line.write(bytes[i]);
        }
      }
    }
  }

  /** Nothing more comes. */
  void end() {
    if (pending) {
      endLine();
    }
    if (leftOut > 0) {
      lines.accept("(" + leftOut + " more lines)");
    }
  }

  private void endLine() {
    if (said < MAX_LINES) {
      said++;
      lines.accept(printable(line.toString(StandardCharsets.UTF_8)));
    } else {
      leftOut++;
    }
    line.reset();
    pending = false;
  }

  /** A log is read on terminals, and a line of it is one line. */
  private static String printable(String text) {
    return text.replaceAll("\\p{Cntrl}", "?");
  }
}
