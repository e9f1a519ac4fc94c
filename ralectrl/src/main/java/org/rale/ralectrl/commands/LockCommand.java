package org.rale.ralectrl.commands;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.rale.ralectrl.client.Client;
import org.rale.ralectrl.lock.Lock;
import org.rale.ralectrl.output.ExitCode;
import org.rale.ralectrl.output.Failure;
import org.rale.request.ErrorCode;

final class LockCommand implements Command {
  private static final Option TTL =
      Option.text("SECONDS", "How long the lock outlives its holder, 1 to 86400 (10).", "--ttl");
  private static final Option WAIT =
      Option.text("SECONDS", "How long to wait for it, 0 to 86400; 0: try once (0).", "--wait");

  private static final Duration USUAL_TTL = Duration.ofSeconds(10);
  private static final String END_OF_OPTIONS = "--";

  private int exitCode;

  @Override
  public Syntax syntax() {
    return new Syntax(
        "LOCK",
        "run a command while a lock is held",
        List.of(
            "ralectrl [GLOBAL OPTIONS] LOCK NAME [--ttl SECONDS] [--wait SECONDS] -- COMMAND"
                + " [ARG...]"),
        List.of(
            "Runs a command while a lock is held that one has at a time in the whole cluster: the"
                + " key lock/NAME, which hangs on a lease. Where the lock can't be kept, the"
                + " command and all that it started is sent TERM when 0.7 of the ttl have gone by"
                + " without a renewal, and KILL after 0.9: before somebody else can have the lock."
                + " INT, TERM and HUP are passed on. The lock is given back when nothing of the"
                + " command is left.",
            "The command finds in its environment RALE_LOCK_TOKEN, the revision at which the lock"
                + " was taken (a later holder has a higher one), RALE_LOCK_NAME, RALE_LOCK_KEY and"
                + " RALE_LOCK_LEASE.",
            "Exits with the command's code, 128 + N where signal N ended it, or, with a message:",
            "2    wrong usage; the command was not started, as with 121, 125, 126 and 127",
            "121  somebody else has the lock, and --wait is over",
            "122  the lock was lost before the command had ended",
            "125  anything else, such as no server reachable",
            "126  the command can't be executed",
            "127  there is no such command"),
        new Syntax.Positions("NAME -- COMMAND [ARG...]", "The lock, and what to run."),
        List.of(TTL, WAIT));
  }

  @Override
  public void run(Arguments given, Session session) throws Failure, IOException {
    Lock.Plan plan = plan(given);
    Client client = new Client(session.servers(), session.timeout(Session.SHORT));
    try {
      requireExecutable(plan.command().get(0), session.environment());
      exitCode = new Lock(plan, client, session.output()).run();
    } catch (Failure e) {
      if (e.exitCode() >= ExitCode.LOCK_IS_HELD) {
        throw e;
      }
      // The codes below are the command's.
      throw Failure.of(ExitCode.LOCK_FAILED, e.code(), e.text(), e.details(), e.hint());
    }
  }

  @Override
  public int exitCode() {
    return exitCode;
  }

  private static Lock.Plan plan(Arguments given) throws Failure {
    int end = given.words().indexOf(END_OF_OPTIONS);
    if (end < 0) {
      throw Given.wrong("LOCK", "-- is missing before the command");
    }
    int behind = given.words().size() - end - 1;
    int before = given.positions().size() - behind;
    if (before != 1) {
      throw Given.wrong("LOCK", "1 NAME is expected before --, but there are " + before);
    }
    if (behind == 0) {
      throw Given.wrong("LOCK", "COMMAND is missing behind --");
    }
    String name = Texts.notEmpty("NAME", given.positions().get(0));
    Keys.key(Lock.PREFIX + name);
    String ttl = given.text(TTL);
    String wait = given.text(WAIT);
    return new Lock.Plan(
        name,
        ttl == null ? USUAL_TTL : Duration.ofMillis(Texts.ttlMs("--ttl", ttl)),
        wait == null ? Duration.ZERO : Texts.wait("--wait", wait),
        given.positions().subList(1, given.positions().size()));
  }

  /** So that nobody waits for a lock in vain. */
  private static void requireExecutable(String command, Map<String, String> environment)
      throws Failure {
    boolean there = false;
    for (Path path : places(command, environment)) {
      if (Files.isRegularFile(path) && Files.isExecutable(path)) {
        return;
      }
      there |= !command.isEmpty() && Files.exists(path);
    }
    throw Failure.of(
        there ? ExitCode.NOT_EXECUTABLE : ExitCode.COMMAND_NOT_FOUND,
        ErrorCode.BAD_REQUEST,
        there
            ? "the command \"%s\" can't be executed".formatted(command)
            : "there is no command \"%s\"".formatted(command),
        List.of(),
        "Name a program; what is of the shell goes by sh -c.");
  }

  private static List<Path> places(String command, Map<String, String> environment) {
    List<Path> places = new ArrayList<>();
    String path = environment.getOrDefault("PATH", "/usr/bin:/bin");
    List<String> directories =
        command.contains("/") ? List.of("") : List.of(path.split(File.pathSeparator, -1));
    for (String directory : directories) {
      try {
        places.add(Path.of(directory, command));
      } catch (InvalidPathException ignored) {
        // Nothing can be there.
      }
    }
    return places;
  }
}
