package org.rale.ralectrl.commands;

import java.io.IOException;
import org.rale.ralectrl.output.ExitCode;
import org.rale.ralectrl.output.Failure;

/** One thing that the user can ask for. Picocli fills its fields from the command line. */
public interface Command {

  /**
   * Does it, and prints the result.
   *
   * @throws IOException when the standard input or output fails
   */
  void run(Session session) throws Failure, IOException;

  /** How the program ends once {@link #run} has returned, for those that say more than: done. */
  default int exitCode() {
    return ExitCode.DONE;
  }
}
