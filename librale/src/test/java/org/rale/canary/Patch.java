package org.rale.canary;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A change of sources, in the form in which git writes and applies it. The line numbers in it are
 * not believed: what a hunk takes out must stand in the source exactly once, wherever that is. So a
 * patch survives changes around it, and fails when its own place changes.
 */
final class Patch {
  private static final String OLD_FILE = "--- a/";
  private static final String NEW_FILE = "+++ b/";

  /** Whole lines. */
  private record Hunk(String before, String after) {}

  private final String name;
  private final Map<String, List<Hunk>> byFile = new LinkedHashMap<>();

  /**
   * @param text what stands before the first file is left alone
   */
  Patch(String name, String text) {
    this.name = name;
    List<String> lines = text.lines().toList();
    String file = null;
    for (int i = 0; i < lines.size(); i++) {
      String line = lines.get(i);
      if (line.startsWith(NEW_FILE)) {
        file = line.substring(NEW_FILE.length());
      } else if (line.startsWith("@@ ") && file != null) {
        byFile
            .computeIfAbsent(file, first -> new ArrayList<>())
            .add(hunk(lines.subList(i + 1, lines.size())));
      }
    }
    if (byFile.isEmpty()) {
      throw new IllegalArgumentException(name + " changes nothing");
    }
  }

  /** What the lines hold up to the next hunk or file. */
  private static Hunk hunk(List<String> lines) {
    StringBuilder before = new StringBuilder();
    StringBuilder after = new StringBuilder();
    for (String line : lines) {
      char kind = line.isEmpty() ? '.' : line.charAt(0);
      if (line.startsWith(OLD_FILE) || " -+".indexOf(kind) < 0) {
        break;
      }
      if (kind != '+') {
        before.append(line, 1, line.length()).append('\n');
      }
      if (kind != '-') {
        after.append(line, 1, line.length()).append('\n');
      }
    }
    return new Hunk(before.toString(), after.toString());
  }

  /** The files it changes, from the root of the repository. */
  Iterable<String> files() {
    return byFile.keySet();
  }

  /** The file as it is with the patch. */
  String applyTo(String file, String source) {
    String patched = source;
    for (Hunk hunk : byFile.getOrDefault(file, List.of())) {
      patched = replace(file, patched, hunk);
    }
    return patched;
  }

  private String replace(String file, String source, Hunk hunk) {
    // A line begins behind a line end, the first one too.
    String lines = "\n" + source;
    String wanted = "\n" + hunk.before();
    int at = lines.indexOf(wanted);
    if (at < 0 || lines.indexOf(wanted, at + 1) >= 0) {
      throw new IllegalStateException(
          "the canary "
              + name
              + " is out of date: what it replaces stands "
              + (at < 0 ? "nowhere" : "more than once")
              + " in "
              + file
              + ". Make the patch anew:\n"
              + hunk.before());
    }
    return source.substring(0, at) + hunk.after() + source.substring(at + hunk.before().length());
  }
}
