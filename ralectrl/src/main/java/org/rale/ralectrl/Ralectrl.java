package org.rale.ralectrl;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.rale.ralectrl.commands.Catalog;
import org.rale.ralectrl.commands.Command;
import org.rale.ralectrl.commands.GlobalOptions;
import org.rale.ralectrl.commands.Session;
import org.rale.ralectrl.commands.Syntax;
import org.rale.ralectrl.commands.Usage;
import org.rale.ralectrl.output.ExitCode;
import org.rale.ralectrl.output.Failure;
import org.rale.ralectrl.output.Output;
import org.rale.ralectrl.output.Output.Format;
import org.rale.request.ErrorCode;
import picocli.CommandLine;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.UnmatchedArgumentException;

/**
 * One run of the program: reads the command line in two steps, and runs the command. The first step
 * reads global options up to the command's name, the second what follows it.
 */
public final class Ralectrl {
  private final Map<String, String> environment;
  private final InputStream in;
  private final OutputStream out;
  private final OutputStream err;
  private final boolean terminal;

  /**
   * @param terminal whether {@code err} is a terminal
   */
  public Ralectrl(
      Map<String, String> environment,
      InputStream in,
      OutputStream out,
      OutputStream err,
      boolean terminal) {
    this.environment = Map.copyOf(environment);
    this.in = in;
    this.out = out;
    this.err = err;
    this.terminal = terminal;
  }

  /** Runs, and returns the exit code. */
  public int run(String... arguments) {
    Format format = Format.TEXT;
    try {
      try {
        Invocation invocation = read(arguments);
        format = invocation.format();
        return carryOut(invocation);
      } catch (Failure e) {
        return failed(e, format);
      }
    } catch (IOException e) {
      return streamFailed(e);
    }
  }

  /**
   * What the command line says.
   *
   * @param name the command's, as it was written; null without one
   */
  private record Invocation(
      GlobalOptions options, Format format, @Nullable String name, @Nullable Command command) {}

  private static Invocation read(String[] arguments) throws Failure {
    for (String argument : arguments) {
      if (argument.indexOf('\uFFFD') >= 0) {
        throw Failure.usage(
            "an argument is not text in the encoding of the locale",
            "Set LC_ALL=C.UTF-8, and pass a value that is no text by standard input: PUT KEY -.");
      }
    }
    GlobalOptions before = new GlobalOptions();
    List<String> rest = parse(Syntax.global(before), "", arguments);
    if (rest.isEmpty()) {
      return new Invocation(before, before.format(), null, null);
    }
    String name = rest.get(0);
    if (name.startsWith("-")) {
      throw Failure.usage("unknown option " + name, "Try \"ralectrl HELP\".");
    }
    Catalog.Entry entry =
        Catalog.find(name)
            .orElseThrow(
                () ->
                    Failure.usage(
                        "unknown command \"%s\"".formatted(name),
                        "Commands: " + Catalog.names() + "."));
    Command command = entry.maker().get();
    GlobalOptions after = new GlobalOptions();
    String[] following = rest.subList(1, rest.size()).toArray(String[]::new);
    parse(Syntax.command(command, after), entry.name(), following);
    GlobalOptions options = before.overlaidBy(after);
    return new Invocation(options, options.format(), entry.name(), command);
  }

  /**
   * Fills the options, and returns what was left over: that of the first step is the command and
   * what follows it, the second takes all or fails.
   *
   * @param command its name in messages; empty in the first step
   */
  private static List<String> parse(CommandLine line, String command, String[] arguments)
      throws Failure {
    try {
      line.parseArgs(arguments);
      return line.getUnmatchedArguments();
    } catch (UnmatchedArgumentException e) {
      // The first step stops before anything unknown, so this is the second.
      String first = e.getUnmatched().get(0);
      if (!first.startsWith("-")) {
        throw Failure.usage(
            "%s: unexpected argument \"%s\"".formatted(command, first),
            "Try \"ralectrl HELP %s\".".formatted(command));
      }
      throw Failure.usage(
          "%s: unknown option %s".formatted(command, first),
          "Try \"ralectrl HELP %s\". Put -- before a key or value that begins with a hyphen."
              .formatted(command));
    } catch (ParameterException e) {
      String message = lowerFirst(String.valueOf(e.getMessage()));
      throw command.isEmpty()
          ? Failure.usage(message, "Try \"ralectrl HELP\".")
          : Failure.usage(
              "%s: %s".formatted(command, message), "Try \"ralectrl HELP %s\".".formatted(command));
    }
  }

  private static String lowerFirst(String message) {
    return message.substring(0, 1).toLowerCase(Locale.ROOT) + message.substring(1);
  }

  private int carryOut(Invocation invocation) throws Failure, IOException {
    Output output = new Output(out, err, invocation.format());
    GlobalOptions options = invocation.options();
    Command command = invocation.command();
    String name = invocation.name();
    if (options.version()) {
      output.line("ralectrl " + version());
      return ExitCode.DONE;
    }
    if (options.help()) {
      output.line(name == null ? Usage.program() : Usage.command(Catalog.find(name).orElseThrow()));
      return ExitCode.DONE;
    }
    if (command == null) {
      throw Failure.usage("there is no command", "Commands: " + Catalog.names() + ".");
    }
    if (options.hasApiKey()) {
      output.warning("--api-key has no effect: no server asks for a key");
    }
    command.run(new Session(options, environment, in, output, terminal));
    return command.exitCode();
  }

  /** The jar knows it. */
  private static String version() {
    String version = Ralectrl.class.getPackage().getImplementationVersion();
    return version == null ? "(not packaged)" : version;
  }

  /** Standard output is closed or full: say so where that can still be said. */
  private int streamFailed(IOException e) {
    Failure failure =
        Failure.of(
            ExitCode.FAILED,
            ErrorCode.INTERNAL,
            "standard input or output failed",
            e.getMessage() == null ? List.of() : List.of(e.getMessage()),
            null);
    return failed(failure, Format.TEXT);
  }

  private int failed(Failure failure, Format format) {
    try {
      new Output(out, err, format).failure(failure);
    } catch (IOException ignored) {
      // The exit code is all that is left to say it with.
    }
    return failure.exitCode();
  }
}
