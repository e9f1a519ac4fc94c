package org.rale.ralectrl.commands;

import java.io.IOException;
import java.util.List;
import org.rale.ralectrl.output.BoxTable;
import org.rale.ralectrl.output.Failure;
import org.rale.request.NodeInfo;
import org.rale.request.Request;
import org.rale.request.Response;
import picocli.CommandLine.Option;

@picocli.CommandLine.Command(
    name = "LIST",
    customSynopsis = "ralectrl [GLOBAL OPTIONS] LIST [--pretty]",
    description = "Prints the members of the cluster, as the node that is asked sees them.")
final class ListCommand implements Command {
  private static final List<String> PRETTY =
      List.of("Node ID", "Name", "IP Address", "RALE Port", "DStore Port", "Role", "State");
  private static final List<String> PLAIN =
      List.of("id", "name", "ip", "rale_port", "dstore_port", "role", "state");

  @Option(names = "--pretty", description = "A table with lines, and the number of nodes.")
  boolean pretty;

  @Override
  public void run(Session session) throws Failure, IOException {
    session.show(
        new Request.ListNodes(),
        Response.Nodes.class,
        answer -> session.output().line(pretty ? boxed(answer) : plain(answer)));
  }

  private static String boxed(Response.Nodes answer) {
    return BoxTable.boxed(PRETTY, rows(answer)) + "\nTotal nodes: " + answer.nodes().size();
  }

  private static String plain(Response.Nodes answer) {
    return BoxTable.plain(PLAIN, rows(answer));
  }

  private static List<List<String>> rows(Response.Nodes answer) {
    return answer.nodes().stream().map(ListCommand::row).toList();
  }

  private static List<String> row(NodeInfo node) {
    return List.of(
        Integer.toString(node.id()),
        node.name(),
        node.host(),
        Integer.toString(node.ralePort()),
        Integer.toString(node.dstorePort()),
        node.role(),
        node.online() ? "online" : "offline");
  }
}
