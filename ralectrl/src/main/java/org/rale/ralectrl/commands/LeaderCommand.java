package org.rale.ralectrl.commands;

import java.io.IOException;
import java.time.Duration;
import java.util.List;
import org.rale.ralectrl.client.Answer;
import org.rale.ralectrl.client.Client;
import org.rale.ralectrl.client.Target;
import org.rale.ralectrl.output.ExitCode;
import org.rale.ralectrl.output.Failure;
import org.rale.request.Request;
import org.rale.request.Response;

final class LeaderCommand implements Command {
  private int exitCode;

  @Override
  public Syntax syntax() {
    return new Syntax(
        "LEADER",
        "print who leads",
        List.of("ralectrl [GLOBAL OPTIONS] LEADER"),
        List.of(
            "Prints who leads: \"leader ID NAME IP DSTORE_PORT term TERM\" or \"no leader term"
                + " TERM\".",
            "Exits with 0 where the node that is asked is the leader, with 10 where another one is,"
                + " and with 11 where it knows of none. It is what this node knows, and no proof:"
                + " what only one may do at a time is done under LOCK."),
        null,
        List.of());
  }

  @Override
  public void run(Arguments given, Session session) throws Failure, IOException {
    List<Target> servers = session.servers();
    Duration each = session.timeout(Session.SHORT).dividedBy(servers.size());
    for (int index = 0; ; index++) {
      try {
        show(new Client(List.of(servers.get(index)), each), session);
        return;
      } catch (Failure e) {
        if (index == servers.size() - 1 || e.exitCode() != ExitCode.UNAVAILABLE) {
          throw e;
        }
      }
    }
  }

  @Override
  public int exitCode() {
    return exitCode;
  }

  /** Both questions go to one node: who it is, and whom it takes for the leader. */
  private void show(Client node, Session session) throws Failure, IOException {
    Response.StatusReport status = node.ask(new Request.Status()).as(Response.StatusReport.class);
    Answer answer = node.ask(new Request.WatchLeader());
    Response.Leader leader = answer.as(Response.Leader.class);
    String id = Integer.toString(leader.leaderId());
    boolean itself =
        status.fields().stream()
            .anyMatch(field -> field.name().equals("node_id") && field.value().equals(id));
    if (leader.leaderId() < 0) {
      exitCode = ExitCode.NOBODY_LEADS;
    } else {
      exitCode = itself ? ExitCode.DONE : ExitCode.ANOTHER_LEADS;
    }
    session.output().line(session.output().isJson() ? answer.json() : LeaderLine.of(leader));
  }
}
