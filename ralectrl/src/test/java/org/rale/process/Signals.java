package org.rale.process;

import java.io.BufferedReader;
import java.io.BufferedWriter;
import java.io.IOException;

/** A shell that sends signals at once: a process for each of them would be milliseconds late. */
final class Signals implements AutoCloseable {
  private final Process shell;
  private final BufferedWriter words;
  private final BufferedReader answers;

  Signals() throws IOException {
    shell = new ProcessBuilder("sh").redirectErrorStream(true).start();
    words = shell.outputWriter();
    answers = shell.inputReader();
  }

  /** Returns when it was sent. */
  void send(String name, Daemon node) throws IOException {
    words.write("kill -" + name + " " + node.pid() + " && echo sent\n");
    words.flush();
    String answer = answers.readLine();
    if (!"sent".equals(answer)) {
      throw new AssertionError("node " + node.id + " can't be sent " + name + ": " + answer);
    }
  }

  @Override
  public void close() {
    shell.destroy();
  }
}
