package org.rale.ralectrl.commands;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.rale.ralectrl.db.Inspector;
import org.rale.ralectrl.output.Failure;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@picocli.CommandLine.Command(
    name = "DB",
    customSynopsis = {
      "ralectrl DB check FILE",
      "       ralectrl DB dump [--values] FILE",
      "       ralectrl DB keys [--values] [--snapshot] FILE"
    },
    description = {
      "Looks into a cluster.db: a node's own, also while raled runs, or a copy. Asks no server,"
          + " and never writes.",
      "check: whether raled would start with it, and what it holds.",
      "dump:  its records, one a line, up to the end or the first damage.",
      "keys:  the keys of its snapshot with its log applied. Which entries of the log are"
          + " committed, the file does not say."
    })
final class DbCommand implements Command {
  @Parameters(
      arity = "0..*",
      hideParamSyntax = true,
      paramLabel = "FILE",
      description = "The file, most often cluster.db in a node's data directory.")
  List<String> positions = new ArrayList<>();

  @Option(names = "--values", description = "With the values, in quotes and escaped.")
  boolean values;

  @Option(
      names = "--snapshot",
      description = "The table of the snapshot alone, all of which is committed.")
  boolean snapshot;

  @Override
  public void run(Session session) throws Failure, IOException {
    if (positions.isEmpty()) {
      throw Given.wrong("DB", "check, dump or keys is missing, and FILE");
    }
    String what = positions.get(0).toLowerCase(Locale.ROOT);
    boolean keys = what.equals("keys");
    if (!keys && !what.equals("check") && !what.equals("dump")) {
      throw Given.wrong("DB", "unknown word \"%s\": check, dump or keys".formatted(what));
    }
    if (positions.size() != 2) {
      throw Given.wrong(
          "DB", "1 FILE is expected behind %s, but there are %d".formatted(what, files()));
    }
    if (values && what.equals("check")) {
      throw Given.wrong("DB", "--values is for dump and keys");
    }
    if (snapshot && !keys) {
      throw Given.wrong("DB", "--snapshot is for keys");
    }
    Inspector inspector =
        new Inspector(Where.path("FILE", positions.get(1)), session.output(), values);
    switch (what) {
      case "check" -> inspector.check();
      case "dump" -> inspector.dump();
      default -> inspector.keys(snapshot);
    }
  }

  private int files() {
    return positions.size() - 1;
  }
}
