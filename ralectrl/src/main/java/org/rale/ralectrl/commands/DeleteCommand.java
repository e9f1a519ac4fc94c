package org.rale.ralectrl.commands;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.rale.dstore.Origin;
import org.rale.dstore.StoreCommand;
import org.rale.ralectrl.output.Failure;
import org.rale.request.Request;
import org.rale.request.Response;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@picocli.CommandLine.Command(
    name = "DELETE",
    customSynopsis = "ralectrl [GLOBAL OPTIONS] DELETE KEY",
    description =
        "Removes a key, and prints \"deleted 1\", or \"deleted 0\" when there was none; both exit"
            + " with 0.")
final class DeleteCommand implements Command {
  @Parameters(arity = "0..*", hideParamSyntax = true, paramLabel = "KEY", description = "The key.")
  List<String> positions = new ArrayList<>();

  @Option(names = "--key", paramLabel = "KEY", description = "The same as KEY.")
  @Nullable String key;

  @Override
  public void run(Session session) throws Failure, IOException {
    String text = Given.of("DELETE", positions, new Given.Value("--key", key)).get(0);
    session.show(
        new Request.Change(new StoreCommand.Delete(Origin.NONE, Keys.key(text))),
        Response.Deleted.class,
        answer -> session.output().line("deleted " + answer.count()));
  }
}
