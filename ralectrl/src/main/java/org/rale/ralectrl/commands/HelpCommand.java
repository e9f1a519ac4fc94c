package org.rale.ralectrl.commands;

import java.io.IOException;
import java.util.List;
import org.rale.ralectrl.output.Failure;

final class HelpCommand implements Command {
  @Override
  public Syntax syntax() {
    return new Syntax(
        "HELP",
        "explain a command",
        List.of("ralectrl HELP [COMMAND]"),
        List.of("Explains a command, or says which there are."),
        new Syntax.Positions("COMMAND", "The command, in any case."),
        List.of());
  }

  @Override
  public void run(Arguments given, Session session) throws Failure, IOException {
    String name = Given.optional("HELP", given.positions(), null);
    if (name == null) {
      session.output().line(Usage.program());
      return;
    }
    Command command = Catalog.find(name);
    if (command == null) {
      throw Failure.usage(
          "unknown command \"%s\"".formatted(name), "Commands: " + Catalog.names() + ".");
    }
    session.output().line(Usage.command(command));
  }
}
