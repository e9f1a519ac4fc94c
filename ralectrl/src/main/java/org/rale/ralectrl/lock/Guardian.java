package org.rale.ralectrl.lock;

import java.io.IOException;
import java.io.Writer;
import java.nio.charset.StandardCharsets;

/**
 * A shell in a session of its own that sends signals to a process group, and kills the group when
 * this program is gone: the kernel closes the pipe then, whatever ended it. It is there before it
 * is needed, so that no process has to be started when time is short.
 */
final class Guardian implements AutoCloseable {
  /**
   * The first line is the group, each other one a signal; "end" says that all is well. The end of
   * the input without that is the end of this program. A command that has not come to its own group
   * yet is one process.
   */
  private static final String SCRIPT =
      """
      trap '' HUP INT TERM
      read -r group || exit 0
      while read -r signal; do
        [ "$signal" != end ] || exit 0
        kill -s "$signal" -- "-$group"
      done
      kill -s KILL -- "-$group" || kill -s KILL "$group"
      """;

  private final Process shell;
  private final Writer words;

  private Guardian(Process shell) {
    this.shell = shell;
    this.words = shell.outputWriter(StandardCharsets.US_ASCII);
  }

  /**
   * @throws IOException where there is no setsid or no sh
   */
  static Guardian start() throws IOException {
    ProcessBuilder builder = new ProcessBuilder("setsid", "--", "sh", "-c", SCRIPT);
    // Whoever reads the command's output waits for its end, not for that of this shell.
    builder.redirectOutput(ProcessBuilder.Redirect.DISCARD);
    builder.redirectError(ProcessBuilder.Redirect.DISCARD);
    return new Guardian(builder.start());
  }

  void watch(long group) throws IOException {
    say(Long.toString(group));
  }

  /**
   * @param signal without SIG
   */
  void send(String signal) throws IOException {
    say(signal);
  }

  private void say(String line) throws IOException {
    words.write(line + "\n");
    words.flush();
  }

  /** Nothing is to be guarded any more. */
  @Override
  public void close() {
    try {
      say("end");
      words.close();
    } catch (IOException e) {
      shell.destroyForcibly();
    }
  }
}
