package org.rale.ralectrl.backup;

import java.io.IOException;
import java.util.Locale;
import org.rale.ralectrl.output.Output;

/** How far it is, in the last line of a terminal; nothing where there is none. */
final class ProgressBar {
  private static final int WIDTH = 30;
  private static final long REDRAW_NANOS = 100_000_000;

  private final Output output;
  private final boolean terminal;
  private final long total;
  private long drawnAt;
  private boolean drawn;

  /**
   * @param total bytes, about
   */
  ProgressBar(Output output, boolean terminal, long total) {
    this.output = output;
    this.terminal = terminal;
    this.total = Math.max(1, total);
  }

  void at(long bytes) throws IOException {
    long now = System.nanoTime();
    if (terminal && (!drawn || now - drawnAt >= REDRAW_NANOS)) {
      drawn = true;
      drawnAt = now;
      output.passing(text(bytes, total));
    }
  }

  /** Takes it away. */
  void end() throws IOException {
    if (drawn) {
      drawn = false;
      output.passing("");
    }
  }

  /** The total is an estimate, so all of it is done only when that is said otherwise. */
  static String text(long bytes, long total) {
    int percent = (int) Math.min(99, bytes * 100 / total);
    int filled = percent * WIDTH / 100;
    return String.format(
        Locale.ROOT,
        "[%s%s] %2d%%, %.1f of about %.1f MiB",
        "#".repeat(filled),
        "-".repeat(WIDTH - filled),
        percent,
        bytes / 1048576.0,
        total / 1048576.0);
  }
}
