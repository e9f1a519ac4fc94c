package org.rale.ralectrl.commands;

import java.io.IOException;
import org.rale.ralectrl.output.ExitCode;
import org.rale.ralectrl.output.Failure;

/** One thing that the user can ask for. */
public interface Command {
  /** What it takes. */
  Syntax syntax();

  /**
   * Does it, and prints the result.
   *
   * @param given what the user wrote behind the command
   * @throws IOException when the standard input or output fails
   */
  void run(Arguments given, Session session) throws Failure, IOException;

  /** How the program ends once {@link #run} has returned, for those that say more than: done. */
  default int exitCode() {
    return ExitCode.DONE;
  }
}
