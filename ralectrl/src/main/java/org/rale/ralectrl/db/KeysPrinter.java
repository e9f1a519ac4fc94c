package org.rale.ralectrl.db;

import java.io.IOException;
import org.rale.bytes.Bytes;
import org.rale.clusterdb.Survey;
import org.rale.command.JsonLine;
import org.rale.dstore.Item;
import org.rale.ralectrl.output.Output;
import org.rale.ralectrl.output.Quoted;

/**
 * A line for each key.
 *
 * @param values whether the value stands in it, too
 */
record KeysPrinter(Output output, boolean values) {
  private static final String COLUMNS = "%12s %10s  %-8s  %s";

  /**
   * Prints the table of a sound file.
   *
   * @param snapshot whether the log was left out
   */
  void print(Survey survey, boolean snapshot) throws IOException {
    Survey.Held held = survey.held();
    if (held == null) {
      throw new IllegalStateException("a sound file without a snapshot");
    }
    Lines lines = new Lines(output);
    if (!output.isJson()) {
      lines.add(COLUMNS.formatted("REVISION", "VERSION", "SOURCE", values ? "KEY = VALUE" : "KEY"));
    }
    for (Bytes key : held.table().keys(Bytes.EMPTY, Integer.MAX_VALUE)) {
      Item item = held.table().get(key);
      if (item == null) {
        throw new IllegalStateException("a key in the order of keys that is not in the table");
      }
      String source = item.revision() > held.snapshot().index() ? "log" : "snapshot";
      lines.add(output.isJson() ? json(key, item, source) : text(key, item, source));
    }
    lines.flush();
    if (!snapshot && held.committed() < held.lastIndex()) {
      output.note(uncommitted(held));
    }
  }

  private String text(Bytes key, Item item, String source) {
    String shown = Quoted.of(key) + (values ? " = " + Quoted.of(item.value()) : "");
    return COLUMNS.formatted(item.revision(), item.version(), source, shown);
  }

  private String json(Bytes key, Item item, String source) {
    JsonLine line =
        new JsonLine(128)
            .open('{')
            .field("key", key)
            .field("revision", item.revision())
            .field("created_revision", item.createdRevision())
            .field("version", item.version())
            .field("source", source);
    if (values) {
      line.field("value", item.value());
    }
    return Failures.text(line.close('}'));
  }

  private static String uncommitted(Survey.Held held) {
    return ("the file does not say which of the entries %d to %d are committed: what has a revision"
            + " above %d is theirs, and they may have deleted keys. --snapshot shows the table as"
            + " of index %d")
        .formatted(
            held.committed() + 1, held.lastIndex(), held.committed(), held.snapshot().index());
  }
}
