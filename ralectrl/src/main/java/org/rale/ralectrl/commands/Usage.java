package org.rale.ralectrl.commands;

import java.util.Objects;

/** The help texts. */
public final class Usage {
  private static final String EXIT_CODES =
      """
      Exit codes:
         0  done
         1  the cluster refused it, or it failed
         2  wrong usage
         3  no server reachable, no leader, or time ran out
         4  no such key
         5  revision mismatch; WATCH: the revision is too old
         6  outcome unknown: the change may have been made
         7  DB: the file is damaged
         8  DB: the file can't be read, is no cluster.db, or one of a newer version
         9  TXN: a condition did not hold, and "else" was done
        10  LEADER: another node leads
        11  LEADER: nobody leads
      LOCK ends with the exit code of its command; those of its own are in "ralectrl HELP LOCK".
      """;

  private static final String WHERE =
      """
      Global options stand before or after the command. The server is the one that --socket,
      --server, --host and --port, or --config name, else that of the variable RALE_SERVER,
      else 127.0.0.1:7401.
      """;

  private Usage() {}

  /** Of the whole program, without a newline at the end. */
  public static String program() {
    StringBuilder text = new StringBuilder(4096);
    text.append(Picocli.globalHelp());
    text.append("\n\n").append(WHERE).append("\nCommands, in any case:\n");
    for (String name : Catalog.NAMES) {
      Command command = Objects.requireNonNull(Catalog.find(name));
      text.append("  %-12s  %s%n".formatted(name, command.syntax().summary()));
    }
    text.append("\n\"ralectrl HELP COMMAND\" explains a command.\n\n").append(EXIT_CODES);
    return text.toString().stripTrailing();
  }

  /** Of one command, without a newline at the end. */
  public static String command(Command command) {
    return Picocli.help(command.syntax()) + "\n\nGlobal options: see \"ralectrl HELP\".";
  }
}
