package org.rale.ralectrl.commands;

import java.util.Arrays;
import picocli.CommandLine;
import picocli.CommandLine.Help.Ansi;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;

/** How picocli is set up: what stands on the command line is taken as it is. */
public final class Syntax {
  private static final int WIDTH = 90;

  private Syntax() {}

  /** Reads global options up to the command; the rest is left unmatched. */
  public static CommandLine global(GlobalOptions options) {
    CommandSpec spec = CommandSpec.forAnnotatedObject(options).name("ralectrl");
    spec.usageMessage().customSynopsis("ralectrl [GLOBAL OPTIONS] COMMAND [OPTIONS]");
    return literal(new CommandLine(spec)).setStopAtUnmatched(true);
  }

  /**
   * Reads what follows the command: its own options, and global ones. A name that both have is the
   * command's, such as -p of ADD.
   */
  public static CommandLine command(Command command, GlobalOptions later) {
    CommandLine line = literal(new CommandLine(command));
    CommandSpec spec = line.getCommandSpec();
    for (OptionSpec option : CommandSpec.forAnnotatedObject(later).options()) {
      String[] free =
          Arrays.stream(option.names())
              .filter(name -> !spec.optionsMap().containsKey(name))
              .toArray(String[]::new);
      if (free.length > 0) {
        spec.addOption(OptionSpec.builder(option).names(free).hidden(true).build());
      }
    }
    return line;
  }

  /** No files in place of arguments that begin with @, no variables, no quotes to strip. */
  private static CommandLine literal(CommandLine line) {
    line.setExpandAtFiles(false).setInterpolateVariables(false).setUsageHelpWidth(WIDTH);
    line.setColorScheme(CommandLine.Help.defaultColorScheme(Ansi.OFF));
    return line;
  }
}
