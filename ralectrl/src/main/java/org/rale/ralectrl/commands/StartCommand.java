package org.rale.ralectrl.commands;

import java.io.File;
import java.io.IOException;
import java.lang.ProcessBuilder.Redirect;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.rale.ralectrl.client.Deadline;
import org.rale.ralectrl.client.Target;
import org.rale.ralectrl.output.ExitCode;
import org.rale.ralectrl.output.Failure;
import org.rale.request.ErrorCode;

final class StartCommand implements Command {
  private static final Option STDOUT =
      Option.text("FILE", "Where raled's standard output goes; nowhere without it.", "--stdout");

  @Override
  public Syntax syntax() {
    return new Syntax(
        "START",
        "start a node of this machine",
        List.of("ralectrl [GLOBAL OPTIONS] START --config FILE [--stdout FILE]"),
        List.of(
            "Starts raled --daemon with a configuration, and waits until the node serves. When"
                + " raled fails, its exit code is this program's."),
        null,
        List.of(STDOUT));
  }

  @Override
  public void run(Arguments given, Session session) throws Failure, IOException {
    String config = session.config("START");
    Target.Unix socket = Where.controlSocket(config, session.environment());
    Deadline deadline = Deadline.in(session.timeout(Session.LONG));
    if (runs(socket, deadline)) {
      throw Failure.of(
          ExitCode.FAILED,
          ErrorCode.BAD_REQUEST,
          "the node of %s runs already".formatted(config),
          List.of("It answers on %s.".formatted(socket)),
          "See it with STATUS --config " + config + ".");
    }
    Process process = launch(Launcher.raled(session.environment()), config, given.text(STDOUT));
    LocalNode node = await(process, socket, deadline);
    session
        .output()
        .line(
            session.output().isJson()
                ? "{\"status\":\"ok\",\"node_id\":%d}".formatted(node.id())
                : "node %d started".formatted(node.id()));
  }

  private static boolean runs(Target.Unix socket, Deadline deadline) throws Failure {
    try {
      LocalNode.find(socket, deadline);
      return true;
    } catch (Failure e) {
      if (e.code() == ErrorCode.NODE_UNREACHABLE) {
        return false;
      }
      throw e;
    }
  }

  private static Process launch(Path raled, String config, @Nullable String stdout) throws Failure {
    ProcessBuilder builder =
        new ProcessBuilder(raled.toString(), "--daemon", "--config", config)
            .redirectInput(new File("/dev/null"))
            .redirectOutput(output(stdout))
            .redirectError(Redirect.INHERIT);
    try {
      return builder.start();
    } catch (IOException e) {
      String message = e.getMessage();
      throw Failure.of(
          ExitCode.FAILED,
          ErrorCode.INTERNAL,
          "raled can't be started",
          message == null ? List.of() : List.of(message),
          null);
    }
  }

  private static Redirect output(@Nullable String stdout) throws Failure {
    return stdout == null
        ? Redirect.DISCARD
        : Redirect.appendTo(Where.path("--stdout", stdout).toFile());
  }

  /** Raled in the background ends its first process when it serves, or with an exit code. */
  private static LocalNode await(Process process, Target.Unix socket, Deadline deadline)
      throws Failure {
    boolean ended = false;
    while (!deadline.isOver()) {
      if (!ended && !process.isAlive()) {
        ended = true;
        if (process.exitValue() != 0) {
          throw Failure.of(
              process.exitValue(),
              ErrorCode.INTERNAL,
              "raled ended with exit code " + process.exitValue(),
              List.of(),
              "Its messages are above, or in its log.");
        }
      }
      if (ended && runs(socket, deadline)) {
        return LocalNode.find(socket, deadline);
      }
      LocalNode.pause();
    }
    throw Failure.of(
        ExitCode.UNAVAILABLE,
        ErrorCode.TIMEOUT,
        "the node did not serve in time",
        List.of("It does not answer on %s.".formatted(socket)),
        "It may still be starting: see its log, or give it more time with --timeout.");
  }
}
