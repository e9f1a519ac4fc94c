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
    name = "GET",
    customSynopsis = "ralectrl [GLOBAL OPTIONS] GET [--local] [--no-newline] KEY",
    description =
        "Prints the value of a key: its bytes as they are, and a newline behind them. The value is"
            + " the latest one of the whole cluster, unless --local is given.")
final class GetCommand implements Command {
  @Parameters(arity = "0..*", hideParamSyntax = true, paramLabel = "KEY", description = "The key.")
  List<String> positions = new ArrayList<>();

  @Option(names = "--key", paramLabel = "KEY", description = "The same as KEY.")
  @Nullable String key;

  @Option(
      names = {"-l", "--local"},
      description = "Read the state of the node that is asked, which may be old; needs no quorum.")
  boolean local;

  @Option(
      names = {"-n", "--no-newline"},
      description = "Print the value alone.")
  boolean noNewline;

  @Override
  public void run(Session session) throws Failure, IOException {
    String text = Given.of("GET", positions, new Given.Value("--key", key)).get(0);
    session.show(
        new Request.Get(Keys.key(text), local),
        Response.Value.class,
        answer -> session.output().value(answer.value(), !noNewline));
  }
}
