package org.rale.ralectrl.commands;

import java.io.IOException;
import java.util.List;
import org.rale.dstore.Origin;
import org.rale.dstore.StoreCommand;
import org.rale.ralectrl.output.Failure;
import org.rale.request.Request;
import org.rale.request.Response;

final class DeleteCommand implements Command {
  private static final Option KEY = Option.text("KEY", "The same as KEY.", "--key");

  @Override
  public Syntax syntax() {
    return new Syntax(
        "DELETE",
        "remove a key",
        List.of("ralectrl [GLOBAL OPTIONS] DELETE KEY"),
        List.of(
            "Removes a key, and prints \"deleted 1\", or \"deleted 0\" when there was none; both"
                + " exit with 0."),
        new Syntax.Positions("KEY", "The key."),
        List.of(KEY));
  }

  @Override
  public void run(Arguments given, Session session) throws Failure, IOException {
    String text = Given.of("DELETE", given.positions(), new Given.Value(KEY, given)).get(0);
    session.show(
        new Request.Change(new StoreCommand.Delete(Origin.NONE, Keys.key(text))),
        Response.Deleted.class,
        answer -> session.output().line("deleted " + answer.count()));
  }
}
