package org.rale.process;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** scripts/ralectrl as a process, to its end. */
final class Cli {
  private static final Path RALECTRL = Path.of("../scripts/ralectrl").toAbsolutePath().normalize();

  private Cli() {}

  /** How it ended, and all that it said. */
  record Ended(int exitCode, String out, String err) {}

  static Ended run(String... arguments) throws IOException, InterruptedException {
    return runWithInput(new byte[0], arguments);
  }

  /** As a user who may do nothing that is not allowed to all: this one, where he is not root. */
  static Ended runAsNobody(String... arguments) throws IOException, InterruptedException {
    boolean root = System.getProperty("user.name").equals("root");
    List<String> prefix =
        root
            ? List.of("setpriv", "--reuid=65534", "--regid=65534", "--clear-groups")
            : List.<String>of();
    return run(prefix, new byte[0], arguments);
  }

  /**
   * @param input for its standard input; less than a pipe holds
   */
  static Ended runWithInput(byte[] input, String... arguments)
      throws IOException, InterruptedException {
    return run(List.of(), input, arguments);
  }

  private static Ended run(List<String> prefix, byte[] input, String... arguments)
      throws IOException, InterruptedException {
    List<String> command = new ArrayList<>(prefix);
    command.add(RALECTRL.toString());
    command.addAll(List.of(arguments));
    Path out = Files.createTempFile("ralectrl", ".out");
    Path err = Files.createTempFile("ralectrl", ".err");
    try {
      ProcessBuilder builder =
          new ProcessBuilder(command).redirectOutput(out.toFile()).redirectError(err.toFile());
      Quick.environment(builder);
      Process process = builder.start();
      try (var stdin = process.getOutputStream()) {
        stdin.write(input);
      }
      int exitCode = process.waitFor();
      return new Ended(exitCode, Files.readString(out), Files.readString(err));
    } finally {
      Files.deleteIfExists(out);
      Files.deleteIfExists(err);
    }
  }

  static Ended to(Daemon node, String... arguments) throws IOException, InterruptedException {
    List<String> all = new ArrayList<>(List.of("--server", "127.0.0.1:" + node.dstorePort));
    all.addAll(List.of(arguments));
    return run(all.toArray(String[]::new));
  }
}
