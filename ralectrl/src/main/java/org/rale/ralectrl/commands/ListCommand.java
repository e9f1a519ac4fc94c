package org.rale.ralectrl.commands;

import java.io.IOException;
import org.rale.ralectrl.output.Failure;
import org.rale.request.Request;
import org.rale.request.Response;
import picocli.CommandLine.Option;

@picocli.CommandLine.Command(
    name = "LIST",
    customSynopsis = "ralectrl [GLOBAL OPTIONS] LIST [--pretty]",
    description = "Prints the members of the cluster, as the node that is asked sees them.")
final class ListCommand implements Command {
  @Option(names = "--pretty", description = "A table with lines, and the number of nodes.")
  boolean pretty;

  @Override
  public void run(Session session) throws Failure, IOException {
    session.show(
        new Request.ListNodes(),
        Response.Nodes.class,
        answer ->
            session
                .output()
                .line(pretty ? ListTable.boxed(answer.nodes()) : ListTable.plain(answer.nodes())));
  }
}
