package org.rale.raled.config;

import java.util.ArrayList;
import java.util.List;
import org.rale.raled.config.Key.Effect;
import org.rale.raled.config.Keys.Section;

/** The table of keys as people read it: conf/raled.conf.sample and docs/CONFIGURATION.md. */
final class KeyDocuments {
  /** What follows this line in docs/CONFIGURATION.md is made of the table. */
  static final String MARK = "<!-- made by DocumentsTest from Keys.java: change it there -->\n";

  private static final int WIDTH = 96;

  private KeyDocuments() {}

  static String sample() {
    StringBuilder text =
        new StringBuilder(
            """
            # Every key of raled with its default; docs/CONFIGURATION.md tells more. What is commented
            # out is in force as it stands. Relative paths are relative to the directory in which raled
            # is started. RALE_<KEY> in the environment is over this file, and ${NAME:default} is put in
            # from the environment.
            """);
    for (Section section : Keys.SECTIONS) {
      text.append("\n# ---- ").append(section.title()).append(" ----\n");
      for (Key<?> key : section.keys()) {
        text.append('\n');
        wrap(String.join(" ", notes(key))).forEach(l -> text.append("# ").append(l).append('\n'));
        String value = key.isDerived() ? "" : key.defaultText();
        text.append(("#" + key.name() + " = " + value).stripTrailing()).append('\n');
      }
    }
    return text.toString();
  }

  private static List<String> notes(Key<?> key) {
    List<String> notes = new ArrayList<>(List.of(key.help()));
    notes.add("Range: " + key.kind().range() + ".");
    if (key.isDerived()) {
      notes.add("Default: " + key.defaultText() + ".");
    }
    if (key.isReloadable()) {
      notes.add("Reloadable.");
    }
    if (!key.aliases().isEmpty()) {
      notes.add("Alias: " + String.join(", ", key.aliases()) + ".");
    }
    return notes;
  }

  static String tables() {
    StringBuilder text = new StringBuilder();
    for (Section section : Keys.SECTIONS) {
      text.append("\n### ").append(section.title()).append("\n\n");
      text.append("| key | default | range | reloadable | meaning |\n|---|---|---|---|---|\n");
      for (Key<?> key : section.keys()) {
        text.append("| ").append(names(key)).append(" | ");
        text.append(key.defaultText().isEmpty() ? "" : "`" + key.defaultText() + "`");
        text.append(" | ").append(key.kind().range()).append(" | ");
        text.append(key.isReloadable() ? "yes" : "no").append(" | ");
        text.append(meaning(key)).append(" |\n");
      }
    }
    return text.toString().replace("|  |", "| |");
  }

  private static String names(Key<?> key) {
    String aliases =
        key.aliases().isEmpty() ? "" : " (`" + String.join("`, `", key.aliases()) + "`)";
    return "`" + key.name() + "`" + aliases;
  }

  private static String meaning(Key<?> key) {
    if (key.effect() == Effect.MISSING_PROTECTION) {
      return key.help() + " `true` is refused.";
    }
    return key.help().replace("<", "&lt;");
  }

  private static List<String> wrap(String text) {
    List<String> lines = new ArrayList<>();
    StringBuilder line = new StringBuilder();
    for (String word : text.split(" ")) {
      if (line.length() + word.length() > WIDTH) {
        lines.add(line.toString());
        line.setLength(0);
      }
      line.append(line.isEmpty() ? "" : " ").append(word);
    }
    lines.add(line.toString());
    return lines;
  }
}
