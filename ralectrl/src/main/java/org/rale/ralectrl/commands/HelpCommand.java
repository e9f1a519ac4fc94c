package org.rale.ralectrl.commands;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.rale.ralectrl.output.Failure;
import picocli.CommandLine.Parameters;

@picocli.CommandLine.Command(
    name = "HELP",
    customSynopsis = "ralectrl HELP [COMMAND]",
    description = "Explains a command, or says which there are.")
final class HelpCommand implements Command {
  @Parameters(
      arity = "0..*",
      hideParamSyntax = true,
      paramLabel = "COMMAND",
      description = "The command, in any case.")
  List<String> positions = new ArrayList<>();

  @Override
  public void run(Session session) throws Failure, IOException {
    String name = Given.optional("HELP", positions, null);
    if (name == null) {
      session.output().line(Usage.program());
      return;
    }
    Optional<Catalog.Entry> entry = Catalog.find(name);
    if (entry.isEmpty()) {
      throw Failure.usage(
          "unknown command \"%s\"".formatted(name), "Commands: " + Catalog.names() + ".");
    }
    session.output().line(Usage.command(entry.get()));
  }
}
