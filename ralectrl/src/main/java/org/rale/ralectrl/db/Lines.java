package org.rale.ralectrl.db;

import java.io.IOException;
import org.rale.ralectrl.output.Output;

/** Many lines, a few thousand characters at a time. */
final class Lines {
  private static final int ENOUGH = 32_000;

  private final Output output;
  private final StringBuilder waiting = new StringBuilder();
  private boolean empty = true;

  Lines(Output output) {
    this.output = output;
  }

  void add(String line) throws IOException {
    if (!empty) {
      waiting.append('\n');
    }
    waiting.append(line);
    empty = false;
    if (waiting.length() >= ENOUGH) {
      flush();
    }
  }

  void flush() throws IOException {
    if (!empty) {
      output.line(waiting.toString());
      waiting.setLength(0);
      empty = true;
    }
  }
}
