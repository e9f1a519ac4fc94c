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
    name = "TRANSFER",
    customSynopsis = "ralectrl [GLOBAL OPTIONS] TRANSFER [ID]",
    description = "Hands leadership over, and prints who leads then.")
final class TransferCommand implements Command {
  @Parameters(
      arity = "0..*",
      hideParamSyntax = true,
      paramLabel = "ID",
      description = "The node that shall lead; without one, the most up-to-date node.")
  List<String> positions = new ArrayList<>();

  @Option(
      names = {"-i", "--node-id"},
      paramLabel = "ID",
      description = "The same as ID.")
  @Nullable String nodeId;

  @Override
  public void run(Session session) throws Failure, IOException {
    String id = Given.optional("TRANSFER", positions, nodeId);
    session.show(
        new Request.Transfer(id == null ? 0 : Texts.nodeId("--node-id", id)),
        Response.Transferred.class,
        answer -> session.output().line("leader is node " + answer.leaderId()));
  }
}
