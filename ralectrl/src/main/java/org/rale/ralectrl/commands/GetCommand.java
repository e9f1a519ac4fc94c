package org.rale.ralectrl.commands;

import java.io.IOException;
import java.util.List;
import org.rale.ralectrl.output.Failure;
import org.rale.request.Request;
import org.rale.request.Response;

final class GetCommand implements Command {
  private static final Option KEY = Option.text("KEY", "The same as KEY.", "--key");
  private static final Option LOCAL =
      Option.flag(
          "Read the state of the node that is asked, which may be old; needs no quorum.",
          "-l",
          "--local");
  private static final Option NO_NEWLINE =
      Option.flag("Print the value alone.", "-n", "--no-newline");

  @Override
  public Syntax syntax() {
    return new Syntax(
        "GET",
        "print the value of a key",
        List.of("ralectrl [GLOBAL OPTIONS] GET [--local] [--no-newline] KEY"),
        List.of(
            "Prints the value of a key: its bytes as they are, and a newline behind them. The value"
                + " is the latest one of the whole cluster, unless --local is given."),
        new Syntax.Positions("KEY", "The key."),
        List.of(KEY, LOCAL, NO_NEWLINE));
  }

  @Override
  public void run(Arguments given, Session session) throws Failure, IOException {
    String text = Given.of("GET", given.positions(), new Given.Value(KEY, given)).get(0);
    session.show(
        new Request.Get(Keys.key(text), given.has(LOCAL)),
        Response.Value.class,
        answer -> session.output().value(answer.value(), !given.has(NO_NEWLINE)));
  }
}
