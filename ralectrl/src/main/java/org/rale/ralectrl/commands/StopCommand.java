package org.rale.ralectrl.commands;

import java.io.IOException;
import java.util.List;
import org.rale.ralectrl.client.Deadline;
import org.rale.ralectrl.client.Target;
import org.rale.ralectrl.output.Failure;

final class StopCommand implements Command {
  @Override
  public Syntax syntax() {
    return new Syntax(
        "STOP",
        "stop a node of this machine",
        List.of("ralectrl [GLOBAL OPTIONS] STOP --config FILE"),
        List.of(
            "Stops the node of a configuration over its control socket, and waits until its process"
                + " is gone. With --socket PATH it is the node of that socket."),
        null,
        List.of());
  }

  @Override
  public void run(Arguments given, Session session) throws Failure, IOException {
    Target.Unix socket = socket(session);
    Deadline deadline = Deadline.in(session.timeout(Session.LONG));
    LocalNode node = LocalNode.find(socket, deadline);
    node.stop(deadline);
    session
        .output()
        .line(
            session.output().isJson()
                ? "{\"status\":\"ok\",\"node_id\":%d}".formatted(node.id())
                : "node %d stopped".formatted(node.id()));
  }

  /** Only local users may stop a node, so any other way to name one is a mistake. */
  private static Target.Unix socket(Session session) throws Failure {
    if (session.options().config() == null && session.options().socket() == null) {
      throw Given.wrong("STOP", "--config FILE is missing");
    }
    return (Target.Unix) session.servers().get(0);
  }
}
