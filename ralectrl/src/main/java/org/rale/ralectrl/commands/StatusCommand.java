package org.rale.ralectrl.commands;

import java.io.IOException;
import java.util.stream.Collectors;
import org.rale.ralectrl.output.Failure;
import org.rale.request.Request;
import org.rale.request.Response;
import picocli.CommandLine.Option;

@picocli.CommandLine.Command(
    name = "STATUS",
    customSynopsis = "ralectrl [GLOBAL OPTIONS] STATUS [--pretty]",
    description =
        "Prints the state of the node that is asked, as it sees itself. With --config FILE that is"
            + " the node of the configuration.")
final class StatusCommand implements Command {
  @Option(names = "--pretty", description = "One field a line.")
  boolean pretty;

  @Override
  public void run(Session session) throws Failure, IOException {
    session.show(
        new Request.Status(),
        Response.StatusReport.class,
        answer -> session.output().line(pretty ? lines(answer) : line(answer)));
  }

  /** The line of the text protocol. */
  private static String line(Response.StatusReport answer) {
    return answer.fields().stream()
        .map(field -> field.name() + "=" + field.value())
        .collect(Collectors.joining(", ", "STATUS: ", ""));
  }

  private static String lines(Response.StatusReport answer) {
    return answer.fields().stream()
        .map(field -> "%-24s %s".formatted(field.name(), field.value()))
        .collect(Collectors.joining("\n"));
  }
}
