package org.rale.ralectrl.commands;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.rale.ralectrl.output.Failure;
import org.rale.request.Request;
import org.rale.request.Response;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@picocli.CommandLine.Command(
    name = "REMOVE",
    customSynopsis = "ralectrl [GLOBAL OPTIONS] REMOVE ID",
    description =
        "Removes a node from the cluster; a leader hands its power over first. The node goes on to"
            + " run, but has no vote and no part in the cluster any more.")
final class RemoveCommand implements Command {
  @Parameters(
      arity = "0..*",
      hideParamSyntax = true,
      paramLabel = "ID",
      description = "The node's id.")
  List<String> positions = new ArrayList<>();

  @Option(
      names = {"-i", "--node-id"},
      paramLabel = "ID",
      description = "The same as ID.")
  @Nullable String nodeId;

  @Override
  public void run(Session session) throws Failure, IOException {
    String id = Given.of("REMOVE", positions, new Given.Value("--node-id", nodeId)).get(0);
    session.show(
        new Request.Remove(Texts.nodeId("--node-id", id)),
        Response.Removed.class,
        answer -> session.output().line("node %d removed".formatted(answer.id())));
  }
}
