package org.rale.ralectrl.commands;

import java.io.IOException;
import java.util.List;
import org.rale.bytes.Bytes;
import org.rale.dstore.Origin;
import org.rale.dstore.StoreCommand;
import org.rale.ralectrl.output.Failure;
import org.rale.request.Request;
import org.rale.request.Response;

final class CasCommand implements Command {
  private static final Option KEY = Option.text("KEY", "The same as KEY.", "--key");
  private static final Option REVISION =
      Option.text("REVISION", "The same as REVISION.", "--revision");
  private static final Option VALUE = Option.text("VALUE", "The same as VALUE.", "--value");
  private static final Option LEASE =
      Option.text("LEASE", "The key vanishes when this lease ends.", "--lease");

  @Override
  public Syntax syntax() {
    return new Syntax(
        "CAS",
        "give a key a value if it is at a revision",
        List.of("ralectrl [GLOBAL OPTIONS] CAS [--lease LEASE] KEY REVISION VALUE"),
        List.of(
            "Gives a key a value if the key is at the revision, and prints the new revision."
                + " Revision 0 stands for a key that does not exist. The value - stands for the"
                + " standard input. Exits with 5 when the key is at another revision, and changes"
                + " nothing then."),
        new Syntax.Positions(
            "KEY REVISION VALUE", "The key, its revision as of GET --output json, and the value."),
        List.of(KEY, REVISION, VALUE, LEASE));
  }

  @Override
  public void run(Arguments given, Session session) throws Failure, IOException {
    List<String> values =
        Given.of(
            "CAS",
            given.positions(),
            new Given.Value(KEY, given),
            new Given.Value(REVISION, given),
            new Given.Value(VALUE, given));
    Bytes bytesOfKey = Keys.key(values.get(0));
    long expected = Texts.revision("REVISION", values.get(1));
    Bytes bytes = Values.read(values.get(2), session);
    StoreCommand cas =
        new StoreCommand.CompareAndSet(
            Origin.NONE, bytesOfKey, expected, bytes, Texts.optionalLease(given.text(LEASE)));
    session.show(
        new Request.Change(cas),
        Response.Stored.class,
        answer -> session.output().line(Long.toString(answer.revision())));
  }
}
