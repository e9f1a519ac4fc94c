package org.rale.ralectrl.commands;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.rale.bytes.Bytes;
import org.rale.dstore.Origin;
import org.rale.dstore.StoreCommand;
import org.rale.ralectrl.output.Failure;
import org.rale.request.Request;
import org.rale.request.Response;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@picocli.CommandLine.Command(
    name = "CAS",
    customSynopsis = "ralectrl [GLOBAL OPTIONS] CAS [--lease LEASE] KEY REVISION VALUE",
    description =
        "Gives a key a value if the key is at the revision, and prints the new revision. Revision 0"
            + " stands for a key that does not exist. The value - stands for the standard input."
            + " Exits with 5 when the key is at another revision, and changes nothing then.")
final class CasCommand implements Command {
  @Parameters(
      arity = "0..*",
      hideParamSyntax = true,
      paramLabel = "KEY REVISION VALUE",
      description = "The key, its revision as of GET --output json, and the value.")
  List<String> positions = new ArrayList<>();

  @Option(names = "--key", paramLabel = "KEY", description = "The same as KEY.")
  @Nullable String key;

  @Option(names = "--revision", paramLabel = "REVISION", description = "The same as REVISION.")
  @Nullable String revision;

  @Option(names = "--value", paramLabel = "VALUE", description = "The same as VALUE.")
  @Nullable String value;

  @Option(
      names = "--lease",
      paramLabel = "LEASE",
      description = "The key vanishes when this lease ends.")
  @Nullable String lease;

  @Override
  public void run(Session session) throws Failure, IOException {
    List<String> given =
        Given.of(
            "CAS",
            positions,
            new Given.Value("--key", key),
            new Given.Value("--revision", revision),
            new Given.Value("--value", value));
    Bytes bytesOfKey = Keys.key(given.get(0));
    long expected = Texts.revision("REVISION", given.get(1));
    Bytes bytes = Values.read(given.get(2), session);
    StoreCommand cas =
        new StoreCommand.CompareAndSet(
            Origin.NONE, bytesOfKey, expected, bytes, Texts.optionalLease(lease));
    session.show(
        new Request.Change(cas),
        Response.Stored.class,
        answer -> session.output().line(Long.toString(answer.revision())));
  }
}
