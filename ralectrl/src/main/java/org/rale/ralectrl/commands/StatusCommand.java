package org.rale.ralectrl.commands;

import java.io.IOException;
import java.util.List;
import java.util.stream.Collectors;
import org.rale.ralectrl.output.Failure;
import org.rale.request.Request;
import org.rale.request.Response;

final class StatusCommand implements Command {
  private static final Option PRETTY = Option.flag("One field a line.", "--pretty");

  @Override
  public Syntax syntax() {
    return new Syntax(
        "STATUS",
        "print the state of a node",
        List.of("ralectrl [GLOBAL OPTIONS] STATUS [--pretty]"),
        List.of(
            "Prints the state of the node that is asked, as it sees itself. With --config FILE that"
                + " is the node of the configuration."),
        null,
        List.of(PRETTY));
  }

  @Override
  public void run(Arguments given, Session session) throws Failure, IOException {
    session.show(
        new Request.Status(),
        Response.StatusReport.class,
        answer -> session.output().line(given.has(PRETTY) ? lines(answer) : line(answer)));
  }

  /** The line of the text protocol. By a loop: a stream takes milliseconds to be made ready. */
  private static String line(Response.StatusReport answer) {
    StringBuilder line = new StringBuilder("STATUS: ");
    String separator = "";
    for (Response.Field field : answer.fields()) {
      line.append(separator).append(field.name()).append('=').append(field.value());
      separator = ", ";
    }
    return line.toString();
  }

  private static String lines(Response.StatusReport answer) {
    return answer.fields().stream()
        .map(field -> "%-24s %s".formatted(field.name(), field.value()))
        .collect(Collectors.joining("\n"));
  }
}
