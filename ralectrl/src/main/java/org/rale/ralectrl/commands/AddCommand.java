package org.rale.ralectrl.commands;

import java.io.IOException;
import java.util.List;
import org.rale.ralectrl.output.Failure;
import org.rale.request.Request;
import org.rale.request.Response;

final class AddCommand implements Command {
  private static final Option NODE_ID = Option.text("ID", "1 to 10000.", "-i", "--node-id");
  private static final Option NODE_NAME =
      Option.text("NAME", "1 to 64 letters, digits, _ and -.", "-n", "--node-name");
  private static final Option NODE_IP =
      Option.text("IP", "The node's node_ip: an address or a host name.", "-p", "--node-ip");
  private static final Option RALE_PORT =
      Option.text("PORT", "The node's rale_port.", "-r", "--rale-port");
  private static final Option DSTORE_PORT =
      Option.text("PORT", "The node's dstore_port.", "-d", "--dstore-port");

  @Override
  public Syntax syntax() {
    return new Syntax(
        "ADD",
        "add a node to the cluster, or found one",
        List.of(
            "ralectrl [GLOBAL OPTIONS] ADD --node-id ID --node-name NAME --node-ip IP",
            "           --rale-port PORT --dstore-port PORT",
            "       ralectrl [GLOBAL OPTIONS] ADD ID NAME IP RALE_PORT DSTORE_PORT"),
        List.of(
            "Adds a node to the cluster, and waits until it is a member with a vote. Given to a"
                + " node that is in no cluster, and naming that node itself, it founds a cluster."
                + " Behind ADD the option -p is --node-ip."),
        new Syntax.Positions("VALUE", "The five values in the order above."),
        List.of(NODE_ID, NODE_NAME, NODE_IP, RALE_PORT, DSTORE_PORT));
  }

  @Override
  public void run(Arguments given, Session session) throws Failure, IOException {
    List<String> values =
        Given.of(
            "ADD",
            given.positions(),
            new Given.Value(NODE_ID, given),
            new Given.Value(NODE_NAME, given),
            new Given.Value(NODE_IP, given),
            new Given.Value(RALE_PORT, given),
            new Given.Value(DSTORE_PORT, given));
    Request request =
        new Request.Add(
            Texts.nodeId("--node-id", values.get(0)),
            Texts.notEmpty("--node-name", values.get(1)),
            Texts.notEmpty("--node-ip", values.get(2)),
            Texts.port("--rale-port", values.get(3)),
            Texts.port("--dstore-port", values.get(4)));
    session.show(
        session.membersFirst(),
        request,
        Session.LONG,
        Response.Added.class,
        answer -> {
          session
              .output()
              .line(
                  answer.already()
                      ? "node %d is already a member".formatted(answer.id())
                      : "node %d added".formatted(answer.id()));
          if (answer.founded()) {
            session.output().note(founded(answer.id()));
          }
        });
  }

  /** An emptied node that is given its own ADD founds a cluster beside the one that it was in. */
  private static String founded(int id) {
    return "node "
        + id
        + " founded a new cluster. Where it was to join one: stop it, empty its data directory, and"
        + " give the ADD to a member of that one";
  }
}
