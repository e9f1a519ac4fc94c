package org.rale.raled.config;

import java.util.Locale;
import java.util.Optional;

/** Finds what a mistyped name was probably meant to be. */
final class ClosestName {
  /** A name of nobody's; longer ones cost time and are no slip of the finger. */
  private static final int MAX_CHARS = 64;

  private ClosestName() {}

  /** The candidate with the fewest edits, if those are at most a third of the name. */
  static Optional<String> find(String name, Iterable<String> candidates) {
    if (name.length() > MAX_CHARS) {
      return Optional.empty();
    }
    String lower = name.toLowerCase(Locale.ROOT).replace('-', '_').replace('.', '_');
    int fewest = Math.max(1, lower.length() / 3) + 1;
    Optional<String> closest = Optional.empty();
    for (String candidate : candidates) {
      int edits = distance(lower, candidate);
      boolean first = closest.isEmpty() || candidate.compareTo(closest.get()) < 0;
      if (edits < fewest || (edits == fewest && closest.isPresent() && first)) {
        fewest = edits;
        closest = Optional.of(candidate);
      }
    }
    return closest;
  }

  /** Insertions, deletions, replacements and swaps of neighbours that make one of the other. */
  static int distance(String one, String other) {
    int[][] edits = new int[one.length() + 1][other.length() + 1];
    for (int i = 0; i <= one.length(); i++) {
      for (int j = 0; j <= other.length(); j++) {
        edits[i][j] = i == 0 || j == 0 ? i + j : cheapest(edits, one, i, other, j);
      }
    }
    return edits[one.length()][other.length()];
  }

  private static int cheapest(int[][] edits, String one, int i, String other, int j) {
    int replaced = edits[i - 1][j - 1] + (one.charAt(i - 1) == other.charAt(j - 1) ? 0 : 1);
    int best = Math.min(replaced, Math.min(edits[i - 1][j], edits[i][j - 1]) + 1);
    boolean swapped =
        i > 1
            && j > 1
            && one.charAt(i - 1) == other.charAt(j - 2)
            && one.charAt(i - 2) == other.charAt(j - 1);
    return swapped ? Math.min(best, edits[i - 2][j - 2] + 1) : best;
  }
}
