package org.rale.ralectrl;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.rale.ralectrl.commands.ArgumentReader;
import org.rale.ralectrl.commands.Arguments;
import org.rale.ralectrl.commands.Catalog;
import org.rale.ralectrl.commands.Command;
import org.rale.ralectrl.commands.GlobalOptions;
import org.rale.ralectrl.commands.Session;
import org.rale.ralectrl.commands.Usage;
import org.rale.ralectrl.output.ExitCode;
import org.rale.ralectrl.output.Failure;
import org.rale.ralectrl.output.Output;
import org.rale.ralectrl.output.Output.Format;
import org.rale.request.ErrorCode;

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
        Invocation invocation = read(List.of(arguments));
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
   * @param command null without one
   * @param given what stands behind it
   */
  private record Invocation(
      GlobalOptions options, Format format, @Nullable Command command, Arguments given) {

    static Invocation of(Arguments before, @Nullable Command command, Arguments behind)
        throws Failure {
      GlobalOptions options = new GlobalOptions(before, behind);
      return new Invocation(options, options.format(), command, behind);
    }
  }

  private static Invocation read(List<String> words) throws Failure {
    for (String word : words) {
      if (word.indexOf('\uFFFD') >= 0) {
        throw Failure.usage(
            "an argument is not text in the encoding of the locale",
            "Set LC_ALL=C.UTF-8, and pass a value that is no text by standard input: PUT KEY -.");
      }
    }
    Arguments before = ArgumentReader.global(words);
    List<String> rest = before.positions();
    if (rest.isEmpty()) {
      return Invocation.of(before, null, Arguments.NONE);
    }
    String name = rest.get(0);
    if (name.startsWith("-")) {
      throw Failure.usage("unknown option " + name, "Try \"ralectrl HELP\".");
    }
    Command command = Catalog.find(name);
    if (command == null) {
      throw Failure.usage(
          "unknown command \"%s\"".formatted(name), "Commands: " + Catalog.names() + ".");
    }
    return Invocation.of(
        before, command, ArgumentReader.command(command, rest.subList(1, rest.size())));
  }

  private int carryOut(Invocation invocation) throws Failure, IOException {
    Output output = new Output(out, err, invocation.format());
    GlobalOptions options = invocation.options();
    Command command = invocation.command();
    if (options.version()) {
      output.line("ralectrl " + version());
      return ExitCode.DONE;
    }
    if (options.help()) {
      output.line(command == null ? Usage.program() : Usage.command(command));
      return ExitCode.DONE;
    }
    if (command == null) {
      throw Failure.usage("there is no command", "Commands: " + Catalog.names() + ".");
    }
    if (options.hasApiKey()) {
      output.warning("--api-key has no effect: no server asks for a key");
    }
    command.run(invocation.given(), new Session(options, environment, in, output, terminal));
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
