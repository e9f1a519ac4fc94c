package org.rale.ralectrl.commands;

import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.rale.ralectrl.output.Failure;
import picocli.CommandLine;
import picocli.CommandLine.Help.Ansi;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Model.PositionalParamSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.UnmatchedArgumentException;

/**
 * How picocli is set up: what stands on the command line is taken as it is. It reads what {@link
 * ArgumentReader} leaves to it, says what is wrong with it, and writes help.
 */
final class Picocli {
  private static final int WIDTH = 90;

  private static final Syntax GLOBAL =
      new Syntax(
          "ralectrl",
          "",
          List.of("ralectrl [GLOBAL OPTIONS] COMMAND [OPTIONS]"),
          List.of(),
          null,
          GlobalOptions.ALL);

  private final CommandSpec spec = CommandSpec.create();
  private final Map<String, OptionSpec> options = new HashMap<>();

  private Picocli(Syntax syntax) {
    spec.name(syntax.name());
    spec.usageMessage()
        .customSynopsis(syntax.synopsis().toArray(String[]::new))
        .description(syntax.description().toArray(String[]::new));
    for (Option option : syntax.options()) {
      add(option, option.names(), /* hidden= */ false);
    }
    Syntax.Positions positions = syntax.positions();
    if (positions != null) {
      spec.addPositional(
          PositionalParamSpec.builder()
              .arity("0..*")
              .type(List.class)
              .auxiliaryTypes(String.class)
              .hideParamSyntax(true)
              .paramLabel(positions.label())
              .description(positions.description())
              .build());
    }
  }

  static Arguments global(List<String> words) throws Failure {
    Picocli picocli = new Picocli(GLOBAL);
    return picocli.read(picocli.line().setStopAtUnmatched(true), "", words);
  }

  static Arguments command(Syntax syntax, List<String> words) throws Failure {
    Picocli picocli = new Picocli(syntax);
    for (Option option : GlobalOptions.ALL) {
      // A name that both have is the command's, such as -p of ADD.
      List<String> free =
          option.names().stream()
              .filter(name -> !picocli.spec.optionsMap().containsKey(name))
              .toList();
      if (!free.isEmpty()) {
        picocli.add(option, free, /* hidden= */ true);
      }
    }
    return picocli.read(picocli.line(), syntax.name(), words);
  }

  /** What both help texts begin with. */
  static String globalHelp() {
    return help(GLOBAL);
  }

  static String help(Syntax syntax) {
    return new Picocli(syntax).line().getUsageMessage().stripTrailing();
  }

  private void add(Option option, List<String> names, boolean hidden) {
    OptionSpec.Builder builder =
        OptionSpec.builder(names.toArray(String[]::new))
            .description(option.description())
            .hidden(hidden);
    OptionSpec added =
        option.isFlag()
            ? builder.type(boolean.class).build()
            : builder.type(String.class).paramLabel(option.label()).build();
    spec.addOption(added);
    options.put(option.name(), added);
  }

  /** No files in place of arguments that begin with @, no variables, no quotes to strip. */
  private CommandLine line() {
    CommandLine line = new CommandLine(spec);
    line.setExpandAtFiles(false).setInterpolateVariables(false).setUsageHelpWidth(WIDTH);
    line.setColorScheme(CommandLine.Help.defaultColorScheme(Ansi.OFF));
    return line;
  }

  /**
   * What was left over in the first step is the command and what follows it; the second takes all
   * or fails.
   *
   * @param command its name in messages; empty in the first step
   */
  private Arguments read(CommandLine line, String command, List<String> words) throws Failure {
    try {
      line.parseArgs(words.toArray(String[]::new));
    } catch (UnmatchedArgumentException e) {
      // The first step stops before anything unknown, so this is the second.
      throw unmatched(command, e.getUnmatched().get(0));
    } catch (ParameterException e) {
      String message = lowerFirst(String.valueOf(e.getMessage()));
      throw command.isEmpty()
          ? Failure.usage(message, "Try \"ralectrl HELP\".")
          : Given.wrong(command, message);
    }
    Map<String, String> found = new HashMap<>();
    options.forEach(
        (name, added) -> {
          Object value = added.getValue();
          if (value != null && !value.equals(false)) {
            found.put(name, value.toString());
          }
        });
    List<PositionalParamSpec> positional = spec.positionalParameters();
    List<String> positions =
        command.isEmpty()
            ? line.getUnmatchedArguments()
            : positional.isEmpty() ? List.of() : positional.get(0).getValue();
    return new Arguments(words, found, positions == null ? List.of() : positions);
  }

  private static Failure unmatched(String command, String first) {
    if (!first.startsWith("-")) {
      return Given.wrong(command, "unexpected argument \"%s\"".formatted(first));
    }
    return Failure.usage(
        "%s: unknown option %s".formatted(command, first),
        "Try \"ralectrl HELP %s\". Put -- before a key or value that begins with a hyphen."
            .formatted(command));
  }

  private static String lowerFirst(String message) {
    return message.substring(0, 1).toLowerCase(Locale.ROOT) + message.substring(1);
  }
}
