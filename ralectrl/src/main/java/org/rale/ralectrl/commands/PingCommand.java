package org.rale.ralectrl.commands;

import java.io.IOException;
import org.rale.ralectrl.output.Failure;
import org.rale.request.Request;
import org.rale.request.Response;

@picocli.CommandLine.Command(
    name = "PING",
    customSynopsis = "ralectrl [GLOBAL OPTIONS] PING",
    description = "Prints PONG when a server answers, in a cluster or not.")
final class PingCommand implements Command {
  @Override
  public void run(Session session) throws Failure, IOException {
    session.show(new Request.Ping(), Response.Pong.class, answer -> session.output().line("PONG"));
  }
}
