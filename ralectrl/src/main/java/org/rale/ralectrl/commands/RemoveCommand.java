package org.rale.ralectrl.commands;

import java.io.IOException;
import java.util.List;
import org.rale.ralectrl.output.Failure;
import org.rale.request.Request;
import org.rale.request.Response;

final class RemoveCommand implements Command {
  private static final Option NODE_ID = Option.text("ID", "The same as ID.", "-i", "--node-id");

  @Override
  public Syntax syntax() {
    return new Syntax(
        "REMOVE",
        "remove a node from the cluster",
        List.of("ralectrl [GLOBAL OPTIONS] REMOVE ID"),
        List.of(
            "Removes a node from the cluster; a leader hands its power over first. The node goes on"
                + " to run, but has no vote and no part in the cluster any more."),
        new Syntax.Positions("ID", "The node's id."),
        List.of(NODE_ID));
  }

  @Override
  public void run(Arguments given, Session session) throws Failure, IOException {
    String id = Given.of("REMOVE", given.positions(), new Given.Value(NODE_ID, given)).get(0);
    session.show(
        new Request.Remove(Texts.nodeId("--node-id", id)),
        Response.Removed.class,
        answer -> session.output().line("node %d removed".formatted(answer.id())));
  }
}
