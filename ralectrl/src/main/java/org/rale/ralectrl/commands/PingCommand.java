package org.rale.ralectrl.commands;

import java.io.IOException;
import java.util.List;
import org.rale.ralectrl.output.Failure;
import org.rale.request.Request;
import org.rale.request.Response;

final class PingCommand implements Command {
  @Override
  public Syntax syntax() {
    return new Syntax(
        "PING",
        "see whether a server answers",
        List.of("ralectrl [GLOBAL OPTIONS] PING"),
        List.of("Prints PONG when a server answers, in a cluster or not."),
        null,
        List.of());
  }

  @Override
  public void run(Arguments given, Session session) throws Failure, IOException {
    session.show(new Request.Ping(), Response.Pong.class, answer -> session.output().line("PONG"));
  }
}
