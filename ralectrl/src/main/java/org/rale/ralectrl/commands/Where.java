package org.rale.ralectrl.commands;

import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.rale.ralectrl.client.Target;
import org.rale.ralectrl.output.Failure;

/**
 * Which servers to ask: what the command line names, else RALE_SERVER, else 127.0.0.1:7401. The
 * command line may name them in one way only, as nobody could say which way should win.
 */
final class Where {
  static final String VARIABLE = "RALE_SERVER";

  private Where() {}

  static List<Target> to(GlobalOptions options, Map<String, String> environment) throws Failure {
    List<String> ways = new ArrayList<>();
    note(ways, "--socket", options.socket());
    note(ways, "--server", options.server());
    note(
        ways, options.host() == null ? "--port" : "--host", either(options.host(), options.port()));
    note(ways, "--config", options.config());
    if (ways.size() > 1) {
      throw Failure.usage(
          "%s name the server twice".formatted(String.join(" and ", ways)), "Give one of them.");
    }
    if (options.socket() != null) {
      return List.of(new Target.Unix(path("--socket", options.socket())));
    }
    if (options.server() != null) {
      return Target.parseList(options.server(), "--server");
    }
    if (options.host() != null || options.port() != null) {
      return List.of(tcp(options.host(), options.port()));
    }
    if (options.config() != null) {
      return List.of(controlSocket(options.config(), environment));
    }
    String variable = environment.getOrDefault(VARIABLE, "");
    return variable.isBlank()
        ? List.of(new Target.Tcp(Target.DEFAULT_HOST, Target.DEFAULT_PORT))
        : Target.parseList(variable, VARIABLE);
  }

  static Target.Unix controlSocket(String config, Map<String, String> environment) throws Failure {
    return new Target.Unix(ControlSocket.of(path("--config", config), environment));
  }

  static Path path(String option, String text) throws Failure {
    try {
      if (!text.isEmpty()) {
        return Path.of(text);
      }
    } catch (InvalidPathException e) {
      throw noPath(option, text);
    }
    throw noPath(option, text);
  }

  private static Failure noPath(String option, String text) {
    return Failure.usage(
        "invalid value for %s: \"%s\"".formatted(option, text), "Give the path of a file.");
  }

  private static Target tcp(@Nullable String host, @Nullable String port) throws Failure {
    String name = host == null ? Target.DEFAULT_HOST : host;
    boolean bracketed = name.startsWith("[") && name.endsWith("]");
    String bare = bracketed ? name.substring(1, name.length() - 1) : name;
    if (bare.isEmpty() || bare.indexOf('/') >= 0 || bare.indexOf(',') >= 0) {
      throw Failure.usage(
          "invalid value for --host: \"%s\"".formatted(name),
          "Give one host name or address; --server takes several with their ports.");
    }
    int number = port == null ? Target.DEFAULT_PORT : Texts.port("--port", port);
    return new Target.Tcp(bare, number);
  }

  private static void note(List<String> ways, String way, @Nullable String value) {
    if (value != null) {
      ways.add(way);
    }
  }

  private static @Nullable String either(@Nullable String one, @Nullable String other) {
    return one != null ? one : other;
  }
}
