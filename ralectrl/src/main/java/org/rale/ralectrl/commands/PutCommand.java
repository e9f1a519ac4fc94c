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
    name = "PUT",
    customSynopsis = {
      "ralectrl [GLOBAL OPTIONS] PUT [--lease LEASE] KEY VALUE",
      "       ralectrl [GLOBAL OPTIONS] PUT [--lease LEASE] KEY=VALUE",
      "       ralectrl [GLOBAL OPTIONS] PUT [--lease LEASE] KEY -"
    },
    description =
        "Gives a key a value. The value - stands for the standard input, whose bytes are taken as"
            + " they are. Put -- before a key or value that begins with a hyphen. SET is the same"
            + " command.")
final class PutCommand implements Command {
  @Parameters(
      arity = "0..*",
      hideParamSyntax = true,
      paramLabel = "KEY VALUE",
      description = "The key and the value.")
  List<String> positions = new ArrayList<>();

  @Option(names = "--key", paramLabel = "KEY", description = "The same as KEY.")
  @Nullable String key;

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
            "PUT", keyAndValue(), new Given.Value("--key", key), new Given.Value("--value", value));
    Bytes bytes = Values.read(given.get(1), session);
    StoreCommand put =
        new StoreCommand.Put(
            Origin.NONE, Keys.key(given.get(0)), bytes, Texts.optionalLease(lease));
    session.show(
        new Request.Change(put), Response.Stored.class, answer -> session.output().line("OK"));
  }

  /** {@code KEY=VALUE} in one word, as the text protocol takes it. */
  private List<String> keyAndValue() {
    int equals = positions.size() == 1 ? positions.get(0).indexOf('=') : -1;
    if (equals < 0) {
      return positions;
    }
    String word = positions.get(0);
    return List.of(word.substring(0, equals), word.substring(equals + 1));
  }
}
