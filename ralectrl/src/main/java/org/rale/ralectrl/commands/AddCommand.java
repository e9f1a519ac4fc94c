package org.rale.ralectrl.commands;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.rale.ralectrl.output.Failure;
import org.rale.request.Request;
import org.rale.request.Response;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@picocli.CommandLine.Command(
    name = "ADD",
    customSynopsis = {
      "ralectrl [GLOBAL OPTIONS] ADD --node-id ID --node-name NAME --node-ip IP",
      "           --rale-port PORT --dstore-port PORT",
      "       ralectrl [GLOBAL OPTIONS] ADD ID NAME IP RALE_PORT DSTORE_PORT"
    },
    description =
        "Adds a node to the cluster, and waits until it is a member with a vote. Given to a node"
            + " that is in no cluster, and naming that node itself, it founds a cluster. Behind ADD"
            + " the option -p is --node-ip.")
final class AddCommand implements Command {
  @Parameters(
      arity = "0..*",
      hideParamSyntax = true,
      paramLabel = "VALUE",
      description = "The five values in the order above.")
  List<String> positions = new ArrayList<>();

  @Option(
      names = {"-i", "--node-id"},
      paramLabel = "ID",
      description = "1 to 10000.")
  @Nullable String nodeId;

  @Option(
      names = {"-n", "--node-name"},
      paramLabel = "NAME",
      description = "1 to 64 letters, digits, _ and -.")
  @Nullable String nodeName;

  @Option(
      names = {"-p", "--node-ip"},
      paramLabel = "IP",
      description = "The node's node_ip: an address or a host name.")
  @Nullable String nodeIp;

  @Option(
      names = {"-r", "--rale-port"},
      paramLabel = "PORT",
      description = "The node's rale_port.")
  @Nullable String ralePort;

  @Option(
      names = {"-d", "--dstore-port"},
      paramLabel = "PORT",
      description = "The node's dstore_port.")
  @Nullable String dstorePort;

  @Override
  public void run(Session session) throws Failure, IOException {
    List<String> given =
        Given.of(
            "ADD",
            positions,
            new Given.Value("--node-id", nodeId),
            new Given.Value("--node-name", nodeName),
            new Given.Value("--node-ip", nodeIp),
            new Given.Value("--rale-port", ralePort),
            new Given.Value("--dstore-port", dstorePort));
    Request request =
        new Request.Add(
            Texts.nodeId("--node-id", given.get(0)),
            Texts.notEmpty("--node-name", given.get(1)),
            Texts.notEmpty("--node-ip", given.get(2)),
            Texts.port("--rale-port", given.get(3)),
            Texts.port("--dstore-port", given.get(4)));
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
