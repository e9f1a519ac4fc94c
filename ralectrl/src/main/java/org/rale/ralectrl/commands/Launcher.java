package org.rale.ralectrl.commands;

import java.io.File;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.rale.ralectrl.output.ExitCode;
import org.rale.ralectrl.output.Failure;
import org.rale.request.ErrorCode;

/** Where raled's launcher is. */
final class Launcher {
  /** The launcher of ralectrl names its neighbour, in the checkout and when installed. */
  static final String VARIABLE = "RALED";

  private static final String NAME = "raled";

  private Launcher() {}

  static Path raled(Map<String, String> environment) throws Failure {
    String named = environment.getOrDefault(VARIABLE, "");
    if (!named.isEmpty()) {
      return Where.path(VARIABLE, named);
    }
    for (String directory : environment.getOrDefault("PATH", "").split(File.pathSeparator, -1)) {
      try {
        Path candidate = Path.of(directory.isEmpty() ? "." : directory, NAME);
        if (Files.isRegularFile(candidate) && Files.isExecutable(candidate)) {
          return candidate;
        }
      } catch (InvalidPathException ignored) {
        // Nothing can be there.
      }
    }
    throw Failure.of(
        ExitCode.FAILED,
        ErrorCode.INTERNAL,
        "raled is not found",
        List.of("It is neither named by %s nor in a directory of PATH.".formatted(VARIABLE)),
        "Start ralectrl by scripts/ralectrl, or set %s.".formatted(VARIABLE));
  }
}
