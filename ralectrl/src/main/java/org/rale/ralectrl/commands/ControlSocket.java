package org.rale.ralectrl.commands;

import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.rale.ralectrl.output.ExitCode;
import org.rale.ralectrl.output.Failure;
import org.rale.request.ErrorCode;
import org.rale.settings.BadValueException;
import org.rale.settings.ConfigText;
import org.rale.settings.ConfigText.Line;
import org.rale.settings.Expansion;
import org.rale.settings.Problem;
import org.rale.settings.SettingsFile;

/**
 * The control socket of a node, by its configuration. Only the settings that decide it are looked
 * at: whether the others are right is the daemon's business.
 */
final class ControlSocket {
  private static final List<String> SOCKET = List.of("communication_socket", "socket_path");
  private static final List<String> PORT = List.of("rale_port");
  private static final String DEFAULT_PORT = "5001";

  private final Path file;
  private final Map<String, String> environment;
  private final List<Line> lines;

  private ControlSocket(Path file, Map<String, String> environment, List<Line> lines) {
    this.file = file;
    this.environment = environment;
    this.lines = lines;
  }

  static Path of(Path file, Map<String, String> environment) throws Failure {
    List<Problem> problems = new ArrayList<>();
    String text = SettingsFile.text(file, problems).orElse("");
    List<Line> lines = ConfigText.parse(file.toString(), text, problems);
    if (!problems.isEmpty()) {
      throw wrong(problems.get(0));
    }
    return new ControlSocket(file, environment, lines).path();
  }

  private Path path() throws Failure {
    String socket = setting(SOCKET);
    if (socket == null) {
      String port = setting(PORT);
      return Path.of(
          "/tmp/rale_%d.sock"
              .formatted(Texts.port("rale_port", port == null ? DEFAULT_PORT : port)));
    }
    try {
      return Path.of(socket);
    } catch (InvalidPathException e) {
      throw Failure.usage(
          "%s: invalid value for %s: \"%s\"".formatted(file, SOCKET.get(0), socket),
          "Give the path of a file.");
    }
  }

  /** The environment over the file, as the daemon sees it. */
  private @Nullable String setting(List<String> names) throws Failure {
    for (String name : names) {
      String value = environment.getOrDefault("RALE_" + name.toUpperCase(Locale.ROOT), "");
      if (!value.isEmpty()) {
        return value;
      }
    }
    for (Line line : lines) {
      if (names.contains(line.key().toLowerCase(Locale.ROOT))) {
        return expanded(line);
      }
    }
    return null;
  }

  private String expanded(Line line) throws Failure {
    try {
      return Expansion.expand(line.value(), environment);
    } catch (BadValueException e) {
      String reason = e.reason();
      throw Failure.of(
          ExitCode.USAGE,
          ErrorCode.BAD_REQUEST,
          "%s: the value of %s can't be expanded".formatted(line.place(), line.key()),
          reason == null ? List.of() : List.of(reason),
          null);
    }
  }

  private static Failure wrong(Problem problem) {
    String detail = problem.detail();
    return Failure.of(
        ExitCode.USAGE,
        ErrorCode.BAD_REQUEST,
        problem.place() + ": " + problem.message(),
        detail == null ? List.of() : List.of(detail),
        problem.hint());
  }
}
