package org.rale.ralectrl.commands;

import java.io.IOException;
import java.util.List;
import org.rale.ralectrl.output.Failure;
import org.rale.request.Request;
import org.rale.request.Response;

final class TransferCommand implements Command {
  private static final Option NODE_ID = Option.text("ID", "The same as ID.", "-i", "--node-id");

  @Override
  public Syntax syntax() {
    return new Syntax(
        "TRANSFER",
        "hand leadership over",
        List.of("ralectrl [GLOBAL OPTIONS] TRANSFER [ID]"),
        List.of("Hands leadership over, and prints who leads then."),
        new Syntax.Positions(
            "ID", "The node that shall lead; without one, the most up-to-date node."),
        List.of(NODE_ID));
  }

  @Override
  public void run(Arguments given, Session session) throws Failure, IOException {
    String id = Given.optional("TRANSFER", given.positions(), given.text(NODE_ID));
    session.show(
        new Request.Transfer(id == null ? 0 : Texts.nodeId("--node-id", id)),
        Response.Transferred.class,
        answer -> session.output().line("leader is node " + answer.leaderId()));
  }
}
