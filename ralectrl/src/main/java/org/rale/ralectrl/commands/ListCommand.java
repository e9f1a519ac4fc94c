package org.rale.ralectrl.commands;

import java.io.IOException;
import java.util.List;
import org.rale.ralectrl.output.Failure;
import org.rale.request.Request;
import org.rale.request.Response;

final class ListCommand implements Command {
  private static final Option PRETTY =
      Option.flag("A table with lines, and the number of nodes.", "--pretty");

  @Override
  public Syntax syntax() {
    return new Syntax(
        "LIST",
        "list the members of the cluster",
        List.of("ralectrl [GLOBAL OPTIONS] LIST [--pretty]"),
        List.of("Prints the members of the cluster, as the node that is asked sees them."),
        null,
        List.of(PRETTY));
  }

  @Override
  public void run(Arguments given, Session session) throws Failure, IOException {
    session.show(
        new Request.ListNodes(),
        Response.Nodes.class,
        answer ->
            session
                .output()
                .line(
                    given.has(PRETTY)
                        ? ListTable.boxed(answer.nodes())
                        : ListTable.plain(answer.nodes())));
  }
}
