package org.rale.ralectrl.commands;

import java.io.IOException;
import java.util.List;
import java.util.Locale;
import org.rale.ralectrl.db.Inspector;
import org.rale.ralectrl.output.Failure;

final class DbCommand implements Command {
  private static final Option VALUES =
      Option.flag("With the values, in quotes and escaped.", "--values");
  private static final Option SNAPSHOT =
      Option.flag("The table of the snapshot alone, all of which is committed.", "--snapshot");

  @Override
  public Syntax syntax() {
    return new Syntax(
        "DB",
        "look into a cluster.db, without a server",
        List.of(
            "ralectrl DB check FILE",
            "       ralectrl DB dump [--values] FILE",
            "       ralectrl DB keys [--values] [--snapshot] FILE"),
        List.of(
            "Looks into a cluster.db: a node's own, also while raled runs, or a copy. Asks no"
                + " server, and never writes.",
            "check: whether raled would start with it, and what it holds.",
            "dump:  its records, one a line, up to the end or the first damage.",
            "keys:  the keys of its snapshot with its log applied. Which entries of the log are"
                + " committed, the file does not say."),
        new Syntax.Positions("FILE", "The file, most often cluster.db in a node's data directory."),
        List.of(VALUES, SNAPSHOT));
  }

  @Override
  public void run(Arguments given, Session session) throws Failure, IOException {
    if (given.positions().isEmpty()) {
      throw Given.wrong("DB", "check, dump or keys is missing, and FILE");
    }
    String what = given.positions().get(0).toLowerCase(Locale.ROOT);
    boolean keys = what.equals("keys");
    if (!keys && !what.equals("check") && !what.equals("dump")) {
      throw Given.wrong("DB", "unknown word \"%s\": check, dump or keys".formatted(what));
    }
    if (given.positions().size() != 2) {
      throw Given.wrong(
          "DB",
          "1 FILE is expected behind %s, but there are %d"
              .formatted(what, given.positions().size() - 1));
    }
    boolean values = given.has(VALUES);
    if (values && what.equals("check")) {
      throw Given.wrong("DB", "--values is for dump and keys");
    }
    boolean snapshot = given.has(SNAPSHOT);
    if (snapshot && !keys) {
      throw Given.wrong("DB", "--snapshot is for keys");
    }
    Inspector inspector =
        new Inspector(Where.path("FILE", given.positions().get(1)), session.output(), values);
    switch (what) {
      case "check" -> inspector.check();
      case "dump" -> inspector.dump();
      default -> inspector.keys(snapshot);
    }
  }
}
