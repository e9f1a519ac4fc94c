package org.rale.ralectrl.commands;

import java.io.IOException;
import java.util.List;
import org.rale.bytes.Bytes;
import org.rale.dstore.Origin;
import org.rale.dstore.StoreCommand;
import org.rale.ralectrl.output.Failure;
import org.rale.request.Request;
import org.rale.request.Response;

final class PutCommand implements Command {
  private static final Option KEY = Option.text("KEY", "The same as KEY.", "--key");
  private static final Option VALUE = Option.text("VALUE", "The same as VALUE.", "--value");
  private static final Option LEASE =
      Option.text("LEASE", "The key vanishes when this lease ends.", "--lease");

  @Override
  public Syntax syntax() {
    return new Syntax(
        "PUT",
        "give a key a value (also: SET)",
        List.of(
            "ralectrl [GLOBAL OPTIONS] PUT [--lease LEASE] KEY VALUE",
            "       ralectrl [GLOBAL OPTIONS] PUT [--lease LEASE] KEY=VALUE",
            "       ralectrl [GLOBAL OPTIONS] PUT [--lease LEASE] KEY -"),
        List.of(
            "Gives a key a value. The value - stands for the standard input, whose bytes are taken"
                + " as they are. Put -- before a key or value that begins with a hyphen. SET is the"
                + " same command."),
        new Syntax.Positions("KEY VALUE", "The key and the value."),
        List.of(KEY, VALUE, LEASE));
  }

  @Override
  public void run(Arguments given, Session session) throws Failure, IOException {
    List<String> values =
        Given.of(
            "PUT",
            keyAndValue(given.positions()),
            new Given.Value(KEY, given),
            new Given.Value(VALUE, given));
    Bytes bytes = Values.read(values.get(1), session);
    StoreCommand put =
        new StoreCommand.Put(
            Origin.NONE, Keys.key(values.get(0)), bytes, Texts.optionalLease(given.text(LEASE)));
    session.show(
        new Request.Change(put), Response.Stored.class, answer -> session.output().line("OK"));
  }

  /** {@code KEY=VALUE} in one word, as the text protocol takes it. */
  private static List<String> keyAndValue(List<String> positions) {
    int equals = positions.size() == 1 ? positions.get(0).indexOf('=') : -1;
    if (equals < 0) {
      return positions;
    }
    String word = positions.get(0);
    return List.of(word.substring(0, equals), word.substring(equals + 1));
  }
}
